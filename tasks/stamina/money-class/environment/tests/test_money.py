"""What the new class must do at the least; docs/money.md says it all."""

import unittest
from decimal import Decimal

from coop.money import CurrencyError, Money


class MoneyTest(unittest.TestCase):
    def test_text(self):
        self.assertEqual(str(Money(1250)), "12.50 EUR")
        self.assertEqual(Money.parse("EUR 12,5"), Money(1250))

    def test_sums(self):
        self.assertEqual(Money(150) + Money(75), Money(225))
        self.assertEqual(Money(333) * Decimal("1.5"), Money(500))
        with self.assertRaises(CurrencyError):
            Money(1) + Money(1, "SEK")

    def test_shares(self):
        self.assertEqual(Money(100).share([1, 1, 1]), [Money(34), Money(33), Money(33)])


if __name__ == "__main__":
    unittest.main()
