import unittest

from stock.audited import AuditedStock, replay
from stock.nightly import shortage
from stock.orders import fulfil
from stock.rules import read_rules
from stock.store import OutOfStock, Stock
from stock.terminal import Terminal
from stock.web import answer


class Sites(unittest.TestCase):
    def test_each_site_has_its_own(self):
        stock = Stock()
        stock.put("A1", 5, site="north")
        self.assertEqual(stock.take("A1", 2, site="north"), 3)
        self.assertEqual((stock.left("A1", site="north"), stock.left("A1", site="central")), (3, 0))
        with self.assertRaises(OutOfStock):
            stock.take("A1", 1, site="central")

    def test_the_site_must_be_said(self):
        stock = Stock()
        for call in (stock.put, stock.take):
            with self.assertRaises(TypeError):
                call("A1", 1)
            with self.assertRaises(TypeError):
                call("A1", 1, "north")
        with self.assertRaises(TypeError):
            stock.left("A1")

    def test_an_order(self):
        stock = Stock()
        stock.put("A1", 2, site="north")
        self.assertEqual(fulfil(stock, [("A1", 2)], "north"), [("A1", 2, "north")])


class Users(unittest.TestCase):
    def test_terminal(self):
        stock = Stock()
        terminal = Terminal(stock, "central")
        self.assertEqual(terminal.say("put A1 3"), "ok")
        self.assertEqual(terminal.say("take A1 1"), "2")
        self.assertEqual(terminal.say("take A1 9"), "A1: 9 wanted, 2 there")

    def test_web(self):
        self.assertEqual(answer(Stock(), "/fly/A1"), (404, "no such action"))
        self.assertEqual(answer(Stock(), "/take"), (400, "bad request"))

    def test_rules(self):
        self.assertEqual(list(read_rules("rules.json")), ["samples", "recount"])

    def test_nightly(self):
        self.assertEqual(shortage(Stock(), {}), {})

    def test_journal(self):
        self.assertEqual(AuditedStock().journal, [])
        self.assertEqual(replay([]).journal, [])
