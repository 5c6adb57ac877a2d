import contextlib
import io
import os
import shutil
import tempfile
import unittest

from ferry import batch, report
from ferry.booking import Office
from ferry.cli import main
from ferry.errors import CardDeclined, NotFoundError, StateError
from ferry.notify import Notifier
from ferry.passengers import Passenger
from ferry.payments import Payments
from ferry.store import Store
from ferry.timetable import Departure, Timetable
from ferry.vouchers import Vouchers

CARD = "4000123412341234"
DECLINED = "4000123412340000"
IDA = Passenger("Ida", "ida@post.example", "adult")
BO = Passenger("Bo", "bo@post.example", "child")


class OfficeTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        table = Timetable([Departure("A", "HV-OY", "07:30", 1), Departure("B", "OY-LB", "09:00", 1)])
        vouchers = Vouchers({"V": (500, "2025-12-31")})
        self.office = Office(
            table, vouchers, Payments(5000), Store(folder), Notifier(["bo@post.example"]), "2025-05-07"
        )

    def test_a_booking(self):
        self.assertEqual(self.office.book("A", IDA, CARD, "1B", "V"), 1)
        self.assertEqual(self.office.store.load(1)["paid"], 750)
        self.assertEqual(self.office.payments.charged(), 750)

    def test_a_declined_card_leaves_the_seat_free(self):
        with self.assertRaises(CardDeclined):
            self.office.book("A", IDA, DECLINED, "1B")
        self.assertEqual(self.office.seats("A").free(), 4)

    def test_what_cannot_be_booked(self):
        for args in (("C", IDA, CARD), ("B", IDA, CARD), ("A", IDA, CARD, "9Z")):
            with self.assertRaises(NotFoundError):
                self.office.book(*args)

    def test_a_message_that_cannot_be_sent(self):
        self.assertEqual(self.office.book("A", BO, CARD), 1)
        self.assertEqual(self.office.log, ["notify: cannot reach bo@post.example"])

    def test_cancelling(self):
        self.office.book("A", IDA, CARD)
        self.assertEqual(self.office.cancel(1), 1250)
        self.assertRaises(StateError, self.office.cancel, 1)
        self.assertRaises(NotFoundError, self.office.cancel, 2)
        self.assertEqual(self.office.seats("A").free(), 4)

    def test_a_batch(self):
        lines = [f"A; Ida <ida@post.example> adult; {CARD}", "", "nonsense", f"C; Ida <ida@post.example> adult; {CARD}"]
        done, failures = batch.run(lines, self.office)
        self.assertEqual(done, [(1, 1)])
        self.assertEqual([place for place, _ in failures], [3, 4])
        self.assertEqual(str(failures[1][1]), "no departure C")

    def test_the_sheet_at_the_gate(self):
        self.office.book("A", IDA, CARD)
        self.assertEqual(
            report.day(self.office.timetable, self.office.store).splitlines(),
            ["07:30 A Havn - Oyra, 12 miles, adults 1250", "09:00 B Oyra - Lomby, ? miles, adults ?", "#1 A 1A Ida (booked)"],
        )


class CommandLine(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        path = os.path.join(folder, "ferry.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"folder = {folder}\nlimit = 2000\nrows = 2\nday = 2025-05-07\n")
        os.environ["FERRY_CONF"] = path
        self.addCleanup(os.environ.pop, "FERRY_CONF")

    def ask(self, *args):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(list(args))
        return code, out.getvalue(), err.getvalue()

    def test_a_booking(self):
        self.assertEqual(self.ask("book", "F1", "Ida <ida@post.example> adult", CARD, "1C"), (0, "booking 1\n", ""))
        self.assertEqual(self.ask("show", "1"), (0, "F1 1C Ida: 1250 (booked)\n", ""))

    def test_a_fare(self):
        self.assertEqual(self.ask("fare", "HV-SK", "child"), (0, "1490\n", ""))

    def test_failures(self):
        self.assertEqual(self.ask("fare", "HV-LB", "child")[0], 4)
        self.assertEqual(self.ask("show", "9"), (4, "", "error: no booking 9\n"))

    def test_the_next(self):
        self.assertEqual(self.ask("next", "HV-OY", "08:00"), (0, "F3 at 16:00\n", ""))
        self.assertEqual(self.ask("next", "HV-OY", "18:00"), (0, "none\n", ""))
