"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import are_anagrams

got = are_anagrams("Listen", "Silent")
assert got is True, f"are_anagrams('Listen', 'Silent') returned {got!r}, expected True"

got = are_anagrams("aab", "abb")
assert got is False, f"are_anagrams('aab', 'abb') returned {got!r}, expected False"

print("check passed")
