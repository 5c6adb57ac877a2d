import contextlib
import io
import unittest

from coop.cli import main
from coop.exchange import Rates
from coop.money import Money
from coop.split import equal, split_cost


class Sharing(unittest.TestCase):
    def test_a_cost(self):
        self.assertEqual(split_cost(Money(1000), {"lu": 1, "ida": 3}), {"ida": Money(750), "lu": Money(250)})

    def test_equal_weights(self):
        self.assertEqual(equal(["a", "b"]), {"a": 1, "b": 1})

    def test_rates(self):
        self.assertEqual(Rates({"SEK": "11.2"}).convert(Money(1000), "SEK"), Money(11200, "SEK"))


class CommandLine(unittest.TestCase):
    def test_bills(self):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            self.assertEqual(main(["bills", "2025-05-05"]), 0)
        self.assertEqual(out.getvalue(), "EUR: 0.20 EUR\n")

    def test_an_unknown_verb(self):
        with contextlib.redirect_stderr(io.StringIO()):
            self.assertEqual(main(["fly"]), 2)
