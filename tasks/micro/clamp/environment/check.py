"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import clamp

got = clamp(15, 0, 10)
assert got == 10, f"clamp(15, 0, 10) returned {got!r}, expected 10"

got = clamp(-3, 0, 10)
assert got == 0, f"clamp(-3, 0, 10) returned {got!r}, expected 0"

print("check passed")
