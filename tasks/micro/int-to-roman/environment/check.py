"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import int_to_roman

got = int_to_roman(1994)
assert got == "MCMXCIV", f"int_to_roman(1994) returned {got!r}, expected 'MCMXCIV'"

got = int_to_roman(4)
assert got == "IV", f"int_to_roman(4) returned {got!r}, expected 'IV'"

got = int_to_roman(58)
assert got == "LVIII", f"int_to_roman(58) returned {got!r}, expected 'LVIII'"

print("check passed")
