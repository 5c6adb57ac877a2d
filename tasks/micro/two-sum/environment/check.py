"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import two_sum

got = two_sum([2, 7, 11, 15], 9)
assert got == [0, 1], f"two_sum([2, 7, 11, 15], 9) returned {got!r}, expected [0, 1]"

got = two_sum([3], 6)
assert got == [], f"two_sum([3], 6) returned {got!r}, expected []"

print("check passed")
