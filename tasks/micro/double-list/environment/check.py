"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import double_list

got = double_list([1, 2, 3])
assert got == [2, 4, 6], f"double_list([1, 2, 3]) returned {got!r}, expected [2, 4, 6]"

got = double_list([])
assert got == [], f"double_list([]) returned {got!r}, expected []"

print("check passed")
