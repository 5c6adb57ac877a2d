"""What is said of replays: when a share of them is right, and how right those were that a belief would have stopped."""

from __future__ import annotations

import math

import pytest

from llmsweep.analysis.contests import Run, contests_table, standing


def run(beliefs: list[float], right: list[bool], *, ended: bool = False) -> Run:
    looks = [
        (24.0 * (i + 1), 1_000.0 * (i + 1), r, b, 0.0 if r else 0.1)
        for i, (b, r) in enumerate(zip(beliefs, right, strict=True))
    ]
    return Run.of(looks, ended=ended)


def test_a_belief_stops_a_run_where_it_held_in_two_looks_running():
    found = standing(
        "race",
        [
            run([0.5, 0.96, 0.6, 0.96, 0.97, 0.99], [False, False, False, True, True, True]),
            run([0.96, 0.96, 0.5], [False, False, True]),
            run([0.96, 0.5, 0.96], [True, True, True]),
        ],
    )
    (ninety, believed) = found.stops
    assert (ninety.level, believed.level) == (0.90, 0.95)
    assert believed.count == 2, "the third never held it"
    assert believed.episodes == pytest.approx((24 * 5 + 24 * 2) / 2)
    assert believed.stated == pytest.approx((0.97 + 0.96) / 2)
    assert believed.right == 0.5


def test_an_own_stop_is_the_last_look_of_a_run_that_ended():
    found = standing("race", [run([0.5, 0.6], [False, True], ended=True), run([0.5, 0.6], [True, False])])
    (own,) = found.stops
    assert (own.level, own.count, own.episodes, own.right) == (None, 1, 48.0, 1.0)


def test_strategies_without_a_belief_have_no_stops_by_belief():
    (found,) = [standing("grid", [run([math.nan] * 3, [False, True, True])])]
    assert found.stops == ()
    table = contests_table([found])
    assert table["believed_95"].item() == 0
    assert math.isnan(table["believed_95_right"].item())
