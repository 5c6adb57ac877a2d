"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import is_leap_year

got = is_leap_year(2024)
assert got is True, f"is_leap_year(2024) returned {got!r}, expected True"

got = is_leap_year(1900)
assert got is False, f"is_leap_year(1900) returned {got!r}, expected False"

print("check passed")
