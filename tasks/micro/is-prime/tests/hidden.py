"""Hidden tests of is_prime: cases written by hand, then generated ones."""

from function import judge


def reference(n):
    return n > 1 and all(n % divisor for divisor in range(2, n))


KNOWN = [
    ((7,), True),
    ((1,), False),
    ((0,), False),
    ((-7,), False),
    ((2,), True),
    ((9,), False),
    ((25,), False),
    ((97,), True),
]
GENERATED = [(n,) for n in range(-5, 130)]

judge("is_prime", reference, KNOWN, GENERATED)
