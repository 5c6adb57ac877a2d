"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import square

got = square(5)
assert got == 25, f"square(5) returned {got!r}, expected 25"

got = square(-3)
assert got == 9, f"square(-3) returned {got!r}, expected 9"

print("check passed")
