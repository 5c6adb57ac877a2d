"""Helps people to choose."""

from ferry.fares import fare


def cheapest(routes, category):
    """(route, fare) with the lowest fare; the first one among equals; None where there is no fare."""
    best = None
    for route in routes:
        cents = fare(route, category)
        if cents < 0:
            continue
        if best is None or cents < best[1]:
            best = (route, cents)
    return best


def first_free(maps):
    """Takes a seat on the first departure that has one: (departure, seat), or None."""
    for seats in maps:
        seat = seats.take_any()
        if seat:
            return seats.departure, seat
    return None
