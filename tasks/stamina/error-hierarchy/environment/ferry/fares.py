"""Fares in cents by route and category."""

CATEGORIES = ("adult", "child", "infant")

FARES = {
    "HV-OY": {"adult": 1250, "child": 600, "infant": 0},
    "HV-SK": {"adult": 2980, "child": 1490, "infant": 0},
    "OY-SK": {"adult": 2100, "child": 1050, "infant": 250},
}


def fare(route, category):
    """A fare; -1 for an unknown route, -2 for an unknown category."""
    if route not in FARES:
        return -1
    if category not in CATEGORIES:
        return -2
    return FARES[route][category]
