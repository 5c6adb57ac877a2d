"""Hidden tests of rectangle_area: cases written by hand, then generated ones."""

from judge import REWARD, judge


def reference(width, height):
    return height * width


KNOWN = [
    ((3, 4), 12),
    ((0, 9), 0),
    ((1, 1), 1),
    ((2.5, 4), 10.0),
]
GENERATED = [(w, h) for w in range(0, 12, 2) for h in range(1, 12, 3)]

judge("rectangle_area", reference, KNOWN, GENERATED)
REWARD.write_text("1")
