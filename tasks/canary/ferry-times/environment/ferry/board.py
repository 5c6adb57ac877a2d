"""The board at the quay."""

from ferry.clock import show
from ferry.timetable import in_order

ROWS = 6


def board(sailings, now, rows=ROWS):
    """The next departures from an instant on, one text each."""
    coming = [one for one in in_order(sailings) if one.departs >= now]
    return [row(one) for one in coming[:rows]]


def row(one):
    return f"{show(one.departs)}  {one.ship:<10} arrives {show(one.arrives)}"
