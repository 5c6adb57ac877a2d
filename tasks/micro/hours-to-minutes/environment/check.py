"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import hours_to_minutes

got = hours_to_minutes(2)
assert got == 120, f"hours_to_minutes(2) returned {got!r}, expected 120"

got = hours_to_minutes(0)
assert got == 0, f"hours_to_minutes(0) returned {got!r}, expected 0"

print("check passed")
