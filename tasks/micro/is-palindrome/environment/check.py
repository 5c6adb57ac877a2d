"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import is_palindrome

got = is_palindrome("level")
assert got is True, f"is_palindrome('level') returned {got!r}, expected True"

got = is_palindrome("python")
assert got is False, f"is_palindrome('python') returned {got!r}, expected False"

print("check passed")
