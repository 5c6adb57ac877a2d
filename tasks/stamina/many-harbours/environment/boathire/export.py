"""Hires of a day as CSV, for the bookkeeper."""

import csv
import io

COLUMNS = ("number", "boat", "kind", "guest", "hours", "cents")


def rows(repository, day):
    """One tuple a hire, in the order of COLUMNS."""
    return [
        (hire.number, hire.boat, repository.boat(hire.boat).kind, hire.guest, hire.hours, hire.cents)
        for hire in repository.hires(day)
    ]


def csv_text(repository, day):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows(repository, day))
    return out.getvalue()


def file_name(day):
    return f"hires-{day}.csv"
