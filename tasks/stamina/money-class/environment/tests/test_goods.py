import unittest

from coop.basket import Basket
from coop.catalog import cheapest, load_catalog
from coop.invoice import invoice
from coop.vat import net_and_tax


class Goods(unittest.TestCase):
    def setUp(self):
        self.catalog = load_catalog("data/catalog.csv")

    def test_prices(self):
        self.assertEqual(self.catalog["AP"].price, 2.35)
        self.assertEqual(cheapest(self.catalog).code, "AP")

    def test_a_basket(self):
        basket = Basket(percent=10)
        basket.add(self.catalog["CH"], 0.35)
        basket.add(self.catalog["SO"], 2)
        self.assertAlmostEqual(basket.subtotal(), 13.24, 2)
        self.assertAlmostEqual(basket.total(), 11.92, 2)

    def test_tax(self):
        self.assertEqual(net_and_tax(11.9, 19), (10.0, 1.9))

    def test_an_invoice(self):
        basket = Basket()
        basket.add(self.catalog["BR"], 2)
        lines = invoice(7, "ida", basket).splitlines()
        self.assertEqual(lines[0], "Invoice 7 for ida")
        self.assertEqual(lines[2].split(), ["2", "x", "bread", "8.20"])
        self.assertEqual(lines[-2].split(), ["total", "8.20"])

    def test_nothing_is_refused(self):
        with self.assertRaises(ValueError):
            Basket().add(self.catalog["BR"], 0)
