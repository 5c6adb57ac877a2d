"""Rows of a price list."""

import csv


def read_rows(path):
    """Pairs of (line in the file, fields), without the header and empty lines."""
    rows = []
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=";")
        before = 0
        for row in reader:
            if row:
                rows.append((before + 1, row))
            before = reader.line_num
    return rows[1:]
