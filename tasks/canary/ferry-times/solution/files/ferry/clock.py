"""Between the island's clock, as people write it, and instants in UTC."""

import re
from datetime import datetime, timedelta, timezone

FORM = "%Y-%m-%d %H:%M"
SHAPE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
WINTER, SUMMER = timedelta(hours=1), timedelta(hours=2)


def parse(text):
    """The instant of a time of the island's clock, such as "2024-02-03 07:45" or "2024-10-27 02:30b"."""
    bare, second = (text[:-1], True) if text.endswith("b") else (text, False)
    if not SHAPE.fullmatch(bare):
        raise ValueError(f"not a time: {text}")
    written = datetime.strptime(bare, FORM).replace(tzinfo=timezone.utc)
    # Of two candidates the summer one is the earlier.
    meant = [written - offset for offset in (SUMMER, WINTER) if offset_at(written - offset) == offset]
    if not meant:
        raise ValueError(f"the clock never shows {text}")
    if second and len(meant) == 1:
        raise ValueError(f"this time comes only once: {text}")
    return meant[1] if second else meant[0]


def show(moment):
    """An instant as the island's clock shows it; `parse` reads it again."""
    offset = offset_at(moment)
    text = (moment + offset).strftime(FORM)
    return text + "b" if offset == WINTER and offset_at(moment - timedelta(hours=1)) == SUMMER else text


def day(moment):
    """The island's day of an instant."""
    return str((moment + offset_at(moment)).date())


def instant(text):
    """The instant that a text in UTC means, such as "2024-02-03T06:45Z"."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=timezone.utc)


def offset_at(moment):
    """How far the island's clock is ahead of UTC."""
    return SUMMER if change(moment.year, 3) <= moment < change(moment.year, 10) else WINTER


def change(year, month):
    """01:00 UTC on the last Sunday of a month with 31 days."""
    last = datetime(year, month, 31, 1, tzinfo=timezone.utc)
    return last - timedelta(days=(last.weekday() + 1) % 7)
