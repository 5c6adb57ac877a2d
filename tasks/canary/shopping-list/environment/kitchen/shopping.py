"""Adds up recipes."""

from kitchen.reader import read_recipe


def shopping_list(paths):
    """The list as text, a line an ingredient."""
    needed = {}
    for path in paths:
        for amount, unit, name in read_recipe(path):
            needed.setdefault((name, unit), 0)
            needed[name, unit] += amount
    lines = []
    for (name, unit), amount in sorted(needed.items()):
        lines.append(f"{name} {amount:g} {unit}".rstrip())
    return "\n".join(lines)
