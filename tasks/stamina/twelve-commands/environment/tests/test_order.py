import unittest

from tests.helper import CommandTest


class Move(CommandTest):
    def test_move(self):
        self.assertEqual(self.good("move", "flour", "milk", "a1"), ["moved: 1"])
        self.assertIn("item milk ml a1 3000\n", self.text())

    def test_all_or_none(self):
        self.assertEqual(self.ask("move", "flour", "tea", "b2")[0], 3)
        self.assertIn("item flour g a1 2000\n", self.text())


class Rename(CommandTest):
    def test_rename(self):
        self.assertEqual(self.good("rename", "apples", "pears"), ["apples -> pears"])
        self.assertIn("item pears pc cellar 10\nlot 2025-05-09 4\n", self.text())

    def test_a_name_that_is_taken(self):
        self.assertEqual(self.ask("rename", "apples", "milk"), (3, [], "larder: milk is there already"))


class Merge(CommandTest):
    def test_merge(self):
        self.assertEqual(self.good("merge", "salt", "flour"), ["flour: 2.25 kg"])
        self.assertIn("lot - 1250\n", self.text())
        self.assertNotIn("salt", self.text())

    def test_other_units(self):
        self.assertEqual(self.ask("merge", "milk", "flour"), (3, [], "larder: flour is kept in g"))


if __name__ == "__main__":
    unittest.main()
