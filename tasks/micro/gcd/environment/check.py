"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import gcd

got = gcd(12, 18)
assert got == 6, f"gcd(12, 18) returned {got!r}, expected 6"

got = gcd(5, 0)
assert got == 5, f"gcd(5, 0) returned {got!r}, expected 5"

print("check passed")
