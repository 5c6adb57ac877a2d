"""Hidden tests of remove_duplicates: cases written by hand, then generated ones."""

from function import judge


def reference(items):
    return list(dict.fromkeys(items))


KNOWN = [
    (([3, 1, 3, 2, 1],), [3, 1, 2]),
    (([],), []),
    ((["b", "a", "b"],), ["b", "a"]),
    (([5, 5, 5],), [5]),
    (([9, 1, 8, 1, 9],), [9, 1, 8]),
]
GENERATED = [([i * i % n for i in range(2 * n)],) for n in range(1, 12)]

judge("remove_duplicates", reference, KNOWN, GENERATED)
