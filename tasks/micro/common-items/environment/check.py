"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import common_items

got = common_items([1, 2, 3, 4], [4, 2, 9])
assert got == [2, 4], f"common_items([1, 2, 3, 4], [4, 2, 9]) returned {got!r}, expected [2, 4]"

got = common_items([5, 1, 5], [5])
assert got == [5], f"common_items([5, 1, 5], [5]) returned {got!r}, expected [5]"

print("check passed")
