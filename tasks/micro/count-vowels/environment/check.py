"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import count_vowels

got = count_vowels("Apple")
assert got == 2, f"count_vowels('Apple') returned {got!r}, expected 2"

got = count_vowels("sky")
assert got == 0, f"count_vowels('sky') returned {got!r}, expected 0"

print("check passed")
