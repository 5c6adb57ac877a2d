import unittest

from kitchen.reader import read_recipe
from kitchen.shopping import shopping_list
from kitchen.units import UNITS


class Kitchen(unittest.TestCase):
    def test_reader(self):
        self.assertIn((250.0, "g", "flour"), read_recipe("recipes/pancakes.txt"))
        self.assertIn((3.0, "", "eggs"), read_recipe("recipes/pancakes.txt"))

    def test_units(self):
        self.assertEqual(UNITS["dl"], (100, "ml"))

    def test_two_recipes(self):
        lines = shopping_list(["recipes/pancakes.txt", "recipes/sauce.txt"]).splitlines()
        self.assertIn("milk 700 ml", lines)
        self.assertIn("butter 50 g", lines)
        self.assertIn("eggs 4", lines)
