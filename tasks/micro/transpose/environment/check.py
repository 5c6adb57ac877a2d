"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import transpose

got = transpose([[1, 2, 3], [4, 5, 6]])
assert got == [[1, 4], [2, 5], [3, 6]], (
    f"transpose([[1, 2, 3], [4, 5, 6]]) returned {got!r}, expected [[1, 4], [2, 5], [3, 6]]"
)

got = transpose([])
assert got == [], f"transpose([]) returned {got!r}, expected []"

print("check passed")
