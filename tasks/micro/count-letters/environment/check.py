"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import count_letters

got = count_letters("abba")
assert got == {"a": 2, "b": 2}, f"count_letters('abba') returned {got!r}, expected {{'a': 2, 'b': 2}}"

got = count_letters("")
assert got == {}, f"count_letters('') returned {got!r}, expected {{}}"

print("check passed")
