"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import rectangle_area

got = rectangle_area(3, 4)
assert got == 12, f"rectangle_area(3, 4) returned {got!r}, expected 12"

got = rectangle_area(5, 5)
assert got == 25, f"rectangle_area(5, 5) returned {got!r}, expected 25"

print("check passed")
