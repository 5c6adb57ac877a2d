"""Hidden tests of max_of_three: cases written by hand, then generated ones."""

from function import judge


def reference(a, b, c):
    return sorted([a, b, c])[-1]


KNOWN = [
    ((3, 9, 5), 9),
    ((1, 2, 3), 3),
    ((7, 7, 2), 7),
    ((-5, -2, -9), -2),
    ((4, 4, 4), 4),
]
GENERATED = [(a, b, c) for a in (-2, 0, 3) for b in (-2, 0, 3) for c in (-2, 0, 3)]

judge("max_of_three", reference, KNOWN, GENERATED)
