"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import factorial

got = factorial(5)
assert got == 120, f"factorial(5) returned {got!r}, expected 120"

got = factorial(0)
assert got == 1, f"factorial(0) returned {got!r}, expected 1"

print("check passed")
