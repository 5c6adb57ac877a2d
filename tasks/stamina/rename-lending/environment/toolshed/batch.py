"""Books a spreadsheet: one movement a line, with the columns direction, code, member, day."""

import csv
import io

from toolshed.errors import ShedError

DIRECTIONS = ("out", "in")


def book(shed, text):
    """Book every line; gives (number of lines booked, list of problems as "line N: why")."""
    booked, problems = 0, []
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), 2):
        try:
            _book_row(shed, row)
            booked += 1
        except (ShedError, ValueError) as error:
            problems.append(f"line {number}: {error}")
    return booked, problems


def _book_row(shed, row):
    direction = row["direction"].strip().lower()
    if direction not in DIRECTIONS:
        raise ValueError(f"direction {direction!r} is neither out nor in")
    move = getattr(shed, "check_" + direction)
    who = (row["member"],) if direction == "out" else ()
    move(row["code"], *who, int(row["day"]))
