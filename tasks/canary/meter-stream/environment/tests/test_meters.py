import subprocess
import sys
import unittest

from meters import stats
from meters.export import day_of, table
from meters.report import report
from meters.source import Row, by_meter, rows, single


def night():
    with open("data/night.txt", encoding="utf-8") as file:
        return file.read().splitlines()


class Source(unittest.TestCase):
    def test_rows(self):
        self.assertEqual(list(rows(["# x", "", "A 0 1.5\n", "oops"])), [Row("A", 0, 1.5)])

    def test_doubled_lines_count_once(self):
        found = [Row("A", 0, 1.5), Row("A", 0, 1.5), Row("A", 1, 1.5)]
        self.assertEqual(list(single(iter(found))), [found[0], found[2]])

    def test_by_meter(self):
        found = [Row("A", 0, 1.0), Row("A", 1, 1.0), Row("B", 0, 1.0)]
        self.assertEqual([(meter, len(list(group))) for meter, group in by_meter(found)], [("A", 2), ("B", 1)])


class Stats(unittest.TestCase):
    def setUp(self):
        self.rows = [Row("A", i, v) for i, v in enumerate([1.0, 5.0, 5.0, 6.0, 1.0])]

    def test_numbers(self):
        self.assertEqual(stats.count(self.rows), 5)
        self.assertEqual(stats.mean(self.rows), 3.6)
        self.assertEqual(stats.peak(self.rows), Row("A", 3, 6.0))
        self.assertEqual(stats.alarms(self.rows, 4), 1)
        self.assertEqual(stats.alarms(self.rows, 5), 0)

    def test_nothing(self):
        self.assertIsNone(stats.mean([]))
        self.assertIsNone(stats.peak([]))


class Report(unittest.TestCase):
    lines = [
        "H-101 mean 62.2 peak 63.2@30 alarms 0",
        "H-102 mean 72.8 peak 75.0@45 alarms 1",
        "H-207 mean 89.8 peak 91.0@15 alarms 0",
    ]

    def test_report(self):
        self.assertEqual(list(report(night())), self.lines)

    def test_command(self):
        done = subprocess.run([sys.executable, "-m", "meters", "data/night.txt"], capture_output=True, text=True)
        self.assertEqual(done.stdout.splitlines(), self.lines)

    def test_table(self):
        self.assertEqual(table(night())[-1], ["all", "", "", "1"])

    def test_day(self):
        self.assertEqual(day_of("H-102", [70.0, 73.0, 73.0, 73.0]).alarms, 1)
