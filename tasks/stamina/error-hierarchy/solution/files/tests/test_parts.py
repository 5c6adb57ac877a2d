import os
import shutil
import tempfile
import unittest

from ferry import config, fares, passengers, planner, ports
from ferry.errors import (
    CapacityError,
    CardDeclined,
    ConfigError,
    InvalidError,
    LimitExceeded,
    NotFoundError,
    NotifyError,
    SeatTakenError,
    StorageError,
    VoucherError,
)
from ferry.notify import Notifier
from ferry.payments import Payments
from ferry.seats import SeatMap
from ferry.store import Store
from ferry.timetable import Departure, Timetable
from ferry.vouchers import Vouchers

CARD = "4000123412341234"


class Settings(unittest.TestCase):
    def test_the_file(self):
        conf = config.load("data/ferry.conf")
        self.assertEqual(config.number(conf, "rows"), 10)
        self.assertEqual(config.text(conf, "day"), "2025-05-07")
        self.assertRaises(ConfigError, config.load, "data/none.conf")
        self.assertRaises(ConfigError, config.number, conf, "day")
        self.assertRaises(ConfigError, config.text, conf, "colour")


class Sea(unittest.TestCase):
    def test_ports(self):
        self.assertEqual(ports.find("hv").name, "Havn")
        self.assertEqual(ports.miles("SK", "OY"), 22)
        self.assertRaises(NotFoundError, ports.find, "XX")
        self.assertRaises(NotFoundError, ports.miles, "HV", "LB")

    def test_the_timetable(self):
        table = Timetable([Departure("A", "HV-OY", "07:30", 1), Departure("B", "HV-OY", "16:00", 1)])
        self.assertEqual(table.next_after("HV-OY", "07:30").number, "B")
        self.assertIsNone(table.next_after("HV-OY", "16:00"))
        self.assertRaises(NotFoundError, table.departure, "C")

    def test_fares(self):
        self.assertEqual(fares.fare("HV-OY", "infant"), 0)
        self.assertRaises(NotFoundError, fares.fare, "HV-LB", "adult")
        self.assertRaises(InvalidError, fares.fare, "HV-OY", "dog")

    def test_the_cheapest(self):
        self.assertEqual(planner.cheapest(["HV-LB", "OY-SK", "HV-SK"], "child"), ("OY-SK", 1050))
        self.assertRaises(NotFoundError, planner.cheapest, ["HV-LB"], "child")


class Seats(unittest.TestCase):
    def test_taking_and_releasing(self):
        seats = SeatMap("A", 1)
        seats.take("1B")
        self.assertRaises(SeatTakenError, seats.take, "1B")
        self.assertRaises(NotFoundError, seats.take, "9Z")
        seats.release("1B")
        seats.release("1B")
        self.assertEqual(seats.free(), 4)

    def test_a_full_departure(self):
        full, empty = SeatMap("A", 0), SeatMap("B", 1)
        self.assertRaises(CapacityError, full.take_any)
        self.assertEqual(planner.first_free([full, empty]), ("B", "1A"))
        self.assertRaises(CapacityError, planner.first_free, [full])


class People(unittest.TestCase):
    def test_a_passenger(self):
        passenger = passengers.parse("Ida Berg <ida@post.example> adult")
        self.assertEqual(passenger, ("Ida Berg", "ida@post.example", "adult"))
        self.assertRaises(InvalidError, passengers.parse, "Ida <ida> adult")

    def test_messages(self):
        notifier = Notifier(blocked=["bo@post.example"])
        notifier.send("ida@post.example", "hello")
        self.assertRaises(NotifyError, notifier.send, "bo@post.example", "hello")
        self.assertEqual(len(notifier.sent), 1)


class Paying(unittest.TestCase):
    def test_vouchers(self):
        vouchers = Vouchers({"V": (500, "2025-05-31")})
        self.assertRaises(VoucherError, vouchers.redeem, "V", 700, "2025-06-01")
        self.assertEqual(vouchers.redeem("V", 700, "2025-05-31"), 200)
        self.assertRaises(VoucherError, vouchers.redeem, "V", 700, "2025-05-31")

    def test_cards(self):
        payments = Payments(1000)
        self.assertEqual(payments.charge(CARD, 900), "R1")
        self.assertRaises(CardDeclined, payments.charge, CARD[:-4] + "0000", 900)
        self.assertRaises(InvalidError, payments.charge, "12", 900)
        self.assertRaises(LimitExceeded, payments.charge, CARD, 1001)
        self.assertEqual(payments.refund("R1"), 900)
        self.assertRaises(NotFoundError, payments.refund, "R1")


class Keeping(unittest.TestCase):
    def test_bookings(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        store = Store(folder)
        store.save({"number": 3})
        self.assertEqual(store.load(3), {"number": 3})
        self.assertRaises(NotFoundError, store.load, 4)
        with open(os.path.join(folder, "4.json"), "w", encoding="utf-8") as file:
            file.write("{")
        self.assertRaises(StorageError, store.load, 4)
        self.assertRaises(StorageError, Store(os.path.join(folder, "none")).save, {"number": 1})
