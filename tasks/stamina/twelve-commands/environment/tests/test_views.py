import unittest

from tests.helper import CommandTest


class List(CommandTest):
    def test_list(self):
        self.assertEqual(self.good("list"), ["apples  16 pc", "flour   1.5 kg !", "milk    2 l !", "salt    750 g"])

    def test_a_shelf(self):
        self.assertEqual(self.good("list", "--low", "--shelf", "a1"), ["flour  1.5 kg !"])
        self.assertEqual(self.ask("list", "--shelf", "b7"), (1, [], ""))


class Show(CommandTest):
    def test_show(self):
        self.assertEqual(
            self.good("show", "flour"),
            ["flour (g)", "shelf: a1", "minimum: 2 kg", "stock: 1.5 kg low", "  2025-11-30 1 kg", "  - 500 g"],
        )

    def test_what_is_not_there(self):
        self.assertEqual(self.ask("show", "tea"), (3, [], "larder: no item tea"))


class Expire(CommandTest):
    def test_expire(self):
        self.assertEqual(self.good("expire", "2025-05-12"), ["2025-05-09 apples 4 pc"])
        self.assertIn("lot 2025-05-09 4\n", self.text())

    def test_drop(self):
        self.assertEqual(
            self.good("expire", "2025-05-13", "--drop"),
            ["2025-05-09 apples 4 pc", "2025-05-12 milk 2 l", "dropped: 2"],
        )
        self.assertEqual(self.ask("expire", "2025-05-13"), (1, [], ""))


class Shop(CommandTest):
    def test_shop(self):
        self.assertEqual(self.good("shop"), ["a1 flour 2.5 kg", "fridge milk 4 l"])

    def test_days(self):
        self.assertEqual(self.good("shop", "--days", "7"), ["a1 flour 12.5 kg", "fridge milk 19 l"])


if __name__ == "__main__":
    unittest.main()
