"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import reverse_string

got = reverse_string("hello")
assert got == "olleh", f"reverse_string('hello') returned {got!r}, expected 'olleh'"

got = reverse_string("ab")
assert got == "ba", f"reverse_string('ab') returned {got!r}, expected 'ba'"

print("check passed")
