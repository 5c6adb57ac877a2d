"""Quantities as they are typed and shown."""

import re
from decimal import Decimal

from larder.errors import Usage

UNITS = ("g", "ml", "pc")

_FACTORS = {"g": ("g", 1), "kg": ("g", 1000), "ml": ("ml", 1), "l": ("ml", 1000), "pc": ("pc", 1)}
_LARGE = {"g": "kg", "ml": "l"}
_SHAPE = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([a-z]*)\s*")


def parse_quantity(text):
    """(amount, unit); the unit is None where none was typed. Raises Usage."""
    match = _SHAPE.fullmatch(text)
    if not match or (match[2] and match[2] not in _FACTORS):
        raise Usage(f"{text!r} is no quantity")
    unit, factor = _FACTORS[match[2]] if match[2] else (None, 1)
    amount = Decimal(match[1]) * factor
    if amount != int(amount):
        raise Usage(f"{text!r}: only whole {unit or 'units'} are counted")
    return int(amount), unit


def show_quantity(amount, unit):
    """``500 g``, ``1.5 kg``, ``6 pc``."""
    if unit in _LARGE and amount >= 1000:
        whole, rest = divmod(amount, 1000)
        return f"{whole}{f'.{rest:03d}'.rstrip('0') if rest else ''} {_LARGE[unit]}"
    return f"{amount} {unit}"
