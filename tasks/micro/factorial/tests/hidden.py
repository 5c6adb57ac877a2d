"""Hidden tests of factorial: cases written by hand, then generated ones."""

from function import judge


def reference(n):
    return 1 if n == 0 else n * reference(n - 1)


KNOWN = [
    ((5,), 120),
    ((0,), 1),
    ((1,), 1),
    ((3,), 6),
    ((10,), 3628800),
    ((20,), 2432902008176640000),
]
GENERATED = [(n,) for n in range(30)]

judge("factorial", reference, KNOWN, GENERATED)
