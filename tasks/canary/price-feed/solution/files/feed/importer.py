"""Collects the prices of a file."""

from feed.price import cents
from feed.rows import read_rows


def import_file(path):
    """Cents by article, and pairs of (line, reason) for the rows that are refused."""
    prices, problems = {}, []
    for line, row in read_rows(path):
        try:
            article, price = checked(row, prices)
        except ValueError as e:
            problems.append((line, str(e)))
        else:
            prices[article] = price
    return prices, problems


def checked(row, known):
    """Article and cents of a row. Raises ValueError with the first reason against it."""
    if len(row) != 2:
        raise ValueError("wrong number of columns")
    article = row[0].strip()
    if not article:
        raise ValueError("empty article")
    try:
        price = cents(row[1].strip())
    except ValueError:
        raise ValueError("bad price") from None
    if article in known:
        raise ValueError("duplicate article")
    return article, price
