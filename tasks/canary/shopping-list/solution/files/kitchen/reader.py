"""Reads recipes."""

from kitchen.units import UNITS


def read_recipe(path):
    """Triples of (amount, unit, name); the unit is empty for pieces."""
    found = []
    for line in open(path, encoding="utf-8"):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        amount, rest = line.split(maxsplit=1)
        first, _, name = rest.partition(" ")
        if first in UNITS:
            found.append((float(amount), first, name))
        else:
            found.append((float(amount), "", rest))
    return found
