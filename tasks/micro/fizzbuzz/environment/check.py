"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import fizzbuzz

got = fizzbuzz(9)
assert got == "Fizz", f"fizzbuzz(9) returned {got!r}, expected 'Fizz'"

got = fizzbuzz(15)
assert got == "FizzBuzz", f"fizzbuzz(15) returned {got!r}, expected 'FizzBuzz'"

got = fizzbuzz(7)
assert got == "7", f"fizzbuzz(7) returned {got!r}, expected '7'"

print("check passed")
