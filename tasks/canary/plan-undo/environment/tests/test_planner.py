import unittest

from planner.planner import Planner


class Undo(unittest.TestCase):
    def setUp(self):
        self.planner = Planner()
        self.planner.change("add_bed", "south")
        self.planner.change("put", "south", "kale", (0, 0))

    def test_moving_is_undone(self):
        self.planner.change("put", "south", "kale", (3, 1))
        self.planner.undo()
        self.assertEqual(self.planner.plan.beds, {"south": {"kale": (0, 0)}})

    def test_redo(self):
        self.planner.undo()
        self.planner.redo()
        self.assertEqual(self.planner.plan.beds, {"south": {"kale": (0, 0)}})

    def test_a_new_bed_is_undone(self):
        self.planner.change("add_bed", "north")
        self.planner.undo()
        self.assertEqual(list(self.planner.plan.beds), ["south"])
