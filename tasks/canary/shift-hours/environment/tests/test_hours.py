import unittest

from hours.report import report
from hours.sheet import Shift, read_sheet


class Hours(unittest.TestCase):
    def test_march(self):
        self.assertEqual(report("data/march.csv"), "Ines 0.5\n")

    def test_a_night(self):
        self.assertEqual(read_sheet("data/march.csv")[2].minutes, 480)
