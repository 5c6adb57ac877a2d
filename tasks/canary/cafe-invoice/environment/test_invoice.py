import unittest

from invoice import line_total, receipt, total


class Invoice(unittest.TestCase):
    def test_plain(self):
        self.assertEqual(line_total("2.35", 3), "7.05")
        self.assertEqual(total([("2.35", 3), ("1.10", 2)]), "9.25")

    def test_half_a_cent_goes_up(self):
        self.assertEqual(line_total("0.25", 1, 50), "0.13")
        self.assertEqual(line_total("2.05", 1, 50), "1.03")

    def test_the_total_adds_rounded_lines(self):
        self.assertEqual(total([("0.25", 1, 50), ("0.25", 1, 50)]), "0.26")

    def test_receipt(self):
        self.assertEqual(receipt([("2.35", 3)]).splitlines()[-1], "total               7.05")
