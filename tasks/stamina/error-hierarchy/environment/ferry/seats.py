"""The seats of one departure: rows of A to D."""


class SeatMap:
    def __init__(self, departure, rows):
        self.departure = departure
        self._taken = {f"{row}{letter}": False for row in range(1, rows + 1) for letter in "ABCD"}

    def take(self, seat):
        """0 where it was free and is taken now, 1 where it is taken already, 2 where there is no such seat."""
        if seat not in self._taken:
            return 2
        if self._taken[seat]:
            return 1
        self._taken[seat] = True
        return 0

    def take_any(self):
        """Takes the first free seat and returns it; None where there is none."""
        for seat, taken in self._taken.items():
            if not taken:
                self._taken[seat] = True
                return seat
        return None

    def release(self, seat):
        """Whether a seat was taken and is free now."""
        if not self._taken.get(seat):
            return False
        self._taken[seat] = False
        return True

    def free(self):
        """How many seats are free."""
        return list(self._taken.values()).count(False)
