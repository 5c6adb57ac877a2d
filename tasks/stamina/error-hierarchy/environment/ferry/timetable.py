"""The departures of a day."""

from collections import namedtuple

Departure = namedtuple("Departure", "number route time rows")


class Timetable:
    def __init__(self, departures):
        self._departures = {departure.number: departure for departure in departures}

    def departure(self, number):
        """A departure by its number, or None."""
        return self._departures.get(number)

    def next_after(self, route, time):
        """The first departure of a route after a time (HH:MM), or None."""
        later = [d for d in self._departures.values() if d.route == route and d.time > time]
        return min(later, key=lambda d: d.time, default=None)

    def all(self):
        return sorted(self._departures.values(), key=lambda d: (d.time, d.number))
