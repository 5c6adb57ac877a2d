import unittest

from gaps import find_gaps

DAY = """
# greenhouse, south
2026-03-01T08:00 17.5
2026-03-01T08:15 17.9
2026-03-01T09:30 19.0
2026-03-01T09:40 19.2
"""
NIGHT = """
2026-03-01T23:50 15.0
2026-03-02T01:00 14.2
"""
MIXED = """
2026-03-01T08:00 17.5
2026-03-01T08:20 17.7
2026-03-01T08:10 17.6
2026-03-01T08:30 17.9
"""


class Gaps(unittest.TestCase):
    def test_a_pause_on_one_day(self):
        self.assertEqual(find_gaps(DAY, 30), [("2026-03-01T08:15", "2026-03-01T09:30")])

    def test_a_pause_across_midnight(self):
        self.assertEqual(find_gaps(NIGHT, 30), [("2026-03-01T23:50", "2026-03-02T01:00")])

    def test_lines_out_of_order(self):
        self.assertEqual(find_gaps(MIXED, 15), [])
