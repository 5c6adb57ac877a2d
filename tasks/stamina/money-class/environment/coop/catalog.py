"""The catalogue: what can be bought, and for how much."""

import csv
from collections import namedtuple

Product = namedtuple("Product", "code name price rate")


def load_catalog(path):
    """{code: Product} of a file with the columns code, name, price and rate (of the tax, in per cent)."""
    with open(path, newline="", encoding="utf-8") as file:
        return {
            row["code"]: Product(row["code"], row["name"], float(row["price"]), int(row["rate"]))
            for row in csv.DictReader(file)
        }


def cheapest(catalog):
    """The product with the lowest price; the first by code among equals."""
    return min(catalog.values(), key=lambda product: (product.price, product.code))
