import os
import shutil
import tempfile
import unittest

from ferry import config, fares, passengers, planner, ports
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
        self.assertIsNone(config.load("data/none.conf"))
        self.assertEqual(config.number(conf, "day"), -1)
        self.assertIsNone(config.text(conf, "colour"))


class Sea(unittest.TestCase):
    def test_ports(self):
        self.assertEqual(ports.find("hv").name, "Havn")
        self.assertEqual(ports.miles("SK", "OY"), 22)
        self.assertIsNone(ports.find("XX"))
        self.assertEqual(ports.miles("HV", "LB"), -1)

    def test_the_timetable(self):
        table = Timetable([Departure("A", "HV-OY", "07:30", 1), Departure("B", "HV-OY", "16:00", 1)])
        self.assertEqual(table.next_after("HV-OY", "07:30").number, "B")
        self.assertIsNone(table.next_after("HV-OY", "16:00"))
        self.assertIsNone(table.departure("C"))

    def test_fares(self):
        self.assertEqual(fares.fare("HV-OY", "infant"), 0)
        self.assertEqual(fares.fare("HV-LB", "adult"), -1)
        self.assertEqual(fares.fare("HV-OY", "dog"), -2)

    def test_the_cheapest(self):
        self.assertEqual(planner.cheapest(["HV-LB", "OY-SK", "HV-SK"], "child"), ("OY-SK", 1050))
        self.assertIsNone(planner.cheapest(["HV-LB"], "child"))


class Seats(unittest.TestCase):
    def test_taking_and_releasing(self):
        seats = SeatMap("A", 1)
        self.assertEqual(seats.take("1B"), 0)
        self.assertEqual(seats.take("1B"), 1)
        self.assertEqual(seats.take("9Z"), 2)
        self.assertTrue(seats.release("1B"))
        self.assertFalse(seats.release("1B"))

    def test_a_full_departure(self):
        full, empty = SeatMap("A", 0), SeatMap("B", 1)
        self.assertIsNone(full.take_any())
        self.assertEqual(planner.first_free([full, empty]), ("B", "1A"))
        self.assertIsNone(planner.first_free([full]))


class People(unittest.TestCase):
    def test_a_passenger(self):
        passenger, _ = passengers.parse("Ida Berg <ida@post.example> adult")
        self.assertEqual(passenger, ("Ida Berg", "ida@post.example", "adult"))
        self.assertEqual(passengers.parse("Ida <ida> adult"), (None, "there is no @"))

    def test_messages(self):
        notifier = Notifier(blocked=["bo@post.example"])
        self.assertTrue(notifier.send("ida@post.example", "hello"))
        self.assertFalse(notifier.send("bo@post.example", "hello"))


class Paying(unittest.TestCase):
    def test_vouchers(self):
        vouchers = Vouchers({"V": (500, "2025-05-31")})
        self.assertEqual(vouchers.redeem("V", 700, "2025-06-01"), "expired")
        self.assertEqual(vouchers.redeem("V", 700, "2025-05-31"), 200)
        self.assertEqual(vouchers.redeem("V", 700, "2025-05-31"), "used")

    def test_cards(self):
        payments = Payments(1000)
        self.assertEqual(payments.charge(CARD, 900), 0)
        self.assertEqual(payments.last_receipt, "R1")
        self.assertEqual(payments.charge(CARD[:-4] + "0000", 900), 1)
        self.assertEqual(payments.charge("12", 900), 2)
        self.assertEqual(payments.charge(CARD, 1001), 3)
        self.assertTrue(payments.refund("R1"))
        self.assertFalse(payments.refund("R1"))


class Keeping(unittest.TestCase):
    def test_bookings(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        store = Store(folder)
        self.assertTrue(store.save({"number": 3}))
        self.assertEqual(store.load(3), {"number": 3})
        self.assertIsNone(store.load(4))
        with open(os.path.join(folder, "4.json"), "w", encoding="utf-8") as file:
            file.write("{")
        self.assertEqual(store.load(4), {})
        self.assertFalse(Store(os.path.join(folder, "none")).save({"number": 1}))
