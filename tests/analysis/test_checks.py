"""What is paired, what is left out, and what a verdict says."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from builders import cell, episode, task
from llmsweep.analysis.checks.pairs import flips, plan, side_of, whole
from llmsweep.analysis.checks.report import Report
from llmsweep.analysis.checks.verdict import Terms, judge, tokens, ttft
from llmsweep.analysis.checks.written import as_junit, as_markdown, commands
from llmsweep.analysis.stats import judge_rate, judge_ratio, judge_typical, pairs_needed
from llmsweep.manifest import Manifest
from llmsweep.store import Row
from llmsweep.sweep.check import Check
from llmsweep.sweep.design import Design
from llmsweep.types import FRESH, EpisodeSpec

TASKS = [task(f"t/{name}") for name in "abc"]
BASE = cell()
MEASURES = {"tokens": (tokens, tokens), "ttft": (ttft, ttft)}


def one(name: int, repeat: int, passed: bool | None = True, **changes):
    return episode(
        EpisodeSpec(task=TASKS[name], cell=BASE, repeat=repeat, harness="h"), passed=passed, **changes
    )


def side(episodes):
    about = Manifest(
        model="m",
        suite="t",
        suite_version="1",
        suite_digest="d",
        strategy="grid",
        baseline=BASE,
        tasks={t.id: t.digest for t in TASKS},
        harness=["h"],
    )
    return side_of(episodes, about, BASE, "m", "its only cell")


def test_passes_are_complete_over_all_tasks_and_each_attempt_is_used_once():
    recorded = [one(n, r) for n, most in ((0, 3), (1, 2), (2, 4)) for r in range(most)]
    faulty = [one(1, 2, None), one(0, FRESH), one(0, -1)]
    base = side([*recorded, *faulty])
    assert base.faults == 1
    planned = plan(base, base.about.tasks, lambda task, repeat: True)
    assert [len(p) for p in planned.passes] == [3, 3]
    assert planned.spare == 9 - 6
    used = [spot for p in planned.passes for spot in p]
    assert len(set(used)) == len(used)


def test_tasks_that_are_not_the_same_are_left_out_with_a_reason():
    base = side([one(n, 0) for n in (0, 1)])
    digests = {"t/a": "another", "t/b": TASKS[1].digest, "t/c": TASKS[2].digest}
    planned = plan(base, digests, lambda task, repeat: True)
    assert planned.tasks == ["t/b"]
    assert "not those that the baseline ran" in planned.left_out["t/a"]
    assert "no scored attempt" in planned.left_out["t/c"]


def test_pairs_end_before_the_first_pass_that_is_not_whole():
    base = side([one(n, r) for n in range(3) for r in range(3)])
    planned = plan(base, base.about.tasks, lambda task, repeat: True)
    ours = {(e.task_id, e.repeat): e for e in (one(n, r) for n in range(3) for r in (0, 2))}
    ours["t/a", 1] = one(0, 1)
    assert {e.repeat for _, e in whole(planned, base, ours)} == {0}


def test_flips_are_counted_both_ways_and_those_that_lost_most_come_first():
    pairs = [(one(0, 0), one(0, 0, False)), (one(0, 1, False), one(0, 1)), (one(1, 0), one(1, 0, False))]
    found = flips([*pairs, (one(2, 0), one(2, 0))])
    assert [(f.task, f.won, f.lost, f.both) for f in found] == [
        ("t/b", 0, 1, 0),
        ("t/a", 1, 1, 0),
        ("t/c", 0, 0, 1),
    ]


def test_one_regression_is_enough_and_a_pass_needs_all():
    dear = [replace(t, usage=replace(t.usage, output_tokens=900)) for t in one(0, 0).turns]
    pairs = [(one(n, r), one(n, r, turns=tuple(dear))) for r in range(30) for n in range(3)]
    terms = Terms(margin=0.1, alpha=0.05, ceilings={"tokens": 1.2})
    found = judge(pairs, 3, terms, MEASURES)
    assert (found.rate.answer, found.ceilings["tokens"].judged.answer, found.answer) == (
        "pass",
        "regressed",
        "regressed",
    )
    assert judge(pairs[:27], 3, terms, MEASURES).answer == "undecided"
    assert judge(pairs, 3, replace(terms, ceilings={}), MEASURES).answer == "pass"


def test_what_was_not_reported_is_counted_and_no_task_weighs_more_for_it():
    silent = one(0, 0, turns=())
    pairs = [(one(n, r), silent if (n, r) == (0, 0) else one(n, r)) for r in range(20) for n in range(3)]
    found = judge(pairs, 3, Terms(margin=0.1, alpha=0.05, ceilings={"tokens": 1.2}), MEASURES).ceilings[
        "tokens"
    ]
    assert found.missing == 1
    assert found.judged.pairs == 57


def test_nothing_run_is_undecided_in_every_form():
    found = judge(
        [], 0, Terms(margin=0.1, alpha=0.05, ceilings={"tokens": 1.2, "ttft": 1.5}), MEASURES, {"ttft": "no"}
    )
    assert found.answer == "undecided"
    report = Report(
        verdict=found,
        terms=Terms(margin=0.1, alpha=0.05),
        baseline="a|b",
        candidate="<c>",
        differs="",
        suite="s",
        tasks=0,
        passes=(0, 0),
        faults=(0, 0),
        notes=[],
    )
    assert "a\\|b" in as_markdown(report)
    assert "&lt;c>" in as_markdown(report)
    assert 'failures="0"' in as_junit(report)
    assert next(commands(report)).startswith("::warning title=llmsweep check%3A undecided::")


def test_a_strategy_proposes_one_pass_at_a_time_until_it_is_answered():
    design = Design(baseline=BASE, space={}, tasks=TASKS, harness=lambda c: "h")
    passes = [[(t.id, r) for t in TASKS] for r in range(3)]
    asked: list[int] = []
    strategy = Check(design=design, passes=passes, answered=lambda n: bool(asked.append(n)) or n >= 2)
    table = {}
    for expected in (0, 1):
        batch = strategy.next(table)
        assert {(s.task.id, s.repeat) for s in batch} == {(t.id, expected) for t in TASKS}
        broken = {batch[0].task.id}
        assert strategy.next(table, broken) == []
        for spec in batch:
            table[spec.key] = Row(
                task_id=spec.task.id,
                cell_id=BASE.id,
                repeat=spec.repeat,
                passed=True,
                machine="",
                tokens=1,
                duration_s=1,
            )
    assert strategy.next(table) == []
    assert asked == [1, 1, 2] or asked == [1, 2]


@pytest.mark.parametrize(("margin", "differing"), [(0.1, 0.0), (0.1, 0.2), (0.2, 0.1), (0.05, 0.1)])
def test_as_many_pairs_as_are_said_to_be_needed_decide_about_half_of_the_time(margin, differing):
    random, said = np.random.default_rng(5), pairs_needed(margin, differing, 0.05)
    spent = 0
    for _ in range(200):
        chances = [differing / 2, differing / 2, 1 - differing]
        values = random.choice([1.0, -1.0, 0.0], p=chances, size=said)
        spent += judge_rate(values, margin, 0.05, block=1).answer == "pass"
    assert spent / 200 > 0.35 if differing else spent == 200
    assert spent / 200 < 0.75 or not differing


def test_what_is_not_within_the_margin_is_never_said_to_be_needed():
    assert pairs_needed(0.1, 0.2, 0.05, -0.1) is None
    assert pairs_needed(0.1, 0.2, 0.05, -0.05) > pairs_needed(0.1, 0.2, 0.05)


def test_ratios_hold_the_truth_and_see_what_is_clear():
    random = np.random.default_rng(3)
    theirs = np.exp(random.normal(5, 0.5, 160))
    for judge_one in (judge_ratio, judge_typical):
        found = judge_one((theirs, theirs * np.exp(random.normal(0.3, 0.1, 160))), 1.2, 0.05, block=16)
        assert found.answer == "regressed"
        assert 1.2 < found.low < 1.35 < found.high
        assert judge_one((theirs, theirs), 1.2, 0.05, block=16).answer == "pass"
        few = judge_one((theirs[:16], theirs[:16]), 1.2, 0.05, block=16)
        assert few.answer == "undecided"
        assert math.isinf(few.high)


def test_a_small_loss_is_told_without_being_a_regression():
    values = np.tile([0.0] * 19 + [-1.0], 40)
    found = judge_rate(values, 0.1, 0.05, block=20)
    assert (found.answer, found.harmed) == ("pass", True)
