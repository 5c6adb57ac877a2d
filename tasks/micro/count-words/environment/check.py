"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import count_words

got = count_words("the red car")
assert got == 3, f"count_words('the red car') returned {got!r}, expected 3"

got = count_words("one")
assert got == 1, f"count_words('one') returned {got!r}, expected 1"

print("check passed")
