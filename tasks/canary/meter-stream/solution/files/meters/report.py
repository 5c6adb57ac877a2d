"""The report: one line a meter."""

from typing import NamedTuple, Optional

from meters import stats
from meters.limits import limit_of
from meters.source import Row, by_meter, rows, single


class Summary(NamedTuple):
    meter: str
    mean: Optional[float]
    peak: Optional[Row]
    alarms: int


def report(lines):
    """A text for each meter, from lines of text."""
    return (as_text(one) for one in summaries(lines))


def summaries(lines):
    """The summary of each meter, in the order of the lines."""
    return (summary(meter, group) for meter, group in by_meter(single(rows(lines))))


def summary(meter, group):
    """One meter's numbers, in one pass over its rows."""
    limit = limit_of(meter)
    total, number, peak, alarms, above = 0.0, 0, None, 0, 0
    for row in group:
        total += row.value
        number += 1
        if peak is None or row.value > peak.value:
            peak = row
        above = above + 1 if row.value > limit else 0
        alarms += above == stats.LONG
    return Summary(meter, total / number if number else None, peak, alarms)


def as_text(one):
    mean = "-" if one.mean is None else f"{one.mean:.1f}"
    peak = "-" if one.peak is None else f"{one.peak.value:.1f}@{one.peak.minute}"
    return f"{one.meter} mean {mean} peak {peak} alarms {one.alarms}"
