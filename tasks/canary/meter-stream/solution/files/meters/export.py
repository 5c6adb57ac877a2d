"""The month's table: rows of texts, and a last one with the total of alarms."""

from meters.report import summaries, summary
from meters.source import Row


def table(lines):
    """The cells of the table, for a file that is complete."""
    found = list(summaries(lines))
    cells = [[one.meter, f"{one.mean:.1f}", f"{one.peak.value:.1f}", str(one.alarms)] for one in found]
    return cells + [["all", "", "", str(sum(one.alarms for one in found))]]


def day_of(meter, values):
    """One meter's summary for a list of values, a minute each."""
    return summary(meter, [Row(meter, minute, value) for minute, value in enumerate(values)])
