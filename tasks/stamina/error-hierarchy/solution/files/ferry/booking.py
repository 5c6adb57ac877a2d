"""The office: seats, vouchers, cards and messages come together here."""

from contextlib import ExitStack, suppress

from ferry.errors import FerryError, NotFoundError, NotifyError, StateError
from ferry.fares import fare
from ferry.seats import SeatMap


class Office:
    """``day``: the day for which the office works. ``log``: what the staff should know."""

    def __init__(self, timetable, vouchers, payments, store, notifier, day):
        self.timetable = timetable
        self.vouchers = vouchers
        self.payments = payments
        self.store = store
        self.notifier = notifier
        self.day = day
        self.log = []
        self._maps = {}

    def seats(self, number):
        """The seats of a departure. Raises NotFoundError."""
        departure = self.timetable.departure(number)
        if number not in self._maps:
            self._maps[number] = SeatMap(number, departure.rows)
        return self._maps[number]

    def book(self, number, passenger, card, seat=None, voucher=None):
        """The number of the booking. Where it raises, nothing is left of it."""
        seats = self.seats(number)
        amount = fare(self.timetable.departure(number).route, passenger.category)
        with ExitStack() as undo:
            if seat is None:
                seat = seats.take_any()
            else:
                seats.take(seat)
            undo.callback(self._undo, seats.release, seat)
            if voucher is not None:
                amount = self.vouchers.redeem(voucher, amount, self.day)
                undo.callback(self._undo, self.vouchers.restore, voucher)
            receipt = self.payments.charge(card, amount)
            if receipt is not None:
                undo.callback(self._undo, self.payments.refund, receipt)
            booking = {
                "number": self.store.next_number(),
                "departure": number,
                "seat": seat,
                "name": passenger.name,
                "address": passenger.address,
                "paid": amount,
                "receipt": receipt,
                "state": "booked",
            }
            self.store.save(booking)
            undo.pop_all()
        try:
            self.notifier.send(passenger.address, f"Booking {booking['number']}: {number}, seat {seat}")
        except NotifyError as e:
            self.log.append(f"notify: {e}")
        return booking["number"]

    def _undo(self, step, what):
        try:
            step(what)
        except FerryError as e:
            self.log.append(f"undo: {e}")

    def cancel(self, number):
        """The amount that is refunded. Raises NotFoundError, StateError, or what keeping it raises."""
        booking = self.store.load(number)
        if booking["state"] == "cancelled":
            raise StateError(number, "cancelled already")
        amount = self.payments.refund(booking["receipt"]) if booking["receipt"] else 0
        with suppress(NotFoundError):
            self.seats(booking["departure"]).release(booking["seat"])
        self.store.save({**booking, "state": "cancelled"})
        return amount
