"""Prices in cents."""


def cents(text):
    """The price in cents."""
    whole, _, part = text.replace(",", ".").partition(".")
    return int(whole) * 100 + int(part or 0)
