"""What several commands need."""

from larder.errors import Refused, Usage
from larder.quantities import parse_quantity, show_quantity


def exactly(rest, count, use):
    if len(rest) != count:
        raise Usage(f"use: {use}")
    return rest


def quantity(text, least=1):
    """(amount, unit or None), at least so much. Raises Usage."""
    amount, unit = parse_quantity(text)
    if amount < least:
        raise Usage(f"{text!r} must be at least {least}")
    return amount, unit


def in_unit(item, unit):
    if unit not in (None, item.unit):
        raise Refused(f"{item.name} is kept in {item.unit}")


def stock(item):
    return show_quantity(item.stock(), item.unit)


def take(item, amount):
    """Takes from the lots in their order; [(date, amount)] of those touched."""
    taken = []
    for lot in sorted(item.lots, key=lambda lot: lot.order()):
        part = min(lot.amount, amount)
        if part:
            lot.amount -= part
            amount -= part
            taken.append((lot.best, part))
    item.tidy()
    return taken
