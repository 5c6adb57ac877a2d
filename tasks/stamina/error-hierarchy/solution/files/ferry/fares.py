"""Fares in cents by route and category."""

from ferry.errors import InvalidError, NotFoundError

CATEGORIES = ("adult", "child", "infant")

FARES = {
    "HV-OY": {"adult": 1250, "child": 600, "infant": 0},
    "HV-SK": {"adult": 2980, "child": 1490, "infant": 0},
    "OY-SK": {"adult": 2100, "child": 1050, "infant": 250},
}


def fare(route, category):
    """A fare. Raises NotFoundError for an unknown route, InvalidError for an unknown category."""
    if route not in FARES:
        raise NotFoundError("route", route)
    if category not in CATEGORIES:
        raise InvalidError("category", category, "adult, child or infant")
    return FARES[route][category]
