"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import average

got = average([1, 2, 3, 6])
assert got == 3.0, f"average([1, 2, 3, 6]) returned {got!r}, expected 3.0"

got = average([])
assert got == 0.0, f"average([]) returned {got!r}, expected 0.0"

print("check passed")
