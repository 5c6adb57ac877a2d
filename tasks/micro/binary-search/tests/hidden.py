"""Hidden tests of binary_search: cases written by hand, then generated ones."""

from function import judge


def reference(numbers, target):
    return numbers.index(target) if target in numbers else -1


KNOWN = [
    (([1, 3, 5, 7], 5), 2),
    (([], 1), -1),
    (([4], 4), 0),
    (([4], 5), -1),
    (([1, 3, 5, 7], 1), 0),
    (([1, 3, 5, 7], 7), 3),
    (([1, 3, 5, 7], 4), -1),
    (([-9, -2, 0], -2), 1),
]
GENERATED = [(list(range(0, 2 * n, 2)), target) for n in range(8) for target in range(-1, 2 * n + 1)]

judge("binary_search", reference, KNOWN, GENERATED)
