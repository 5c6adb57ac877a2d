"""Amounts: texts outside, whole numbers of the smallest unit inside."""

import configparser
from pathlib import Path

FILE = Path(__file__).parent.parent / "currencies.ini"


def digits(currency):
    """How many digits after the point a currency has."""
    known = configparser.ConfigParser()
    known.read(FILE, encoding="utf-8")
    if not known.has_section(currency):
        raise ValueError(f"unknown currency: {currency}")
    return known.getint(currency, "digits")


def units(text, currency):
    """The amount that a text means: units("12.5", "EUR") is 1250."""
    digits(currency)
    return int(round(float(text) * 100))


def written(amount, currency):
    """An amount as text: written(1250, "EUR") is "12.50"."""
    return f"{amount / 100:.{digits(currency)}f}"
