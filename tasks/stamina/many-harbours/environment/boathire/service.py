"""What a guest can ask for."""

from boathire.model import Refused
from boathire.pricing import price

MOST_BOATS = 2


class HireService:
    """``queue`` and ``audit`` may be None."""

    def __init__(self, repository, tariffs, cache, queue=None, audit=None):
        self.repository, self.tariffs, self.cache = repository, tariffs, cache
        self.queue, self.audit = queue, audit

    def free_boats(self, day, kind=None):
        """Codes of the boats that nobody has on a day."""
        return list(self.cache.value("free", day, kind, lambda: self._free(day, kind)))

    def quote(self, kind, day, hours):
        """What a boat of a kind would cost, in cents."""
        return self.cache.value("quote", day, (kind, hours), lambda: price(self.tariffs, kind, day, hours))

    def hire(self, code, guest, day, hours):
        """Give a boat to a guest; gives the Hire. Raises Refused."""
        boat = self.repository.boat(code)
        if code not in self._free(day):
            raise Refused(f"{code} is out on day {day}")
        if self.repository.held_by(guest) >= MOST_BOATS:
            raise Refused(f"{guest} has {MOST_BOATS} boats already")
        cents = self.quote(boat.kind, day, hours)
        hire = self.repository.add_hire(code, guest, day, hours, cents)
        self._changed("hire", day, code, guest)
        if self.queue is not None:
            self.queue.put("remind", number=hire.number)
        return hire

    def give_back(self, number):
        """Take a boat back; gives the closed Hire. Raises Refused."""
        hire = self.repository.close_hire(number)
        self._changed("back", hire.day, hire.boat, hire.guest)
        return hire

    def _free(self, day, kind=None):
        taken = {hire.boat for hire in self.repository.hires(day) if not hire.back}
        return [boat.code for boat in self.repository.boats(kind) if boat.code not in taken]

    def _changed(self, action, day, code, guest):
        self.cache.forget_day(day)
        if self.audit is not None:
            self.audit.write(action, code, guest)
