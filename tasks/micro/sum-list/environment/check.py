"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import sum_list

got = sum_list([1, 2, 3])
assert got == 6, f"sum_list([1, 2, 3]) returned {got!r}, expected 6"

got = sum_list([])
assert got == 0, f"sum_list([]) returned {got!r}, expected 0"

print("check passed")
