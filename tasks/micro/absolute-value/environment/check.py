"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import absolute_value

got = absolute_value(-5)
assert got == 5, f"absolute_value(-5) returned {got!r}, expected 5"

got = absolute_value(3)
assert got == 3, f"absolute_value(3) returned {got!r}, expected 3"

print("check passed")
