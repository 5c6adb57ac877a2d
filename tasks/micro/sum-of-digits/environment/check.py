"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import sum_of_digits

got = sum_of_digits(123)
assert got == 6, f"sum_of_digits(123) returned {got!r}, expected 6"

got = sum_of_digits(-45)
assert got == 9, f"sum_of_digits(-45) returned {got!r}, expected 9"

print("check passed")
