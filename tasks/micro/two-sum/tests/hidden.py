"""Hidden tests of two_sum: cases written by hand, then generated ones."""

from function import judge


def reference(numbers, target):
    pairs = [[i, j] for j in range(len(numbers)) for i in range(j) if numbers[i] + numbers[j] == target]
    return pairs[0] if pairs else []


KNOWN = [
    (([2, 7, 11, 15], 9), [0, 1]),
    (([3, 2, 4], 6), [1, 2]),
    (([3, 3], 6), [0, 1]),
    (([3], 6), []),
    (([], 0), []),
    (([1, 2, 5], 10), []),
    (([-4, 1, 9], 5), [0, 2]),
]
GENERATED = [([2**i for i in range(n)], 2**i + 2**j) for n in range(2, 7) for j in range(n) for i in range(j)]

judge("two_sum", reference, KNOWN, GENERATED)
