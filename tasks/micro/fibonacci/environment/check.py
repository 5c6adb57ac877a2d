"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import fibonacci

got = fibonacci(7)
assert got == 13, f"fibonacci(7) returned {got!r}, expected 13"

got = fibonacci(0)
assert got == 0, f"fibonacci(0) returned {got!r}, expected 0"

print("check passed")
