import unittest
from datetime import datetime, timezone

from ferry.board import board
from ferry.clock import instant, parse, show
from ferry.crew import at_sea, hours
from ferry.timetable import per_day, read_sailings, sailing


class Clock(unittest.TestCase):
    def test_winter(self):
        self.assertEqual(parse("2024-02-03 07:45"), datetime(2024, 2, 3, 6, 45, tzinfo=timezone.utc))

    def test_summer(self):
        self.assertEqual(parse("2024-07-10 07:45"), datetime(2024, 7, 10, 5, 45, tzinfo=timezone.utc))

    def test_there_and_back(self):
        for text in ("2024-02-03 07:45", "2024-07-10 07:45", "2023-12-31 23:59"):
            self.assertEqual(show(parse(text)), text)


class Board(unittest.TestCase):
    def test_what_has_left_is_not_shown(self):
        rows = board(read_sailings("data/sailings.csv"), instant("2024-07-10T06:30Z"))
        self.assertEqual(rows[0], "2024-07-10 08:45  Petrel     arrives 2024-07-10 09:35")
        self.assertEqual(len(rows), 4)

    def test_winter(self):
        rows = board([sailing("Heron", "2024-02-03 07:45", "50")], instant("2024-02-03T06:45Z"))
        self.assertEqual(rows, ["2024-02-03 07:45  Heron      arrives 2024-02-03 08:35"])


class Days(unittest.TestCase):
    def test_per_day(self):
        days = per_day(read_sailings("data/sailings.csv"))
        self.assertEqual(days, {"2024-02-03": 1, "2024-07-10": 4, "2024-07-11": 1})


class Crew(unittest.TestCase):
    def test_hours(self):
        self.assertEqual(hours("data/log.csv"), {"Anders": "1:45", "Birgit": "0:48"})

    def test_back_before_it_left(self):
        with self.assertRaises(ValueError):
            at_sea("2024-07-10 08:45", "2024-07-10 08:15")
