"""Hidden tests of filter_evens: cases written by hand, then generated ones."""

from function import judge


def reference(numbers):
    return list(filter(lambda number: number % 2 == 0, numbers))


KNOWN = [
    (([1, 2, 3, 4],), [2, 4]),
    (([],), []),
    (([1, 3],), []),
    (([0, -2, -3, 8, 8],), [0, -2, 8, 8]),
    (([6, 2, 4],), [6, 2, 4]),
]
GENERATED = [(list(range(n, -n, -3)),) for n in range(10)]

judge("filter_evens", reference, KNOWN, GENERATED)
