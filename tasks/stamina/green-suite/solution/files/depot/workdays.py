"""Working days: Monday to Friday without the holidays."""

from datetime import time, timedelta

CUT_OFF = time(16, 0)
DAYS = {1: 1, 2: 2, 3: 4}
"""How many working days a parcel is under way, by zone."""


def is_workday(day, holidays=()):
    return day.weekday() < 5 and day not in holidays


def next_workday(day, holidays=()):
    """The first working day after a day."""
    day += timedelta(days=1)
    while not is_workday(day, holidays):
        day += timedelta(days=1)
    return day


def add_workdays(day, count, holidays=()):
    """The working day that is ``count`` working days after a day; holidays do not count. With 0 the day itself."""
    for _ in range(count):
        day = next_workday(day, holidays)
    return day


def start_day(accepted, holidays=()):
    """The working day from which a parcel counts as under way.

    The day on which it was accepted, if that is a working day and it came by 16:00 (16:00 itself is in time); else
    the next working day.
    """
    day = accepted.date()
    if is_workday(day, holidays) and accepted.time() <= CUT_OFF:
        return day
    return next_workday(day, holidays)


def delivery_day(accepted, zone, holidays=()):
    """When a parcel that was accepted at a time reaches its zone."""
    return add_workdays(start_day(accepted, holidays), DAYS[zone], holidays)
