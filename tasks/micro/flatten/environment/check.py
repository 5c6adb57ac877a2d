"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import flatten

got = flatten([[1, 2], [3]])
assert got == [1, 2, 3], f"flatten([[1, 2], [3]]) returned {got!r}, expected [1, 2, 3]"

got = flatten([])
assert got == [], f"flatten([]) returned {got!r}, expected []"

print("check passed")
