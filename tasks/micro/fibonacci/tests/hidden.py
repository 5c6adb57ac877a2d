"""Hidden tests of fibonacci: cases written by hand, then generated ones."""

from function import judge


def reference(n):
    numbers = [0, 1]
    while len(numbers) <= n:
        numbers.append(numbers[-1] + numbers[-2])
    return numbers[n]


KNOWN = [
    ((7,), 13),
    ((0,), 0),
    ((1,), 1),
    ((2,), 1),
    ((10,), 55),
    ((90,), 2880067194370816120),
]
GENERATED = [(n,) for n in (3, 4, 5, 6, 20, 35, 100, 200)]

judge("fibonacci", reference, KNOWN, GENERATED)
