"""Hidden tests of sum_list: cases written by hand, then generated ones."""

from function import judge


def reference(numbers):
    total = 0
    for number in numbers:
        total += number
    return total


KNOWN = [
    (([1, 2, 3],), 6),
    (([],), 0),
    (([-5],), -5),
    (([4, -4, 10],), 10),
    (([0.5, 0.25],), 0.75),
]
GENERATED = [(list(range(-n, 2 * n)),) for n in range(10)]

judge("sum_list", reference, KNOWN, GENERATED)
