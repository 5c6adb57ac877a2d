"""Hidden tests of is_even: cases written by hand, then generated ones."""

from function import judge


def reference(n):
    return n % 2 == 0


KNOWN = [
    ((4,), True),
    ((7,), False),
    ((0,), True),
    ((-3,), False),
    ((-8,), True),
]
GENERATED = [(n,) for n in range(-20, 21)]

judge("is_even", reference, KNOWN, GENERATED)
