"""Reads the recipes of the old kitchen, "name = amount; name = amount", with the help of the canteen's inner functions."""

from canteen import Ingredient, Recipe, _parse_number, _UNITS, load_units


def import_line(title, line, portions=10):
    """A recipe from one line; units may stick to their numbers, as in 500g."""
    load_units()
    return Recipe(title, portions, [_import_one(item) for item in line.split(";") if item.strip()])


def _import_one(item):
    name, _, amount = (part.strip() for part in item.partition("="))
    for unit in sorted(_UNITS, key=len, reverse=True):
        if amount.endswith(unit):
            return Ingredient(name, _parse_number(amount[: -len(unit)]), unit)
    return Ingredient(name, _parse_number(amount))
