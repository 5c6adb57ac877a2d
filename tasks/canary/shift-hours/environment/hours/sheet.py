"""Shifts, read from CSV with the columns who, begin, end, break."""

import csv
from dataclasses import dataclass
from datetime import datetime

from hours.stamps import parse_stamp


@dataclass(frozen=True)
class Shift:
    who: str
    begin: datetime
    end: datetime
    pause: int

    @property
    def minutes(self):
        """Minutes of work."""
        return (self.end - self.begin).seconds // 60 - self.pause


def read_sheet(path):
    with open(path, encoding="utf-8", newline="") as file:
        return [
            Shift(row["who"], parse_stamp(row["begin"]), parse_stamp(row["end"]), int(row["break"] or 0))
            for row in csv.DictReader(file)
        ]
