import unittest
from decimal import Decimal

from coop.basket import Basket
from coop.catalog import cheapest, load_catalog
from coop.invoice import invoice
from coop.money import Money
from coop.vat import net_and_tax


class Goods(unittest.TestCase):
    def setUp(self):
        self.catalog = load_catalog("data/catalog.csv")

    def test_prices(self):
        self.assertEqual(self.catalog["AP"].price, Money(235))
        self.assertEqual(cheapest(self.catalog).code, "AP")

    def test_a_basket(self):
        basket = Basket(percent=10)
        basket.add(self.catalog["CH"], Decimal("0.35"))
        basket.add(self.catalog["SO"], 2)
        self.assertEqual(basket.subtotal(), Money(1325))
        self.assertEqual(basket.total(), Money(1192))

    def test_tax(self):
        self.assertEqual(net_and_tax(Money(1190), 19), (Money(1000), Money(190)))

    def test_an_invoice(self):
        basket = Basket()
        basket.add(self.catalog["BR"], 2)
        lines = invoice(7, "ida", basket).splitlines()
        self.assertEqual(lines[0], "Invoice 7 for ida")
        self.assertEqual(lines[2].split(), ["2", "x", "bread", "8.20", "EUR"])
        self.assertEqual(lines[-2].split(), ["total", "8.20", "EUR"])

    def test_nothing_is_refused(self):
        with self.assertRaises(ValueError):
            Basket().add(self.catalog["BR"], 0)
