import unittest
from unittest import mock

from toolshed import CheckInError, CheckOutError, QuotaShed, Shed, Tool, WorkshopShed, check_outdoor, desk, workshop
from toolshed.hooks import Hooks
from toolshed.wrappers import RecordedShed

TOOLS = [Tool("D1", "drill", power=True), Tool("L1", "ladder", outdoor=True), Tool("S1", "spade")]


class Sheds(unittest.TestCase):
    def test_check_out_and_check_in(self):
        shed = Shed(TOOLS)
        self.assertEqual(shed.check_out("D1", "ana", 3).due, 10)
        self.assertFalse(shed.can_check_out("D1"))
        self.assertEqual(shed.check_inventory(), ["L1", "S1"])
        self.assertEqual(shed.check_in("D1", 13), 200)

    def test_refused(self):
        shed = Shed(TOOLS)
        shed.check_out("D1", "ana", 3)
        with self.assertRaises(CheckOutError):
            shed.check_out("D1", "bo", 4)
        with self.assertRaises(CheckInError):
            shed.check_in("L1", 4)

    def test_workshop_check_out_wants_training(self):
        shed = WorkshopShed(TOOLS, trained=["ana"])
        with self.assertRaises(CheckOutError):
            shed.check_out("D1", "bo", 1)
        shed.check_out("D1", "ana", 1)
        shed.check_in("D1", 2)
        self.assertEqual(shed.oiled, ["D1"])

    def test_quota(self):
        shed = QuotaShed(TOOLS)
        with mock.patch.object(workshop, "CHECK_OUT_LIMIT", 1):
            shed.check_out("D1", "bo", 1)
            self.assertRaises(CheckOutError, shed.check_out, "L1", "bo", 1)
        self.assertEqual(shed.check_out("L1", "bo", 1).member, "bo")

    def test_override_reaches_the_shed(self):
        with mock.patch.object(Shed, "check_out", return_value="loan") as below:
            self.assertEqual(WorkshopShed(TOOLS).check_out("S1", "bo", 5), "loan")
        below.assert_called_once_with("S1", "bo", 5, None)

    def test_events(self):
        seen = []
        hooks = Hooks({"before_check_out": [lambda *a: seen.append("before")], "after_check_in": [lambda *a: seen.append("after")]})
        shed = Shed(TOOLS, hooks=hooks)
        shed.check_out("S1", "bo", 1)
        shed.check_in("S1", 2)
        self.assertEqual(seen, ["before", "after"])

    def test_recorded(self):
        shed = RecordedShed(Shed(TOOLS))
        shed.check_out("S1", "bo", 1)
        shed.check_inventory()
        self.assertEqual([name for name, _ in shed.calls], ["check_out", "check_inventory"])

    def test_outdoor(self):
        self.assertFalse(check_outdoor(TOOLS[1], winter=True))


class Desk(unittest.TestCase):
    def test_sentences(self):
        said, shed = [], Shed(TOOLS)
        desk.check_out(shed, "S1", "bo", 1, say=said.append)
        desk.check_in(shed, "S1", 2, say=said.append)
        self.assertEqual(said, ["S1 checked out by bo until day 8", "S1 checked in"])

    def test_swap(self):
        shed = Shed(TOOLS)
        shed.check_out("S1", "bo", 1)
        self.assertEqual(desk.swap(shed, "S1", "L1", 2).code, "L1")
        self.assertRaises(CheckInError, desk.swap, shed, "S1", "D1", 2)
