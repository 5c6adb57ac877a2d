import contextlib
import io
import os
import pickle
import tempfile
import unittest
from datetime import date
from fractions import Fraction
from unittest import mock

import archive
import board
import canteen
import importer
import night
from canteen import Ingredient, Menu, ParseError, Recipe, _split_line, convert, parse_recipe, write

SOUP = "# Soup (4)\n1 1/2 l water\n2 carrot, in slices\na pinch of salt\n> Cook.\ntags: vegan, hot\n"


class Kitchen(unittest.TestCase):
    def test_units(self):
        self.assertEqual(convert(3, "tbsp", "ml"), 45)
        self.assertRaises(canteen.UnknownUnit, canteen.to_base, 1, "barrel")
        self.assertEqual(canteen.format_amount(*canteen.best_unit(1500, "mass")), "1.5 kg")

    def test_parsing(self):
        soup = parse_recipe(SOUP)
        self.assertEqual(soup.ingredients[0], Ingredient("water", Fraction(3, 2), "l"))
        self.assertEqual(_split_line("2 carrot, in slices"), (2, "carrot", "", "in slices"))
        self.assertRaisesRegex(ParseError, "line 2", parse_recipe, "# Soup (4)\nwater\n")

    def test_strict(self):
        text = "# Soup (4)\n2 big carrot\n"
        self.assertEqual(parse_recipe(text).ingredients[0].name, "big carrot")
        with mock.patch.object(canteen, "STRICT", True):
            self.assertRaises(ParseError, parse_recipe, text)

    def test_scaling(self):
        self.assertEqual([str(one) for one in Recipe.from_text(SOUP).scaled(10).ingredients], ["3.75 l water", "5 carrot, in slices", "a pinch of salt"])

    def test_rounding(self):
        soup = parse_recipe("# S (3)\n100 g flour\n")
        self.assertEqual(str(soup.scaled(4).ingredients[0]), "135 g flour")
        with mock.patch("canteen.ROUND_TO", 10):
            self.assertEqual(str(soup.scaled(4).ingredients[0]), "130 g flour")

    def test_formats(self):
        soup = parse_recipe(SOUP)
        self.assertEqual(parse_recipe(write(soup)), soup)
        self.assertEqual(soup.to_text("card").splitlines()[:2], ["SOUP", "1.5 l  water"])
        self.assertIn("<h1>Soup</h1>", soup.to_text("html"))
        self.assertRaises(canteen.CanteenError, write, soup, "pdf")

    def test_week(self):
        book = canteen.load_book("data/book.txt")
        with mock.patch("canteen._today", return_value=date(2026, 3, 5)):
            menu = canteen.plan_week(list(book.values()), 20)
            self.assertEqual(list(menu.days)[0], date(2026, 3, 9))
        with mock.patch("canteen._today", return_value=date(2026, 3, 10)):
            self.assertEqual(board.today(menu), "Lentil soup")
        self.assertIn("6 l water", map(str, canteen.merge_ingredients(menu.recipes()[1].ingredients)))

    def test_cost(self):
        self.assertEqual(parse_recipe("# S (1)\n500 g flour\n2 egg\n").cost(), 120)

    def test_command_line(self):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            self.assertEqual(canteen.main(["show", "Carrot salad", "--portions", "12"]), 0)
        self.assertEqual(out.getvalue().splitlines()[:2], ["# Carrot salad (12)", "3 kg carrot"])


class Around(unittest.TestCase):
    def test_importer(self):
        recipe = importer.import_line("Bread", "flour = 1 kg; egg = 2; milk=250ml")
        self.assertEqual([str(one) for one in recipe.ingredients], ["1 kg flour", "2 egg", "250 ml milk"])

    def test_archive(self):
        menu = archive.fetch("data/week.txt")
        self.assertIsInstance(menu, Menu)
        self.assertEqual([recipe.title for recipe in menu.recipes()], ["Stew", "Salad"])
        path = os.path.join(tempfile.mkdtemp(), "menu.txt")
        archive.keep(menu, path)
        self.assertEqual(archive.fetch(path), menu)
        self.assertIn(b"ccanteen\nRecipe", pickle.dumps(menu.recipes(), protocol=0))

    def test_night(self):
        self.assertIs(night.find("list"), canteen.shopping_list)
        self.assertEqual(canteen.run_job("next_monday", date(2026, 3, 5)), date(2026, 3, 9))

    def test_board(self):
        screen = board.Screen()
        self.addCleanup(screen.close)
        canteen.parse_book(SOUP + "---\n" + SOUP)
        self.assertEqual(screen.lines, ["canteen: Soup stands twice in the book"])
