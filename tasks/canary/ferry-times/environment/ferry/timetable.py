"""Sailings: what departs when, for how long."""

import csv
from collections import Counter
from datetime import datetime, timedelta
from typing import NamedTuple

from ferry.clock import parse


class Sailing(NamedTuple):
    ship: str
    departs: datetime
    arrives: datetime
    written: str  # the departure as it stands in the file


def read_sailings(path):
    """The sailings of a file with the columns ship, departs and minutes, in the file's order."""
    with open(path, encoding="utf-8", newline="") as file:
        return [sailing(row["ship"], row["departs"], row["minutes"]) for row in csv.DictReader(file)]


def sailing(ship, departs, minutes):
    """One sailing, from the texts of a row."""
    start = parse(departs.strip())
    return Sailing(ship.strip(), start, start + timedelta(minutes=int(minutes)), departs.strip())


def in_order(sailings):
    """The sailings, the earliest first."""
    return sorted(sailings, key=lambda one: one.written)


def per_day(sailings):
    """How many sailings depart on each day: {"2024-07-10": 3}, in the days' order."""
    counts = Counter(str(one.departs.date()) for one in sailings)
    return dict(sorted(counts.items()))
