"""Time stamps of the terminals."""

from datetime import datetime


def parse_stamp(text):
    """A stamp such as 2026-03-02T08:00+01:00."""
    return datetime.strptime(text.strip(), "%Y-%m-%dT%H:%M%z")
