"""Numbers of one meter's rows; each function takes any iterable of rows."""

LONG = 3


def count(rows):
    return sum(1 for _ in rows)


def mean(rows):
    """The mean value; None without rows."""
    total, number = 0.0, 0
    for row in rows:
        total += row.value
        number += 1
    return total / number if number else None


def peak(rows):
    """The row with the largest value, the first of equal ones; None without rows."""
    return max(rows, key=lambda row: row.value, default=None)


def alarms(rows, limit):
    """How many times values were above the limit for `LONG` rows or more."""
    found = above = 0
    for row in rows:
        above = above + 1 if row.value > limit else 0
        found += above == LONG
    return found
