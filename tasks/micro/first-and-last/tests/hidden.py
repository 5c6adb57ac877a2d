"""Hidden tests of first_and_last: cases written by hand, then generated ones."""

from function import judge


def reference(items):
    return [items[0], items[len(items) - 1]]


KNOWN = [
    (([1, 2, 3],), [1, 3]),
    (([5],), [5, 5]),
    ((["a", "b"],), ["a", "b"]),
    (([0, None, 0, 9],), [0, 9]),
]
GENERATED = [(list(range(n, 2 * n)),) for n in range(1, 9)]

judge("first_and_last", reference, KNOWN, GENERATED)
