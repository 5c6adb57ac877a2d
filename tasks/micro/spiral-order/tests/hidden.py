"""Hidden tests of spiral_order: cases written by hand, then generated ones."""

from function import judge


def reference(matrix):
    seen, result = set(), []
    if not matrix:
        return result
    r, c, dr, dc = 0, 0, 0, 1
    for _ in range(len(matrix) * len(matrix[0])):
        result.append(matrix[r][c])
        seen.add((r, c))
        if (r + dr, c + dc) in seen or not (0 <= r + dr < len(matrix) and 0 <= c + dc < len(matrix[0])):
            dr, dc = dc, -dr
        r, c = r + dr, c + dc
    return result


KNOWN = [
    (([[1, 2, 3], [4, 5, 6], [7, 8, 9]],), [1, 2, 3, 6, 9, 8, 7, 4, 5]),
    (([],), []),
    (([[1]],), [1]),
    (([[1, 2, 3]],), [1, 2, 3]),
    (([[1], [2], [3]],), [1, 2, 3]),
    (([[1, 2], [3, 4], [5, 6]],), [1, 2, 4, 6, 5, 3]),
    (([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]],), [1, 2, 3, 4, 8, 12, 11, 10, 9, 5, 6, 7]),
]
GENERATED = [
    ([[10 * r + c for c in range(width)] for r in range(height)],)
    for height in range(1, 6)
    for width in range(1, 6)
]

judge("spiral_order", reference, KNOWN, GENERATED)
