"""Amounts: texts outside, whole numbers of the smallest unit inside."""

import configparser
import re
from pathlib import Path

FILE = Path(__file__).parent.parent / "currencies.ini"
AMOUNT = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")


def digits(currency):
    """How many digits after the point a currency has."""
    known = configparser.ConfigParser()
    known.read(FILE, encoding="utf-8")
    if not known.has_section(currency):
        raise ValueError(f"unknown currency: {currency}")
    return known.getint(currency, "digits")


def units(text, currency):
    """The amount that a text means: units("12.5", "EUR") is 1250."""
    places = digits(currency)
    parts = AMOUNT.fullmatch(text)
    if not parts or len(parts[3] or "") > places:
        raise ValueError(f"not an amount of {currency}: {text}")
    size = int(parts[2] + (parts[3] or "").ljust(places, "0"))
    return -size if parts[1] else size


def written(amount, currency):
    """An amount as text: written(1250, "EUR") is "12.50"."""
    places = digits(currency)
    sign, text = "-" if amount < 0 else "", str(abs(amount)).rjust(places + 1, "0")
    return f"{sign}{text[:-places]}.{text[-places:]}" if places else sign + text
