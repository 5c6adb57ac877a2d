"""Hidden tests of average: cases written by hand, then generated ones."""

from function import judge


def reference(numbers):
    return float(sum(numbers) / len(numbers)) if numbers else 0.0


KNOWN = [
    (([1, 2, 3, 6],), 3.0),
    (([],), 0.0),
    (([5],), 5.0),
    (([1, 2],), 1.5),
    (([-1, 1],), 0.0),
]
GENERATED = [(list(range(n)),) for n in range(12)]

judge("average", reference, KNOWN, GENERATED)
