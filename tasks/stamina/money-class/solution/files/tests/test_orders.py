import os
import shutil
import tempfile
import unittest

from coop import reports
from coop.money import Money
from coop.orders import OrderBook
from coop.suppliers import due, largest, load_bills


class Orders(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        self.path = os.path.join(folder, "orders.jsonl")
        shutil.copy("data/orders.jsonl", self.path)
        self.book = OrderBook(self.path)

    def test_an_order_is_kept(self):
        self.assertEqual(self.book.add("bo", "2025-05-11", Money(420)).number, 5)
        self.assertEqual(OrderBook(self.path).orders[-1].total, Money(420))

    def test_what_a_member_has_spent(self):
        self.assertEqual(self.book.spent("ida"), Money(3250))

    def test_the_month(self):
        self.assertEqual(
            reports.month(self.book, "2025-05"),
            "2025-05-02 #2 bo: 8.15 EUR\n2025-05-02 #3 ida: 20.00 EUR\n2025-05-10 #4 lu: 0.30 EUR\n3 orders: 28.45 EUR",
        )

    def test_the_top_spenders(self):
        self.assertEqual(reports.top_spenders(self.book, 1), [("ida", Money(3250))])


class Suppliers(unittest.TestCase):
    def test_what_is_due(self):
        sums = due(load_bills("data/bills.txt"), "2025-05-31")
        self.assertEqual(sums, {"EUR": Money(24070), "SEK": Money(120000, "SEK"), "JPY": Money(15800, "JPY")})

    def test_the_largest(self):
        self.assertEqual(largest(load_bills("data/bills.txt"), "EUR").supplier, "Mill")
        self.assertIsNone(largest([], "EUR"))
