"""Hidden tests of absolute_value: cases written by hand, then generated ones."""

from function import judge


def reference(n):
    return abs(n)


KNOWN = [
    ((-5,), 5),
    ((5,), 5),
    ((0,), 0),
    ((-0.5,), 0.5),
    ((-1000,), 1000),
]
GENERATED = [(n,) for n in range(-15, 16)]

judge("absolute_value", reference, KNOWN, GENERATED)
