"""Adds up recipes."""

from decimal import ROUND_HALF_UP, Decimal

from kitchen.reader import read_recipe
from kitchen.units import smallest


def shopping_list(paths):
    """The list as text, a line an ingredient."""
    needed = {}
    for path in paths:
        for amount, unit, name in read_recipe(path):
            amount, unit = smallest(Decimal(str(amount)), unit, name)
            needed[name, unit] = needed.get((name, unit), 0) + amount
    lines = []
    for (name, unit), amount in sorted(needed.items()):
        lines.append(f"{name} {amount.quantize(Decimal(1), ROUND_HALF_UP)} {unit}".rstrip())
    return "\n".join(lines)
