"""Hidden tests of gcd: cases written by hand, then generated ones."""

from function import judge


def reference(a, b):
    return a if b == 0 else reference(b, a % b)


KNOWN = [
    ((12, 18), 6),
    ((5, 0), 5),
    ((0, 7), 7),
    ((7, 13), 1),
    ((100, 10), 10),
    ((0, 0), 0),
]
GENERATED = [(a, b) for a in range(0, 60, 6) for b in range(0, 50, 4)]

judge("gcd", reference, KNOWN, GENERATED)
