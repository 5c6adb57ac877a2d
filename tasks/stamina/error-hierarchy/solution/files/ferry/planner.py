"""Helps people to choose."""

from ferry.errors import CapacityError, NotFoundError
from ferry.fares import fare


def cheapest(routes, category):
    """(route, fare) with the lowest fare; the first one among equals. Raises NotFoundError where there is no fare."""
    best = None
    for route in routes:
        try:
            cents = fare(route, category)
        except NotFoundError:
            continue
        if best is None or cents < best[1]:
            best = (route, cents)
    if best is None:
        raise NotFoundError("fare", category)
    return best


def first_free(maps):
    """Takes a seat on the first departure that has one: (departure, seat). Raises CapacityError."""
    for seats in maps:
        try:
            return seats.departure, seats.take_any()
        except CapacityError:
            continue
    raise CapacityError("any")
