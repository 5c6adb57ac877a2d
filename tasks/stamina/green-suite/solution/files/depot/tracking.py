"""The events of each parcel. Scanners report late, so events arrive in any order."""

from collections import namedtuple

Event = namedtuple("Event", "time status place")

DONE = ("delivered", "returned")


class Tracker:
    def __init__(self):
        self._events = {}

    def add(self, code, time, status, place=""):
        self._events.setdefault(code, []).append(Event(time, status, place))

    def history(self, code):
        """All events of a parcel by their time; of those with the same time, the one added first comes first."""
        return sorted(self._events.get(code, []), key=lambda event: event.time)

    def status(self, code):
        """The status of the event with the latest time, whenever it was added; ``unknown`` for a stranger."""
        history = self.history(code)
        return history[-1].status if history else "unknown"

    def stuck(self, now, hours):
        """The codes, sorted, of parcels that are not done and whose latest event is more than some hours old."""
        return sorted(
            code
            for code in self._events
            if self.status(code) not in DONE and (now - self.history(code)[-1].time).total_seconds() > hours * 3600
        )

    def codes(self):
        return sorted(self._events)
