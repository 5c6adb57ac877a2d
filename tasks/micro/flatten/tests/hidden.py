"""Hidden tests of flatten: cases written by hand, then generated ones."""

from judge import REWARD, judge


def reference(lists):
    return sum(lists, [])


KNOWN = [
    (([[1, 2], [3]],), [1, 2, 3]),
    (([],), []),
    (([[], [1], []],), [1]),
    (([[1, [2, 3]], [4]],), [1, [2, 3], 4]),
    (([['ab'], ['c']],), ['ab', 'c']),
]
GENERATED = [([list(range(i)) for i in range(n)],) for n in range(7)]

judge("flatten", reference, KNOWN, GENERATED)
REWARD.write_text("1")
