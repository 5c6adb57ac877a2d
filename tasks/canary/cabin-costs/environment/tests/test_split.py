import unittest

from split.ledger import balances, read_trip, weights
from split.money import units, written
from split.settle import payments
from split.shares import shares


class Money(unittest.TestCase):
    def test_read(self):
        self.assertEqual([units(t, "EUR") for t in ("12.5", "12", "0.07", "-3.10")], [1250, 1200, 7, -310])

    def test_written(self):
        self.assertEqual([written(n, "EUR") for n in (1250, 7, -310, 0)], ["12.50", "0.07", "-3.10", "0.00"])

    def test_unknown_currency(self):
        with self.assertRaises(ValueError):
            units("1", "XXX")


class Shares(unittest.TestCase):
    def test_even(self):
        self.assertEqual(shares(900, {"anna": 2, "ben": 1}, ["anna", "ben"], "anna"), {"anna": 600, "ben": 300})

    def test_they_add_up(self):
        for amount in (100, 10000, 4550, 1):
            parts = shares(amount, {"anna": 1, "ben": 1, "cleo": 1}, ["anna", "ben", "cleo"], "anna")
            self.assertEqual(sum(parts.values()), amount)

    def test_nobody(self):
        with self.assertRaises(ValueError):
            shares(900, {"anna": 0}, ["anna"], "anna")


class Trip(unittest.TestCase):
    def test_weights(self):
        self.assertEqual(weights("anna:2 ben"), {"anna": 2, "ben": 1})

    def test_the_books_balance(self):
        for currency, sheet in balances(read_trip("data/cabin.csv")).items():
            self.assertEqual(sum(sheet.values()), 0)
            self.assertTrue(payments(sheet, currency))

    def test_payments(self):
        self.assertEqual(
            payments({"anna": 500, "ben": -300, "cleo": -200}, "EUR"), [("ben", "anna", 300), ("cleo", "anna", 200)]
        )
