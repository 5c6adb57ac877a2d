import unittest
from datetime import datetime

from depot.shelves import Full, Shelves
from depot.tracking import Tracker


class ShelvesTest(unittest.TestCase):
    def test_the_callers_mapping_is_not_changed(self):
        capacities = {"A": 50, "B": 40}
        Shelves(capacities).put("KD1", 30)
        self.assertEqual(capacities, {"A": 50, "B": 40})

    def test_a_release_makes_room(self):
        shelves = Shelves({"A": 50})
        shelves.put("KD1", 30)
        shelves.release("KD1")
        self.assertEqual(shelves.put("KD2", 50), "A")

    def test_the_shelf_with_the_least_room_that_is_enough(self):
        shelves = Shelves({"A": 90, "B": 40, "C": 40})
        self.assertEqual(shelves.put("KD1", 30), "B")
        self.assertEqual(shelves.where("KD1"), "B")

    def test_no_room(self):
        with self.assertRaises(Full):
            Shelves({"A": 10}).put("KD1", 11)


class Tracking(unittest.TestCase):
    def test_the_latest_event_counts_whenever_it_was_added(self):
        tracker = Tracker()
        tracker.add("KD1", datetime(2025, 5, 5, 12), "on its way")
        tracker.add("KD1", datetime(2025, 5, 5, 9), "accepted")
        self.assertEqual(tracker.status("KD1"), "on its way")

    def test_parcels_that_are_stuck_for_days(self):
        tracker = Tracker()
        tracker.add("KD1", datetime(2025, 5, 2, 17), "on its way")
        tracker.add("KD2", datetime(2025, 5, 5, 8), "on its way")
        tracker.add("KD3", datetime(2025, 5, 2, 12), "delivered")
        tracker.add("KD3", datetime(2025, 5, 2, 9), "on its way")
        self.assertEqual(tracker.stuck(datetime(2025, 5, 5, 18), 24), ["KD1"])

    def test_a_stranger(self):
        self.assertEqual(Tracker().status("KD9"), "unknown")
