"""Hidden tests of is_leap_year: cases written by hand, then generated ones."""

from function import judge


def reference(year):
    return year % 400 == 0 or (year % 4 == 0 and year % 100 != 0)


KNOWN = [
    ((2024,), True),
    ((2023,), False),
    ((1900,), False),
    ((2000,), True),
    ((2100,), False),
    ((1600,), True),
]
GENERATED = [(year,) for year in range(1800, 2420, 4)]

judge("is_leap_year", reference, KNOWN, GENERATED)
