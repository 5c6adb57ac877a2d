"""The seats of one departure: rows of A to D."""

from ferry.errors import CapacityError, NotFoundError, SeatTakenError


class SeatMap:
    def __init__(self, departure, rows):
        self.departure = departure
        self._taken = {f"{row}{letter}": False for row in range(1, rows + 1) for letter in "ABCD"}

    def take(self, seat):
        """Raises SeatTakenError or NotFoundError."""
        self._known(seat)
        if self._taken[seat]:
            raise SeatTakenError(self.departure, seat)
        self._taken[seat] = True

    def take_any(self):
        """Takes the first free seat and returns it. Raises CapacityError where there is none."""
        for seat, taken in self._taken.items():
            if not taken:
                self._taken[seat] = True
                return seat
        raise CapacityError(self.departure)

    def release(self, seat):
        """Makes a seat free, whether it was taken or not. Raises NotFoundError."""
        self._known(seat)
        self._taken[seat] = False

    def _known(self, seat):
        if seat not in self._taken:
            raise NotFoundError("seat", seat)

    def free(self):
        """How many seats are free."""
        return list(self._taken.values()).count(False)
