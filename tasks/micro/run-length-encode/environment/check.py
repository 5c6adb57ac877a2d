"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import run_length_encode

got = run_length_encode("aaabcc")
assert got == "a3b1c2", f"run_length_encode('aaabcc') returned {got!r}, expected 'a3b1c2'"

got = run_length_encode("abab")
assert got == "a1b1a1b1", f"run_length_encode('abab') returned {got!r}, expected 'a1b1a1b1'"

print("check passed")
