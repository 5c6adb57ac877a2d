"""Hidden tests of double_list: cases written by hand, then generated ones."""

from function import judge


def reference(numbers):
    return [number + number for number in numbers]


KNOWN = [
    (([1, 2, 3],), [2, 4, 6]),
    (([],), []),
    (([0, -5],), [0, -10]),
    (([0.5],), [1.0]),
]
GENERATED = [(list(range(-n, n)),) for n in range(8)]

judge("double_list", reference, KNOWN, GENERATED)
