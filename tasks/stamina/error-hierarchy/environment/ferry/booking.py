"""The office: seats, vouchers, cards and messages come together here."""

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
        """The seats of a departure; None where there is no such departure."""
        departure = self.timetable.departure(number)
        if departure is None:
            return None
        if number not in self._maps:
            self._maps[number] = SeatMap(number, departure.rows)
        return self._maps[number]

    def book(self, number, passenger, card, seat=None, voucher=None):
        """(number of the booking, "") or (None, why)."""
        seats = self.seats(number)
        if seats is None:
            return None, f"no departure {number}"
        amount = fare(self.timetable.departure(number).route, passenger.category)
        if amount < 0:
            return None, "no fare"
        if seat is None:
            seat = seats.take_any()
            if seat is None:
                return None, f"departure {number} is full"
        elif seats.take(seat) != 0:
            return None, f"seat {seat} cannot be had"
        if voucher is not None:
            amount = self.vouchers.redeem(voucher, amount, self.day)
            if isinstance(amount, str):
                seats.release(seat)
                return None, f"voucher {voucher} is {amount}"
        if self.payments.charge(card, amount) != 0:
            seats.release(seat)
            return None, "payment failed"
        booking = {
            "number": self.store.next_number(),
            "departure": number,
            "seat": seat,
            "name": passenger.name,
            "address": passenger.address,
            "paid": amount,
            "receipt": self.payments.last_receipt,
            "state": "booked",
        }
        if not self.store.save(booking):
            seats.release(seat)
            return None, "the booking cannot be kept"
        if not self.notifier.send(passenger.address, f"Booking {booking['number']}: {number}, seat {seat}"):
            self.log.append(f"notify: {passenger.address}")
        return booking["number"], ""

    def cancel(self, number):
        """0, or 1 unknown, 2 cancelled already, 3 refund failed."""
        booking = self.store.load(number)
        if not booking:
            return 1
        if booking["state"] == "cancelled":
            return 2
        if booking["receipt"] and not self.payments.refund(booking["receipt"]):
            return 3
        seats = self.seats(booking["departure"])
        if seats:
            seats.release(booking["seat"])
        self.store.save({**booking, "state": "cancelled"})
        return 0
