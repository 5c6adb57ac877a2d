import contextlib
import io
import unittest

from coop import amounts
from coop.cli import main
from coop.exchange import Rates
from coop.split import equal, split_cost


class Sharing(unittest.TestCase):
    def test_a_cost(self):
        self.assertEqual(split_cost(10.0, {"lu": 1, "ida": 3}), {"ida": 7.5, "lu": 2.5})

    def test_equal_weights(self):
        self.assertEqual(equal(["a", "b"]), {"a": 1, "b": 1})

    def test_rates(self):
        self.assertEqual(Rates({"SEK": 11.2}).convert(10.0, "EUR", "SEK"), 112.0)

    def test_pairs(self):
        self.assertEqual(amounts.add((1, 50), (0, 75)), (2, 25))
        self.assertEqual(amounts.show((0, -5)), "-0.05")


class CommandLine(unittest.TestCase):
    def test_bills(self):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            self.assertEqual(main(["bills", "2025-05-05"]), 0)
        self.assertEqual(out.getvalue(), "EUR: 0.20\n")

    def test_an_unknown_verb(self):
        with contextlib.redirect_stderr(io.StringIO()):
            self.assertEqual(main(["fly"]), 2)
