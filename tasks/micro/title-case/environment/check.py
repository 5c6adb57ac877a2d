"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import title_case

got = title_case("the rED car")
assert got == "The Red Car", f"title_case('the rED car') returned {got!r}, expected 'The Red Car'"

got = title_case("hello")
assert got == "Hello", f"title_case('hello') returned {got!r}, expected 'Hello'"

print("check passed")
