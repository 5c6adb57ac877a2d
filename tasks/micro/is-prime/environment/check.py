"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import is_prime

got = is_prime(7)
assert got is True, f"is_prime(7) returned {got!r}, expected True"

got = is_prime(9)
assert got is False, f"is_prime(9) returned {got!r}, expected False"

print("check passed")
