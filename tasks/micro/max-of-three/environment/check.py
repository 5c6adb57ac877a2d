"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import max_of_three

got = max_of_three(3, 9, 5)
assert got == 9, f"max_of_three(3, 9, 5) returned {got!r}, expected 9"

got = max_of_three(1, 2, 3)
assert got == 3, f"max_of_three(1, 2, 3) returned {got!r}, expected 3"

print("check passed")
