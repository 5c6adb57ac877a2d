import unittest

from house.hub import Hub
from house.rules import House


class Delivery(unittest.TestCase):
    def setUp(self):
        self.hub, self.seen = Hub(), []

    def listener(self, word):
        return lambda name, data: self.seen.append((word, name))

    def test_by_name_and_rank(self):
        self.hub.on("a", self.listener("late"), rank=-1)
        self.hub.on("a", self.listener("first"))
        self.hub.on("b", self.listener("other"))
        self.hub.on("*", self.listener("all"))
        self.assertEqual(self.hub.send("a"), 3)
        self.assertEqual(self.seen, [("first", "a"), ("all", "a"), ("late", "a")])

    def test_removed(self):
        off = self.hub.on("a", self.listener("x"))
        off()
        off()
        self.assertEqual(self.hub.send("a"), 0)

    def test_once(self):
        self.hub.once("a", self.listener("one"))
        self.hub.once("a", self.listener("two"))
        self.hub.send("a")
        self.hub.send("a")
        self.assertEqual(self.seen, [("one", "a"), ("two", "a")])


class InTheHouse(unittest.TestCase):
    def test_welcome(self):
        house = House(["hall", "cellar"])
        house.welcome("hall")
        house.doors["hall"].move(True)
        self.assertTrue(house.lamps["hall"].on)
        self.assertEqual(house.journal.lines, ["door.opened place=hall"])

    def test_follow(self):
        house = House(["hall", "cellar"])
        house.lamps["hall"].follow("door.opened")
        house.doors["cellar"].move(True)
        self.assertFalse(house.lamps["hall"].on)

    def test_scene(self):
        house = House(["hall"], {"night": [("lock", {}), ("dim", {"to": 5})]})
        house.journal.everything()
        house.hub.send("scene.start", {"scene": "night"})
        self.assertIn("dim scene=night to=5", house.journal.lines)

    def test_a_scene_that_nobody_hears(self):
        house = House(["hall"], {"night": [("lock", {})]})
        house.hub.send("scene.start", {"scene": "night"})
        self.assertEqual(house.scenes.unheard, [("night", "lock")])
