"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import spiral_order

got = spiral_order([[1, 2], [3, 4]])
assert got == [1, 2, 4, 3], f"spiral_order([[1, 2], [3, 4]]) returned {got!r}, expected [1, 2, 4, 3]"

got = spiral_order([[1, 2, 3]])
assert got == [1, 2, 3], f"spiral_order([[1, 2, 3]]) returned {got!r}, expected [1, 2, 3]"

print("check passed")
