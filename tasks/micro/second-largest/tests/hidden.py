"""Hidden tests of second_largest: cases written by hand, then generated ones."""

from function import judge


def reference(numbers):
    smaller = [number for number in numbers if number < max(numbers)]
    return max(smaller) if smaller else None


KNOWN = [
    (([4, 9, 7, 9],), 7),
    (([1, 2],), 1),
    (([5, 5, 5],), None),
    (([],), None),
    (([-3, -1, -2],), -2),
    (([0, 0, -1],), -1),
]
GENERATED = [([i * i % (n + 1) - 3 for i in range(n)],) for n in range(12)]

judge("second_largest", reference, KNOWN, GENERATED)
