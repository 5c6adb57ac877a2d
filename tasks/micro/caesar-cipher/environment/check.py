"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import caesar_cipher

got = caesar_cipher("abc xyZ", 2)
assert got == "cde zaB", f"caesar_cipher('abc xyZ', 2) returned {got!r}, expected 'cde zaB'"

got = caesar_cipher("abc", -1)
assert got == "zab", f"caesar_cipher('abc', -1) returned {got!r}, expected 'zab'"

print("check passed")
