"""Between the island's clock, as people write it, and instants in UTC."""

from datetime import datetime, timedelta, timezone

FORM = "%Y-%m-%d %H:%M"
OFFSET = timedelta(hours=1)


def parse(text):
    """The instant of a time of the island's clock, such as "2024-02-03 07:45"."""
    return datetime.strptime(text, FORM).replace(tzinfo=timezone.utc) - OFFSET


def show(moment):
    """An instant as the island's clock shows it; `parse` reads it again."""
    return (moment + OFFSET).strftime(FORM)


def instant(text):
    """The instant that a text in UTC means, such as "2024-02-03T06:45Z"."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=timezone.utc)
