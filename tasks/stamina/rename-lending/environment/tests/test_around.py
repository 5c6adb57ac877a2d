import contextlib
import io
import os
import tempfile
import unittest
from unittest import mock

from toolshed import Shed, Tool, check_in, check_out, evening, notices
from toolshed.batch import book
from toolshed.cli import main
from toolshed.hooks import load_hooks
from toolshed.kiosk import Kiosk
from toolshed.planning import plan, plan_preset
from toolshed.report import week
from toolshed.rules import load_rules
from toolshed.wrappers import Guarded


class FakeShed:
    """Takes everything and remembers it."""

    def __init__(self):
        self.seen = []

    def check_in(self, code, day):
        self.seen.append((code, day))
        return 0


class Around(unittest.TestCase):
    def setUp(self):
        self.shed = Shed([Tool("D1", "drill"), Tool("L1", "ladder"), Tool("S1", "spade", retired=True)])

    def test_batch(self):
        text = "direction,code,member,day\nout,D1,ana,1\nin,D1,ana,2\nin,D1,ana,2\n"
        self.assertEqual(book(self.shed, text), (2, ["line 4: D1 is in already"]))

    def test_kiosk_calls_the_desk(self):
        with mock.patch("toolshed.kiosk.pick_up") as pick_up:
            pick_up.side_effect = lambda *a, say: say("done")
            self.assertEqual(Kiosk(self.shed, "ana").press("+", "D1", 4), "done")

    def test_evening_with_a_fake(self):
        shed = FakeShed()
        self.assertEqual(evening.empty_box(shed, ["D1", "L1"], 9), ({"D1": 0, "L1": 0}, []))
        self.assertEqual(shed.seen, [("D1", 9), ("L1", 9)])

    def test_evening_with_a_mock(self):
        shed = mock.Mock(spec=["can_check_out", "check_out"])
        evening.hand_out_reserved(shed, [("D1", "ana")], 3)
        shed.check_out.assert_called_once_with("D1", "ana", 3)

    def test_permissions(self):
        member = Guarded(self.shed, "member")
        member.check_out("D1", "ana", 1)
        with self.assertRaisesRegex(Exception, "check_in is not for this role"):
            member.check_in("D1", 2)

    def test_our_config(self):
        shed = Shed(self.shed.tools.values(), rules=load_rules("config/rules.json"), hooks=load_hooks("config/hooks.json"))
        notices.BOARD.clear()
        check_out(shed, "D1", "ana", 1)
        self.assertEqual(check_in(shed, "D1", 10), 100)
        self.assertEqual(notices.BOARD, ["day 1: drill checked out", "day 10: drill checked in"])
        self.assertRaises(Exception, check_out, shed, "S1", "ana", 1)

    def test_plans(self):
        self.assertEqual(plan(["D1", "L1"], 1, check_out_days=3), [("D1", 1, 4), ("L1", 5, 8)])
        self.assertEqual(plan_preset("weekend", ["D1", "L1"], 1, check_in_slack=1)[1], ("L1", 4, 6))

    def test_report(self):
        check_out(self.shed, "D1", "ana", 1)
        self.assertEqual(week(self.shed.journal, 0), ["checked out: 1 (D1 1)", "checked in: 0"])

    def test_command_line(self):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as out:
            state = ["--state", os.path.join(folder, "state.json")]
            self.assertEqual(main([*state, "check-out", "D1", "ana", "--day", "3"]), 0)
            self.assertEqual(main([*state, "check-out", "D1", "bo", "--day", "4"]), 3)
            self.assertEqual(main([*state, "check-in", "D1", "--day", "12"]), 0)
        self.assertIn("D1 checked in, 100 cents late fee", out.getvalue())
