"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import remove_duplicates

got = remove_duplicates([3, 1, 3, 2, 1])
assert got == [3, 1, 2], f"remove_duplicates([3, 1, 3, 2, 1]) returned {got!r}, expected [3, 1, 2]"

got = remove_duplicates([])
assert got == [], f"remove_duplicates([]) returned {got!r}, expected []"

print("check passed")
