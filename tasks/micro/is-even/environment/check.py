"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import is_even

got = is_even(4)
assert got is True, f"is_even(4) returned {got!r}, expected True"

got = is_even(7)
assert got is False, f"is_even(7) returned {got!r}, expected False"

print("check passed")
