"""The members, read from CSV."""

import csv
from dataclasses import dataclass


@dataclass(frozen=True)
class Member:
    family: str
    given: str
    joined: str
    left: str


def read_members(path):
    """All members of a file with the columns family, given, joined, left (months, left may be empty)."""
    with open(path, encoding="utf-8", newline="") as file:
        return [
            Member(row["family"].strip(), row["given"].strip(), normal_month(row["joined"]), row["left"].strip())
            for row in csv.DictReader(file)
        ]


def month_number(text):
    """Year and month as numbers, in order of time."""
    year, month = text.split("-")
    return int(year), int(month)


def normal_month(text):
    """Old rows have months as M/YYYY, new ones as YYYY-MM; both become YYYY-M."""
    text = text.strip()
    if "/" in text:
        month, year = text.split("/")
    else:
        year, month = text.split("-")
    return f"{int(year)}-{int(month)}"
