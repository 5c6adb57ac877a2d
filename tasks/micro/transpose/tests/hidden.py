"""Hidden tests of transpose: cases written by hand, then generated ones."""

from function import judge


def reference(matrix):
    return [[row[i] for row in matrix] for i in range(len(matrix[0]))] if matrix else []


KNOWN = [
    (([[1, 2, 3], [4, 5, 6]],), [[1, 4], [2, 5], [3, 6]]),
    (([],), []),
    (([[1]],), [[1]]),
    (([[1, 2]],), [[1], [2]]),
    (([[1], [2]],), [[1, 2]]),
]
GENERATED = [
    ([[10 * r + c for c in range(width)] for r in range(height)],)
    for height in range(1, 5)
    for width in range(1, 5)
]

judge("transpose", reference, KNOWN, GENERATED)
