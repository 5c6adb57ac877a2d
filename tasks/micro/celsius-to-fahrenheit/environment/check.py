"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import celsius_to_fahrenheit

got = celsius_to_fahrenheit(100)
assert got == 212.0, f"celsius_to_fahrenheit(100) returned {got!r}, expected 212.0"

got = celsius_to_fahrenheit(0)
assert got == 32.0, f"celsius_to_fahrenheit(0) returned {got!r}, expected 32.0"

print("check passed")
