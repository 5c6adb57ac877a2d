"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import binary_search

got = binary_search([1, 3, 5, 7], 5)
assert got == 2, f"binary_search([1, 3, 5, 7], 5) returned {got!r}, expected 2"

got = binary_search([1, 3, 5, 7], 4)
assert got == -1, f"binary_search([1, 3, 5, 7], 4) returned {got!r}, expected -1"

print("check passed")
