"""Hidden tests of sum_of_digits: cases written by hand, then generated ones."""

from function import judge


def reference(n):
    n = abs(n)
    total = 0
    while n:
        n, digit = divmod(n, 10)
        total += digit
    return total


KNOWN = [
    ((123,), 6),
    ((0,), 0),
    ((-45,), 9),
    ((1000,), 1),
    ((99999,), 45),
]
GENERATED = [(n,) for n in range(-300, 300, 17)]

judge("sum_of_digits", reference, KNOWN, GENERATED)
