"""What a unit is worth in the smallest unit of its kind."""

UNITS = {
    "ml": (1, "ml"),
    "cl": (10, "ml"),
    "dl": (100, "ml"),
    "l": (1000, "ml"),
    "tsp": (5, "ml"),
    "tbsp": (15, "ml"),
    "g": (1, "g"),
    "kg": (1000, "g"),
}

GRAMS_PER_ML = {"butter": 1, "flour": 0.6, "sugar": 0.85}
"""Ingredients that are bought by weight, whatever a recipe measures them in."""


def smallest(amount, unit, name):
    """Amount and unit in the smallest unit; unit is empty for pieces."""
    if not unit:
        return amount, ""
    worth, base = UNITS[unit]
    amount = amount * worth
    if base == "ml" and name in GRAMS_PER_ML:
        return amount * type(amount)(str(GRAMS_PER_ML[name])), "g"
    return amount, base
