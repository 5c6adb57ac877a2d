import unittest

from depot.sizes import fits, litres, parse_size, too_big
from depot.tariff import base_price, format_price, price


class Sizes(unittest.TestCase):
    def test_the_longest_side_comes_first(self):
        self.assertEqual(parse_size("9x100x30"), (100, 30, 9))

    def test_a_parcel_may_be_turned_to_fit(self):
        self.assertTrue(fits((60, 30, 20), (20, 60, 30)))
        self.assertFalse(fits((61, 30, 20), (20, 60, 30)))

    def test_a_litre_that_has_begun_counts(self):
        self.assertEqual(litres((40, 30, 20)), 24)
        self.assertEqual(litres((11, 10, 10)), 2)

    def test_what_is_too_big(self):
        self.assertTrue(too_big((201, 1, 1)))
        self.assertFalse(too_big((100, 50, 50)))


class Tariff(unittest.TestCase):
    def test_a_limit_belongs_to_the_cheaper_band(self):
        self.assertEqual(base_price(1000), 390)
        self.assertEqual(base_price(1001), 590)

    def test_each_five_kilograms_that_have_begun_above_twenty(self):
        self.assertEqual(base_price(20_001), 1690)
        self.assertEqual(base_price(25_000), 1690)

    def test_express_is_the_same_in_every_zone(self):
        self.assertEqual(price(1000, 1, express=True), 840)
        self.assertEqual(price(21_000, 3, express=True), 3154)

    def test_prices_as_text(self):
        self.assertEqual(format_price(1305), "13.05")
