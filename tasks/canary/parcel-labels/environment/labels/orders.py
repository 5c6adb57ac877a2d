"""The orders, read from a table."""

import csv
from typing import NamedTuple


class Order(NamedTuple):
    name: str
    street: str
    postcode: str
    town: str
    grams: int


def read_orders(path):
    """The orders of a file with the columns name, street, postcode, town and grams."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        return [order(row) for row in csv.DictReader(file)]


def order(row):
    return Order(row["name"], row["street"], row["postcode"], row["town"], int(row["grams"]))
