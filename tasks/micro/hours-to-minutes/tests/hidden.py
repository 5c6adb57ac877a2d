"""Hidden tests of hours_to_minutes: cases written by hand, then generated ones."""

from judge import REWARD, judge


def reference(hours):
    return 60 * hours


KNOWN = [
    ((2,), 120),
    ((0,), 0),
    ((1,), 60),
    ((24,), 1440),
    ((1.5,), 90.0),
]
GENERATED = [(h,) for h in range(0, 50, 3)]

judge("hours_to_minutes", reference, KNOWN, GENERATED)
REWARD.write_text("1")
