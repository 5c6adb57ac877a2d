"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import second_largest

got = second_largest([4, 9, 7, 9])
assert got == 7, f"second_largest([4, 9, 7, 9]) returned {got!r}, expected 7"

got = second_largest([5, 5, 5])
assert got is None, f"second_largest([5, 5, 5]) returned {got!r}, expected None"

print("check passed")
