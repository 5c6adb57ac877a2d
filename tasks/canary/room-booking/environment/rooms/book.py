"""Bookings of rooms on one day."""

from dataclasses import dataclass

from rooms.times import parse_time


@dataclass(frozen=True)
class Booking:
    room: str
    start: int
    end: int
    who: str


class Book:
    """All bookings of a day."""

    def __init__(self):
        self.bookings = []

    def add(self, room, start, end, who):
        """Book a room; raises ValueError where it is taken."""
        wanted = Booking(room, parse_time(start), parse_time(end), who)
        for other in self.bookings:
            if other.room == wanted.room and self._clash(other, wanted):
                raise ValueError(f"{room} is taken by {other.who}")
        self.bookings.append(wanted)
        return wanted

    @staticmethod
    def _clash(one, other):
        """Whether two bookings need the room at the same time."""
        return one.start <= other.start < one.end and other.end <= one.end

    def of_room(self, room):
        """The bookings of a room in order of time."""
        return sorted((b for b in self.bookings if b.room == room), key=lambda b: b.start)
