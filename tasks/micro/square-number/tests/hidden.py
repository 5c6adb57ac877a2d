"""Hidden tests of square: cases written by hand, then generated ones."""

from function import judge


def reference(n):
    return n**2


KNOWN = [
    ((5,), 25),
    ((0,), 0),
    ((-3,), 9),
    ((1,), 1),
    ((1.5,), 2.25),
]
GENERATED = [(n,) for n in range(-12, 13)]

judge("square", reference, KNOWN, GENERATED)
