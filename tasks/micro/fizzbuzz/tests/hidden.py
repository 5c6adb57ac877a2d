"""Hidden tests of fizzbuzz: cases written by hand, then generated ones."""

from function import judge


def reference(n):
    return "Fizz" * (n % 3 == 0) + "Buzz" * (n % 5 == 0) or str(n)


KNOWN = [
    ((9,), "Fizz"),
    ((7,), "7"),
    ((10,), "Buzz"),
    ((15,), "FizzBuzz"),
    ((1,), "1"),
    ((30,), "FizzBuzz"),
]
GENERATED = [(n,) for n in range(1, 61)]

judge("fizzbuzz", reference, KNOWN, GENERATED)
