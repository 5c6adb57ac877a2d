"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import first_and_last

got = first_and_last([1, 2, 3])
assert got == [1, 3], f"first_and_last([1, 2, 3]) returned {got!r}, expected [1, 3]"

got = first_and_last([5])
assert got == [5, 5], f"first_and_last([5]) returned {got!r}, expected [5, 5]"

print("check passed")
