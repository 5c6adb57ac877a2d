"""Hours at sea, from the ships' logs."""

import csv
from datetime import datetime, timedelta

FORM = "%Y-%m-%d %H:%M"


def hours(path):
    """The time at sea of each crew as "H:MM", by name; a log has the columns crew, left and back."""
    spent = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            crew = row["crew"].strip()
            spent[crew] = spent.get(crew, timedelta()) + at_sea(row["left"], row["back"])
    return {crew: as_text(spent[crew]) for crew in sorted(spent)}


def at_sea(left, back):
    """How long a ship was out; both are times of the island's clock."""
    out = datetime.strptime(back.strip(), FORM) - datetime.strptime(left.strip(), FORM)
    if out < timedelta():
        raise ValueError(f"back before it left: {left} to {back}")
    return out


def as_text(span):
    minutes = int(span.total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02d}"
