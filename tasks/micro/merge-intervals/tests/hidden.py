"""Hidden tests of merge_intervals: cases written by hand, then generated ones."""

from function import judge


def reference(intervals):
    covered = sorted(intervals)
    result = [list(covered[0])] if covered else []
    for start, end in covered[1:]:
        last = result[-1]
        if start > last[1]:
            result.append([start, end])
        elif end > last[1]:
            last[1] = end
    return result


KNOWN = [
    (([[1, 3], [2, 6], [8, 9]],), [[1, 6], [8, 9]]),
    (([],), []),
    (([[1, 4], [4, 5]],), [[1, 5]]),
    (([[1, 10], [2, 3]],), [[1, 10]]),
    (([[6, 8], [1, 2]],), [[1, 2], [6, 8]]),
    (([[1, 2], [3, 4]],), [[1, 2], [3, 4]]),
    (([[5, 5]],), [[5, 5]]),
]
GENERATED = [([[i * 7 % 23, i * 7 % 23 + i % 4] for i in range(n)],) for n in range(1, 14)]

judge("merge_intervals", reference, KNOWN, GENERATED)
