from __future__ import annotations

import pytest

from llmsweep.agent.ceilings import ceiling, halfway
from llmsweep.types import Act, Turn, Usage

WROTE, FAILED = Act(name="write_file", status="ok"), Act(name="check", status="failed")


def turn(snapshot: str | None = None, *acts: Act, **more) -> Turn:
    return Turn(usage=Usage(), snapshot=snapshot, acts=acts, **more)


@pytest.mark.parametrize(
    ("stop", "turns", "expected"),
    [
        ("context", [turn("a")], "context"),
        ("submitted", [turn("a")], "capability"),
        ("looping", [turn("a")] * 3, "capability"),
        ("malformed", [turn("a")] * 3, "capability"),
        ("gave_up", [turn("a")] * 3, "capability"),
        ("submitted", [turn("a"), turn("b", stop_reason="length")], "token"),
        ("malformed", [turn("a", stop_reason="length")] * 2 + [turn("a")], "token"),
        ("malformed", [turn("a", stop_reason="length")] + [turn("a")] * 2, "capability"),
        ("turns", [], "turn"),
        ("turns", [turn("a"), turn("b", WROTE)], "turn"),
        ("seconds", [turn("a"), turn("b", WROTE)], "turn"),
        ("tokens", [turn("a"), turn("b", WROTE)], "token"),
        ("turns", [turn("a"), turn("b", WROTE, FAILED)], "capability"),
        ("turns", [turn("a", WROTE), turn("a")], "capability"),
        ("turns", [turn(None, WROTE), turn(None, WROTE, slips=("repeated",))], "capability"),
        ("turns", [turn("a", progress=0.25), turn("b"), turn("c", progress=0.5)], "turn"),
        ("tokens", [turn("a", progress=0.25), turn("b"), turn("c", progress=0.5)], "token"),
        ("turns", [turn("a", progress=0.5), turn("b"), turn("c", WROTE, progress=0.5)], "capability"),
        ("turns", [turn("a", progress=0.5), turn("b"), turn("c", WROTE, progress=0.25)], "capability"),
        ("turns", [turn("a"), turn("b", FAILED, progress=0.5)], "capability"),
    ],
)
def test_the_rule(stop, turns, expected):
    assert ceiling(stop, turns) == expected


def test_half_of_the_turns_is_looked_at_only_where_a_budget_ended_it():
    turns = [turn(name) for name in "abcde"]
    assert halfway("turns", turns) == 1
    assert halfway("tokens", turns[:2]) == 0
    assert halfway("submitted", turns) is None
    assert halfway("turns", turns[:1]) is None
    assert halfway("turns", [turn(None), turn(None)]) is None
