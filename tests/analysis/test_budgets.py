"""Budget curves from hand-made episodes: where they are cut, what they give, what is said of it."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any

import pytest
from sample import spec

import builders
from llmsweep.analysis.budgets import CellBudgets, budgets_table, cell_budgets, chosen_budgets, cut
from llmsweep.analysis.plots.budgets import plot_budgets
from llmsweep.types import FRESH, Act, Budget, Episode, Turn, Usage

TOKENS = 100


def turn(passed: bool | None, tokens: int | None = TOKENS, **changes: Any) -> Turn:
    usage = Usage(input_tokens=tokens, output_tokens=None if tokens is None else 0)
    return Turn(**{"usage": usage, "duration_s": 1.0, "passed": passed, **changes})


def run(
    after: Sequence[bool | None],
    stop: str = "submitted",
    *,
    task: int = 0,
    repeat: int = 0,
    turns: int = 6,
    **changes: Any,
) -> Episode:
    """An episode by whether its workspace passed after each turn."""
    budget = changes.pop("budget", Budget(turns=turns))
    one = spec(builders.cell(budget=budget, max_tokens=64), f"micro/t{task:02}", repeat)
    made = {"turns": tuple(map(turn, after)), "stop": stop, **changes}
    return builders.episode(one, passed=bool(after and after[-1]), **made)


def curves(episodes: Sequence[Episode], **verdicts: Any) -> CellBudgets:
    found = cell_budgets(episodes, verdicts.pop("verdicts", {}), **verdicts)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("stop", "budget", "expected"),
    [
        ("submitted", Budget(turns=2), (2, "turns")),
        ("submitted", Budget(turns=3), (3, "submitted")),
        ("submitted", Budget(turns=9), (3, "submitted")),
        ("submitted", Budget(turns=9, tokens=100), (1, "tokens")),
        ("submitted", Budget(turns=9, tokens=101), (2, "tokens")),
        ("submitted", Budget(turns=9, tokens=300), (3, "submitted")),
        ("submitted", Budget(turns=1, tokens=100), (1, "turns")),
        ("submitted", Budget(turns=9, seconds=1.5), (1, "seconds")),
        ("submitted", Budget(turns=9, seconds=1.6), (2, "seconds")),
        ("submitted", Budget(turns=9, seconds=0.0), (0, "seconds")),
        ("turns", Budget(turns=3, tokens=300), (3, "turns")),
        ("turns", Budget(turns=4, tokens=300), (3, "tokens")),
        ("turns", Budget(turns=4), (3, "turns")),
        ("context", Budget(turns=3, tokens=1), (1, "tokens")),
        ("looping", Budget(turns=3), (3, "looping")),
    ],
)
def test_an_episode_is_cut_where_the_loop_would_have_ended_it(stop, budget, expected):
    """Turns of 100 tokens and 1.5 s, actions included: the turn that crosses a budget still counts."""
    act = Act(name="check", status="failed", duration_s=0.5)
    episode = run([False] * 3, stop, turns=6)
    episode = builders.replace(episode, turns=tuple(turn(False, acts=(act,)) for _ in range(3)))
    found = cut(episode, budget)
    assert (found.turns, found.stop) == expected


def test_tokens_that_were_not_reported_count_nothing_as_in_the_loop():
    episode = builders.replace(run([False] * 3), turns=(turn(False, None), turn(False), turn(False)))
    assert cut(episode, Budget(turns=9, tokens=100)).turns == 2
    found = curves([episode])
    assert "tokens were not reported in 1 of 1 episodes" in found.absent["tokens"]
    assert math.isnan(found.curves["turns"].points[0].tokens)


def test_passing_at_and_passed_by_are_what_the_workspaces_say():
    """One passes at once, one after its third turn, one passes and then breaks it, one never."""
    episodes = [
        run([True], task=0),
        run([False, False, True], task=1),
        run([False, True, False, False], task=2),
        run([False] * 6, "turns", task=3),
    ]
    found = curves(episodes)
    points = found.curves["turns"].points
    assert [point.budget for point in points] == [1, 2, 3, 4, 5, 6]
    assert [point.at.value for point in points] == [0.25, 0.5, 0.5, 0.5, 0.5, 0.5]
    assert [point.by.value for point in points] == [0.25, 0.5, 0.75, 0.75, 0.75, 0.75]
    assert [point.uncut for point in points] == [0.25, 0.25, 0.5, 0.75, 0.75, 0.75]
    assert [point.tokens for point in points] == [100, 175, 250, 300, 325, 350]
    assert (found.undone, found.failed) == (1, {"submitted": 1, "turns": 1})
    assert points[-1].change.value == 0


def test_the_estimand_is_the_mean_over_tasks():
    """A task with three attempts weighs as much as one with a single one."""
    episodes = [*(run([False, True], task=0, repeat=r) for r in range(3)), run([False, False], task=1)]
    assert [p.at.value for p in curves(episodes).curves["turns"].points[:2]] == [0.0, 0.5]


def test_whatever_happens_passed_by_never_falls_and_holds_what_passes_now():
    draw = random.Random(5)
    episodes = [
        run(
            [draw.random() < 0.4 for _ in range(draw.randint(1, 6))],
            draw.choice(["submitted", "turns", "looping"]),
            task=t % 12,
            repeat=t // 12,
        )
        for t in range(60)
    ]
    found = curves(episodes)
    assert set(found.curves) == {"turns", "tokens", "seconds"}
    for curve in found.curves.values():
        by = [point.by.value for point in curve.points]
        assert by == sorted(by)
        assert all(point.by.value >= point.at.value for point in curve.points)
        assert all(point.at.low <= point.at.value <= point.at.high for point in curve.points)
        assert curve.points[-1].at.value == pytest.approx(found.under(Budget(turns=6)).at.value)


def test_verdicts_of_kept_workspaces_fill_in_and_an_episode_with_an_unknown_one_is_left_out():
    kept = tuple(turn(None, snapshot=name) for name in "abc")
    known = builders.replace(run([False] * 3, task=0), passed=True, turns=kept)
    unknown = builders.replace(known, key="other", turns=(turn(None, snapshot="lost"), *kept[1:]))
    unkept = builders.replace(known, key="third", turns=(turn(None), *kept[1:]))
    verdicts = {(known.task_digest, "a"): False, (known.task_digest, "b"): True}
    found = curves([known, unknown, unkept], verdicts=verdicts)
    assert (found.episodes, found.left_out) == (1, 2)
    assert [p.at.value for p in found.curves["turns"].points[:3]] == [0, 1, 1]
    assert cell_budgets([unknown], verdicts) is None
    assert "2 episodes left out" in " ".join(chosen_budgets(found).why)


def test_faults_and_confirmations_are_passed_over_and_of_a_key_the_last_counts():
    first, again = run([False]), run([True])
    fault = builders.replace(run([False], task=1), passed=None, stop="error", fault="provider")
    fresh = run([False], task=2, repeat=FRESH)
    found = curves([first, fault, fresh, again])
    assert (found.episodes, found.left_out) == (1, 0)
    assert found.curves["turns"].points[0].at.value == 1


def many(passing_after: Sequence[int | None], *, turns: int = 12, stop: str = "turns") -> list[Episode]:
    """One task each: solved after so many turns (and submitted), or never."""
    return [
        run([False] * (n - 1) + [True], task=t, turns=turns)
        if n is not None
        else run([False] * turns, stop, task=t, turns=turns)
        for t, n in enumerate(passing_after)
    ]


def test_a_smaller_budget_that_gives_as_much_is_recommended_with_what_was_seen():
    found = curves(many([1, 2, 3, 3, 4, 4, 5, 5] * 5 + [9] + [None] * 29))
    chosen = chosen_budgets(found)
    assert found.curves["turns"].enough.budget == 5
    assert chosen.turns == 5
    assert "12 asked, 5 suffice: 57 % (95 %:" in chosen.why[0]
    assert "59 % at 12" in chosen.why[0]
    assert chosen.tokens is not None
    assert 400 < chosen.tokens <= 1200
    both = found.under(Budget(turns=5, tokens=chosen.tokens))
    assert both.change.value >= -0.025
    assert chosen.caveat is None


def test_a_loss_that_chance_could_hide_is_not_taken_for_none():
    """Two of ten pass late: the interval of the difference holds 0, and 20 points were lost."""
    found = curves(many([1, 1, 2, 2, 2, 6, 6, None, None, None], turns=6))
    lost = found.curves["turns"].points[1].change
    assert lost.high >= 0
    assert found.curves["turns"].enough.budget == 6


def test_where_hardly_anything_passes_nothing_is_said_to_suffice():
    found = curves(many([1, 1, 1, 1] + [None] * 20, turns=6))
    assert chosen_budgets(found).turns == 6
    assert "nobody can say what suffices" in chosen_budgets(found).why[0]
    few = curves(many([1, 1, 1, 1], turns=6))
    assert "4 tasks cannot tell one budget from another" in chosen_budgets(few).why[0]


def test_a_rate_that_still_rises_is_a_ceiling_and_says_what_to_raise():
    found = curves(many([1] * 10 + [11, 12] * 6 + [None] * 18))
    chosen = chosen_budgets(found)
    assert found.curves["turns"].rises
    assert chosen.turns == 12
    assert chosen.caveat is not None
    assert "still rises at 12 turns" in chosen.caveat
    assert "18 of 18 failures ended by turns: raise turns (baseline.turns) first" in chosen.caveat


def test_a_few_late_passes_are_no_proof_but_are_told():
    found = curves(many([1] * 10 + [11, 12] + [None] * 28))
    assert not found.curves["turns"].rises
    assert "may still rise" in str(chosen_budgets(found).caveat)
    assert found.curves["turns"].enough.budget == 11
    assert chosen_budgets(found).turns == 12
    assert chosen_budgets(curves(many([1] * 10 + [12] + [None] * 29))).caveat is None


def test_what_nothing_failed_for_want_of_is_no_ceiling():
    episodes = many([1] * 10 + [11, 12] * 6) + many([None] * 5, stop="looping")
    episodes = [builders.replace(e, key=f"k{i}") for i, e in enumerate(episodes)]
    found = curves(episodes)
    assert found.curves["turns"].late is None
    assert chosen_budgets(found).caveat is None


def test_tokens_come_first_where_most_failures_ran_out_of_them():
    asked = Budget(turns=12, tokens=1000)
    late = [run([False] * 9 + [True], task=t, budget=asked) for t in range(12)]
    early = [run([True], task=t, budget=asked) for t in range(12, 18)]
    stopped = [run([False] * 10, "tokens", task=t, budget=asked) for t in range(18, 30)]
    found = curves([*late, *early, *stopped])
    assert found.curves["tokens"].bounded
    assert found.curves["tokens"].points[-1].budget == 1000
    caveat = str(chosen_budgets(found).caveat)
    assert "raise tokens (baseline.tokens) first" in caveat
    assert chosen_budgets(found).tokens == 1000


def test_answers_that_max_tokens_cut_are_named_before_any_budget():
    cutoff = [
        builders.replace(e, turns=(*e.turns[:-1], turn(False, stop_reason="length")))
        for e in many([None] * 18)
    ]
    solved = many([None] * 18 + [1] * 10 + [11, 12] * 6)[18:]
    assert "raise max_tokens first" in str(chosen_budgets(curves([*cutoff, *solved])).caveat)


def test_seconds_of_two_machines_or_loads_give_no_curve():
    one, other = run([True], task=0), run([True], task=1, machine="elsewhere")
    assert "2 machines" in curves([one, other]).absent["seconds"]
    other = run([True], task=1, concurrency=4)
    assert "at 1 and 4 at once" in curves([one, other]).absent["seconds"]


def test_a_smaller_max_tokens_has_a_lower_bound_only():
    """As long as the cap counts as too long; not reported counts as the longest."""

    def said(*tokens: int | None) -> tuple[Turn, ...]:
        return tuple(turn(True, usage=Usage(input_tokens=1, output_tokens=n)) for n in tokens)

    episodes = [
        builders.replace(run([True], task=t), turns=said(*tokens))
        for t, tokens in enumerate([(10,), (10, 30), (60,), (None,)])
    ]
    found = {bound.max_tokens: bound for bound in curves(episodes).bounds}
    assert [found[cap].rate.value for cap in (10, 12, 30, 40, 60, 64)] == [0, 0.25, 0.25, 0.5, 0.5, 1.0]
    assert found[12].calls == pytest.approx(3 / 5)


def test_an_episode_without_a_turn_and_one_that_was_cut_before_its_first_fail():
    spent = run([], "seconds", budget=Budget(turns=3, seconds=0.0))
    other = run([True], task=1, budget=Budget(turns=3, seconds=0.0))
    found = curves([spent, other])
    assert found.under(Budget(turns=3, seconds=0.0)).at.value == 0
    assert found.under(Budget(turns=3)).at.value == 0.5


def test_the_table_and_the_picture_hold_every_point(tmp_path):
    found = {"baseline": curves(many([1, 2, 3] * 6 + [None] * 6)), "other": curves(many([1] * 8))}
    table = budgets_table(found)
    assert set(table["kind"]) == {"turns", "tokens", "seconds", "max_tokens"}
    assert set(table.loc[table["kind"] == "max_tokens", "what"]) == {"bound"}
    turns = table[(table["cell"] == "baseline") & (table["kind"] == "turns")]
    assert list(turns["budget"]) == [float(n) for n in range(1, 13)]
    assert turns["enough"].sum() == 1
    figure = plot_budgets(found, "m on micro")
    figure.savefig(tmp_path / "budgets.svg", metadata={"Date": None})
    drawn = (tmp_path / "budgets.svg").read_text()
    assert len(figure.axes) == 8
    assert "max_tokens (lower bound)" in drawn or len(drawn) > 20_000


def test_a_single_turn_and_one_episode_do_not_break_anything():
    found = curves([run([True], turns=1)])
    chosen = chosen_budgets(found)
    assert "end nothing before a first turn" in chosen.why[1]
    assert (chosen.turns, chosen.tokens, chosen.caveat) == (1, None, None)
    assert "nothing smaller could be tried" in chosen.why[0]
    plot_budgets({"only": found}, "m on micro")
