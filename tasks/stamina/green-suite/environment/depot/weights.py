"""Weights are whole grams inside; outside they are texts such as 300 g or 2.5 kg."""

import re

_UNITS = {"g": 1, "kg": 1000, "t": 1_000_000}
_SHAPE = re.compile(r"\s*([0-9]+(?:[.,][0-9]+)?)\s*(kg|g|t)\s*", re.IGNORECASE)


def parse_weight(text):
    """Grams of a text such as ``300 g``, ``2.5kg`` or ``1,25 KG``; rounded to the nearest gram, half a gram up.

    Raises ValueError for anything else, for nothing and for less than nothing.
    """
    match = _SHAPE.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is no weight")
    grams = int(float(match[1].replace(",", ".")) * _UNITS[match[2].lower()])
    if grams == 0:
        raise ValueError(f"{text!r} weighs nothing")
    return grams


def format_weight(grams):
    """Below 1000 g in grams, from there in kilograms without needless zeros: ``950 g``, ``1.25 kg``, ``20 kg``."""
    if grams < 1000:
        return f"{grams} g"
    kilos = f"{grams / 1000:.3f}".rstrip("0.")
    return f"{kilos} kg"


def heaviest(weights):
    """The greatest of several weight texts, as it was written; None where there are none."""
    return max(weights, key=parse_weight, default=None)
