"""Hidden tests of add: cases written by hand, then generated ones."""

from function import judge


def reference(a, b):
    return a + b


KNOWN = [
    ((2, 3), 5),
    ((0, 0), 0),
    ((-4, 4), 0),
    ((-7, -8), -15),
    ((1.5, 2.25), 3.75),
]
GENERATED = [(a, b) for a in range(-9, 10, 3) for b in range(-8, 9, 4)]

judge("add", reference, KNOWN, GENERATED)
