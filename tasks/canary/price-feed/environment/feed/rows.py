"""Rows of a price list."""

import csv


def read_rows(path):
    """Lists of fields, without the header."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter=";") if row]
    return rows[1:]
