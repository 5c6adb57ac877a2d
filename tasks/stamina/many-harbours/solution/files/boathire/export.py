"""Hires of a day as CSV, for the bookkeeper."""

import csv
import io

COLUMNS = ("number", "boat", "kind", "guest", "hours", "cents")


def rows(repository, day, harbour="main"):
    """One tuple a hire, in the order of COLUMNS."""
    return [
        (hire.number, hire.boat, repository.boat(hire.boat, harbour).kind, hire.guest, hire.hours, hire.cents)
        for hire in repository.hires(day, harbour)
    ]


def csv_text(repository, day, harbour="main"):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows(repository, day, harbour))
    return out.getvalue()


def file_name(day, harbour="main"):
    return f"hires-{day}.csv" if harbour == "main" else f"hires-{harbour}-{day}.csv"
