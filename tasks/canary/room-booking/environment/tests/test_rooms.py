import unittest

from rooms.book import Book
from rooms.report import day
from rooms.times import format_time, parse_time


class Times(unittest.TestCase):
    def test_parse(self):
        self.assertEqual(parse_time("9:30"), 570)
        self.assertEqual(parse_time("10:45"), 645)

    def test_format(self):
        self.assertEqual(format_time(570), "9:30")

    def test_nonsense(self):
        for text in ("9", "9:5", "25:00", "9:60", "nine"):
            with self.assertRaises(ValueError):
                parse_time(text)


class Bookings(unittest.TestCase):
    def test_the_report_of_yesterday(self):
        book = Book()
        book.add("garden", "9:30", "11:00", "Ada")
        with self.assertRaises(ValueError):
            book.add("garden", "10:45", "12:00", "Bo")

    def test_touching_is_fine(self):
        book = Book()
        book.add("garden", "9:00", "10:00", "Ada")
        book.add("garden", "10:00", "11:00", "Bo")
        book.add("tower", "9:30", "10:30", "Cy")
        self.assertEqual(day(book).splitlines()[1], "garden: 10:00-11:00 Bo")
