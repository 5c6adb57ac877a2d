"""canteen as a package; docs/split.md says the rest."""

import unittest

import canteen


class Package(unittest.TestCase):
    def test_modules(self):
        from canteen import model, output, parsing, planning, scaling, units

        self.assertIs(canteen.Recipe, model.Recipe)
        self.assertIs(canteen.FORMATS, output.FORMATS)
        self.assertIs(canteen._split_line, parsing._split_line)
        self.assertIs(canteen._round_amount, scaling._round_amount)
        self.assertIs(canteen.Menu, planning.Menu)
        self.assertIs(canteen._UNITS, units._UNITS)

    def test_names_in_pickles(self):
        self.assertEqual(canteen.Recipe.__module__, "canteen")
