"""The departures of a day."""

import re
from collections import namedtuple

from ferry.errors import InvalidError, NotFoundError

Departure = namedtuple("Departure", "number route time rows")


class Timetable:
    def __init__(self, departures):
        self._departures = {departure.number: departure for departure in departures}

    def departure(self, number):
        """A departure by its number. Raises NotFoundError."""
        if number not in self._departures:
            raise NotFoundError("departure", number)
        return self._departures[number]

    def next_after(self, route, time):
        """The first departure of a route after a time (HH:MM); None where none is left.

        Raises NotFoundError for a route that no departure has, InvalidError for what is no time.
        """
        if not re.fullmatch("[0-9]{2}:[0-9]{2}", time):
            raise InvalidError("time", time, "HH:MM is needed")
        same = [d for d in self._departures.values() if d.route == route]
        if not same:
            raise NotFoundError("route", route)
        later = [d for d in same if d.time > time]
        return min(later, key=lambda d: d.time, default=None)

    def all(self):
        return sorted(self._departures.values(), key=lambda d: (d.time, d.number))
