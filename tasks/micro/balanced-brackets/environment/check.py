"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import is_balanced

got = is_balanced("(a[b]{c})")
assert got is True, f"is_balanced('(a[b]{{c}})') returned {got!r}, expected True"

got = is_balanced("([)]")
assert got is False, f"is_balanced('([)]') returned {got!r}, expected False"

got = is_balanced("((")
assert got is False, f"is_balanced('((') returned {got!r}, expected False"

print("check passed")
