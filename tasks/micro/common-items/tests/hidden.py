"""Hidden tests of common_items: cases written by hand, then generated ones."""

from judge import REWARD, judge


def reference(a, b):
    return [item for item in dict.fromkeys(a) if item in b]


KNOWN = [
    (([1, 2, 3, 4], [4, 2, 9]), [2, 4]),
    (([], [1]), []),
    (([1], []), []),
    (([5, 1, 5], [1, 5, 5]), [5, 1]),
    ((['x', 'y'], ['y']), ['y']),
]
GENERATED = [([i * 7 % n for i in range(n + 3)], list(range(0, n, 2))) for n in range(1, 14)]

judge("common_items", reference, KNOWN, GENERATED)
REWARD.write_text("1")
