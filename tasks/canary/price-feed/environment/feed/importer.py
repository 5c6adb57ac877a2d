"""Collects the prices of a file."""

from feed.price import cents
from feed.rows import read_rows


def import_file(path):
    """Cents by article."""
    prices = {}
    for article, price in read_rows(path):
        prices[article.strip()] = cents(price.strip())
    return prices
