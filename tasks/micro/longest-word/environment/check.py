"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import longest_word

got = longest_word("I like bananas")
assert got == "bananas", f"longest_word('I like bananas') returned {got!r}, expected 'bananas'"

got = longest_word("one two")
assert got == "one", f"longest_word('one two') returned {got!r}, expected 'one'"

print("check passed")
