"""The report."""

from hours.overtime import overtime
from hours.sheet import read_sheet


def report(path):
    """A line a person with overtime."""
    lines = []
    for who, minutes in sorted(overtime(read_sheet(path)).items()):
        if minutes:
            lines.append(f"{who} {minutes / 60:g}\n")
    return "".join(lines)
