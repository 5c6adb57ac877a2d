import unittest

from quotes.prices import PriceList
from quotes.service import QuoteService


class Quotes(unittest.TestCase):
    def setUp(self):
        self.prices = PriceList()
        self.service = QuoteService(self.prices)

    def test_quantity(self):
        self.assertEqual(self.service.quote("A1", 2), 500)
        self.assertEqual(self.service.quote("A1", 10), 2375)

    def test_books_have_fixed_prices(self):
        self.assertEqual(self.service.quote("B7", 100), 180000)

    def test_prices_are_looked_up_once(self):
        for _ in range(3):
            self.service.quote("A1", 2)
        self.assertEqual(self.prices.lookups, 1)

    def test_groups(self):
        self.assertEqual(self.service.quote("A1", 2, group="staff"), 425)
        self.assertEqual(QuoteService(self.prices).quote("A1", 10, "member"), 2280)

    def test_unknown_group(self):
        with self.assertRaises(ValueError):
            self.service.quote("A1", 1, group="friends")
