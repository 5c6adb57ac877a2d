"""Hidden tests of clamp: cases written by hand, then generated ones."""

from function import judge


def reference(value, low, high):
    return sorted([low, value, high])[1]


KNOWN = [
    ((15, 0, 10), 10),
    ((-3, 0, 10), 0),
    ((5, 0, 10), 5),
    ((10, 0, 10), 10),
    ((7, 7, 7), 7),
    ((-8, -6, -2), -6),
    ((0.5, 0, 1), 0.5),
]
GENERATED = [(value, low, low + width) for value in range(-6, 7) for low in (-4, 0, 3) for width in (0, 2)]

judge("clamp", reference, KNOWN, GENERATED)
