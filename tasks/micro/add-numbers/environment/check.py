"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import add

got = add(2, 3)
assert got == 5, f"add(2, 3) returned {got!r}, expected 5"

got = add(-1, 1)
assert got == 0, f"add(-1, 1) returned {got!r}, expected 0"

print("check passed")
