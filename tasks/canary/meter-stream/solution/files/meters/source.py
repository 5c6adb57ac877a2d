"""Rows from lines."""

from itertools import groupby
from typing import NamedTuple

skipped = 0


class Row(NamedTuple):
    meter: str
    minute: int
    value: float


def rows(lines):
    """The rows of lines of text; those of another shape are counted in `skipped`."""
    global skipped
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        try:
            meter, minute, value = line.split()
            yield Row(meter, int(minute), float(value))
        except ValueError:
            skipped += 1


def single(found):
    """Rows without those that a logger has sent twice."""
    before = None
    for row in found:
        if row != before:
            yield row
        before = row


def by_meter(found):
    """(meter, its rows), for rows that are grouped by meter."""
    return groupby(found, key=lambda row: row.meter)
