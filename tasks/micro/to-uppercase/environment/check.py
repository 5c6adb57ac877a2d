"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import to_uppercase

got = to_uppercase("hello")
assert got == "HELLO", f"to_uppercase('hello') returned {got!r}, expected 'HELLO'"

got = to_uppercase("Hi 5")
assert got == "HI 5", f"to_uppercase('Hi 5') returned {got!r}, expected 'HI 5'"

print("check passed")
