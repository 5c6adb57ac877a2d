import os
import tempfile
import unittest

from labels.fields import number, text
from labels.orders import Order, read_orders
from labels.records import lines_of, write
from labels.verify import verify


class Fields(unittest.TestCase):
    def test_text(self):
        self.assertEqual(text("Kiel", 8), "Kiel    ")
        self.assertEqual(text(" Wilhelmshaven ", 8), "Wilhelms")

    def test_number(self):
        self.assertEqual(number(850, 5), "00850")


class Lines(unittest.TestCase):
    def test_parcel(self):
        line = lines_of("X", [Order("Ina Holm", "Strandgade 4", "01067", "Dresden", 850)])[1]
        self.assertEqual(line[:7], "P000001")
        self.assertEqual(line[7:31].rstrip(), "Ina Holm")
        self.assertEqual(line[59:], "01067   Dresden 00850")

    def test_every_line_has_80_bytes(self):
        for line in lines_of("NORDLICHT", read_orders("data/orders.csv")):
            self.assertEqual(len(line.encode()), 80)

    def test_trailer(self):
        self.assertEqual(lines_of("X", read_orders("data/orders.csv"))[-1][:15], "T00000300002480")


class File(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "out.txt")

    def test_the_carrier_takes_it(self):
        write(self.path, "NORDLICHT", read_orders("data/orders.csv"))
        with open(self.path, "rb") as file:
            self.assertEqual(verify(file.read()), 3)

    def test_a_short_line_is_refused(self):
        with self.assertRaises(ValueError):
            verify(b"H" + b" " * 79 + b"\r\nT000000\r\n")
