"""Reads recipes."""

from kitchen.units import UNITS


def read_recipe(path):
    """Triples of (amount, unit, name); the unit is empty for pieces."""
    found = {}
    for line in open(path, encoding="utf-8"):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        amount, rest = line.split(maxsplit=1)
        first, _, name = rest.partition(" ")
        unit = first if first in UNITS else ""
        found[name if unit else rest] = (float(amount), unit)
    return [(amount, unit, name) for name, (amount, unit) in found.items()]
