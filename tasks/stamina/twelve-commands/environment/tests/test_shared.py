import os
import unittest

from larder.errors import Refused, Usage
from larder.quantities import parse_quantity, show_quantity
from larder.store import parse, show
from larder.words import split
from tests.helper import CommandTest


class Shared(CommandTest):
    def test_init(self):
        self.assertEqual(self.ask("init")[0], 3)
        os.remove(self.path)
        self.assertEqual(self.good("init"), [f"new file {self.path}"])
        self.assertEqual(self.text(), "larder 1\n")

    def test_an_unknown_command(self):
        self.assertEqual(self.ask("fly")[0], 2)

    def test_quantities(self):
        self.assertEqual(parse_quantity("1.5kg"), (1500, "g"))
        self.assertEqual(parse_quantity("6"), (6, None))
        self.assertEqual(show_quantity(1250, "ml"), "1.25 l")
        self.assertEqual(show_quantity(1250, "pc"), "1250 pc")
        with self.assertRaises(Usage):
            parse_quantity("0.0005 kg")

    def test_the_file(self):
        self.assertEqual(show(parse(self.text())), self.text())
        with self.assertRaises(Refused):
            parse("larder 1\nlot - 5\n")

    def test_arguments(self):
        self.assertEqual(split(["a", "--x", "1", "b"], valued=("--x",)), (["a", "b"], {"--x": "1"}))
        with self.assertRaises(Usage):
            split(["--x"], valued=("--x",))


if __name__ == "__main__":
    unittest.main()
