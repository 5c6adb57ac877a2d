"""Prices in cents."""

import re


def cents(text):
    """The price in cents. Raises ValueError for a text that is no price."""
    found = re.fullmatch(r"([0-9]+)(?:[.,]([0-9]{1,2}))?", text)
    if found is None:
        raise ValueError(f"not a price: {text!r}")
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
