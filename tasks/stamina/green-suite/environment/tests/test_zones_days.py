import unittest
from datetime import date, datetime

from depot.workdays import add_workdays, delivery_day, is_workday
from depot.zones import UnknownPostcode, load_table, zone_of

XMAS = {date(2025, 12, 25), date(2025, 12, 26)}


class Zones(unittest.TestCase):
    def test_the_longest_prefix_wins(self):
        self.assertEqual(zone_of("79100", {"7": 2, "791": 1, "79": 3}), 1)

    def test_a_range_holds_both_its_ends(self):
        table = load_table("70-73 2  # the south\n")
        self.assertEqual(sorted(table), ["70", "71", "72", "73"])

    def test_a_range_keeps_its_width(self):
        self.assertEqual(load_table("08-10 3\n"), {"08": 3, "09": 3, "10": 3})

    def test_an_unknown_postcode(self):
        with self.assertRaises(UnknownPostcode):
            zone_of("123", {"9": 1})


class Workdays(unittest.TestCase):
    def test_holidays_do_not_count(self):
        self.assertEqual(add_workdays(date(2025, 12, 24), 1, XMAS), date(2025, 12, 29))

    def test_what_comes_after_the_cut_off_starts_on_the_next_working_day(self):
        friday_evening = datetime(2025, 5, 9, 16, 30)
        self.assertEqual(delivery_day(friday_evening, 1), date(2025, 5, 13))
        self.assertEqual(delivery_day(datetime(2025, 12, 24, 18, 0), 2, XMAS), date(2025, 12, 31))

    def test_the_weekend(self):
        self.assertFalse(is_workday(date(2025, 5, 10)))
        self.assertTrue(is_workday(date(2025, 5, 12)))


if __name__ == "__main__":
    unittest.main()
