"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import merge_intervals

got = merge_intervals([[1, 3], [2, 6], [8, 9]])
assert got == [[1, 6], [8, 9]], (
    f"merge_intervals([[1, 3], [2, 6], [8, 9]]) returned {got!r}, expected [[1, 6], [8, 9]]"
)

got = merge_intervals([[1, 4], [4, 5]])
assert got == [[1, 5]], f"merge_intervals([[1, 4], [4, 5]]) returned {got!r}, expected [[1, 5]]"

print("check passed")
