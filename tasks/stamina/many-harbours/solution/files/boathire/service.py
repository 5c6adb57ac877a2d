"""What a guest can ask for."""

from boathire.model import Refused
from boathire.pricing import price

MOST_BOATS = 2


class HireService:
    """``queue`` and ``audit`` may be None."""

    def __init__(self, repository, tariffs, cache, queue=None, audit=None):
        self.repository, self.tariffs, self.cache = repository, tariffs, cache
        self.queue, self.audit = queue, audit

    def free_boats(self, day, kind=None, harbour="main"):
        """Codes of the boats that nobody has on a day."""
        return list(self.cache.value("free", day, kind, lambda: self._free(day, kind, harbour), harbour))

    def quote(self, kind, day, hours, harbour="main"):
        """What a boat of a kind would cost, in cents."""
        def make():
            return price(self.tariffs, kind, day, hours, harbour)

        return self.cache.value("quote", day, (kind, hours), make, harbour)

    def hire(self, code, guest, day, hours, harbour="main"):
        """Give a boat to a guest; gives the Hire. Raises Refused."""
        boat = self.repository.boat(code, harbour)
        if code not in self._free(day, None, harbour):
            raise Refused(f"{code} is out on day {day}")
        if self.repository.held_by(guest) >= MOST_BOATS:
            raise Refused(f"{guest} has {MOST_BOATS} boats already")
        cents = self.quote(boat.kind, day, hours, harbour)
        hire = self.repository.add_hire(code, guest, day, hours, cents, harbour)
        self._changed("hire", day, code, guest, harbour)
        if self.queue is not None:
            self.queue.put("remind", harbour=harbour, number=hire.number)
        return hire

    def give_back(self, number, harbour="main"):
        """Take a boat back; gives the closed Hire. Raises Refused."""
        hire = self.repository.close_hire(number, harbour)
        self._changed("back", hire.day, hire.boat, hire.guest, harbour)
        return hire

    def _free(self, day, kind, harbour):
        taken = {hire.boat for hire in self.repository.hires(day, harbour) if not hire.back}
        return [boat.code for boat in self.repository.boats(kind, harbour) if boat.code not in taken]

    def _changed(self, action, day, code, guest, harbour):
        self.cache.forget_day(day, harbour)
        if self.audit is not None:
            self.audit.write(action, code, guest, harbour=harbour)
