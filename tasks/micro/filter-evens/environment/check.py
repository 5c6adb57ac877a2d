"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import filter_evens

got = filter_evens([1, 2, 3, 4])
assert got == [2, 4], f"filter_evens([1, 2, 3, 4]) returned {got!r}, expected [2, 4]"

got = filter_evens([1, 3])
assert got == [], f"filter_evens([1, 3]) returned {got!r}, expected []"

print("check passed")
