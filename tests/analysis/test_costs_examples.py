"""The worked examples: E1 (two cells on 500 tasks) and E3 (a machine of $4,699), to the digits given."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from llmsweep.analysis.costs.curve import per_solved
from llmsweep.analysis.costs.draws import Rows, paired_draws
from llmsweep.analysis.costs.handling import Handling, cost_of_pass
from llmsweep.analysis.costs.machine import Amortised, Machine
from llmsweep.analysis.costs.scene import Scene, figure, fixed_side
from llmsweep.analysis.costs.verdict import verdict
from llmsweep.analysis.stats import rate_interval

READ, MADE, CACHED = 150_898.9, 9_101.1, 0.85
LOCAL, CLOUD = (14.0381514, 300, 500), (279.16737045, 353, 500)
SPARK = Machine(
    name="spark", mode="buy", price=4699, residual=0.3, years=3, watts=80, idle_watts=25, kwh_dollars=0.17,
    prefill_tokens_s=1723, decode_tokens_s=55,
)  # fmt: skip
T = SPARK.time(READ * (1 - CACHED), MADE)
assert T is not None


def mean(dollars: float, solved: int, tasks: int) -> tuple[float, float]:
    return dollars / tasks, solved / tasks


def scene(fix: float, cloud: float, cloud_solved: float, machine: Machine = SPARK) -> Scene:
    return Scene(
        machine=machine,
        handling=Handling(review=0, fix=fix),
        local=fixed_side(0.1869, seconds=T, joules=machine.added(T)),
        cloud=fixed_side(cloud_solved, cloud),
    )


def test_e1_cost_of_pass_full_cost_and_break_even():
    people = Handling(review=5, fix=40, damage=0)
    assert cost_of_pass(*mean(*LOCAL)) == pytest.approx(0.046794, abs=5e-7)
    assert cost_of_pass(*mean(*CLOUD)) == pytest.approx(0.790842, abs=5e-7)
    assert people.full(*mean(*LOCAL)) == pytest.approx(19.0281, abs=5e-5)
    assert people.full(*mean(*CLOUD)) == pytest.approx(15.8483, abs=5e-5)
    assert people.fix_break_even(mean(*LOCAL), mean(*CLOUD)) == pytest.approx(10.0024, abs=5e-5)


@pytest.mark.parametrize(("side", "ends"), [(LOCAL, (0.5565, 0.6420)), (CLOUD, (0.6646, 0.7442))])
def test_e1_intervals(side: tuple[float, int, int], ends: tuple[float, float]):
    """Wilson's to four digits, and the bootstrap's within 2 % of it; that of the cost of pass follows from it."""
    dollars, solved, tasks = side
    passes = np.array([1] * solved + [0] * (tasks - solved))
    found = rate_interval(passes, np.ones(tasks, dtype=np.int64))
    assert (round(found.low, 4), round(found.high, 4)) == ends
    values = np.stack([passes, np.full(tasks, dollars / tasks)], axis=1).astype(np.float64)
    (drawn,) = paired_draws([Rows(np.arange(tasks), values)], tasks)
    assert len(drawn) == 10_001
    rate = figure(drawn[:, 0])
    assert (rate.low, rate.high) == pytest.approx(ends, rel=0.02)
    spent = figure(per_solved(drawn[:, 1], drawn[:, 0]))
    assert spent.value == pytest.approx(dollars / solved)
    assert (spent.low, spent.high) == pytest.approx(
        (dollars / tasks / ends[1], dollars / tasks / ends[0]), rel=0.02
    )


def test_e3_the_machine():
    assert pytest.approx(178.61, abs=5e-3) == T
    assert SPARK.capital_month == pytest.approx(91.3694, abs=5e-5)
    assert SPARK.idle_month == pytest.approx(3.1025, abs=5e-5)
    assert SPARK.fixed_month == pytest.approx(94.4719, abs=5e-5)
    assert SPARK.marginal(T) == pytest.approx(0.000464, abs=5e-7)
    assert SPARK.capacity(T) == pytest.approx(14_713.5, abs=0.05)
    assert SPARK.time(READ, MADE) == pytest.approx(253.05, abs=5e-3)


def test_e3_the_same_weights_in_the_cloud():
    same = scene(0, 0.02809, 0.1869)
    assert float(same.break_even[0]) == pytest.approx(3_419.7, abs=0.05)
    assert same.utilisation(float(same.break_even[0])) == pytest.approx(0.232, abs=5e-4)
    cared = scene(0, 0.02809, 0.1869, replace(SPARK, upkeep_hours=2, wage_hour=60))
    assert float(cared.break_even[0]) == pytest.approx(7_763, abs=0.5)
    assert cared.utilisation(float(cared.break_even[0])) == pytest.approx(0.528, abs=5e-4)


@pytest.mark.parametrize(
    ("used", "dollars"), [(0.02, 1.72), (0.10, 0.346), (0.25, 0.140), (0.50, 0.071), (1.0, 0.037)]
)
def test_e3_a_solved_task_by_utilisation(used: float, dollars: float):
    each = Amortised(machine=SPARK, attempts_month=SPARK.attempts(used, T)).dollars(T)
    digits = 2 if dollars > 1 else 3
    assert round(cost_of_pass(each, 0.1869), digits) == dollars
    assert round(cost_of_pass(0.02809, 0.1869), 3) == 0.150


@pytest.mark.parametrize(("fix", "tasks"), [(0.25, 1_291), (0.50, 2_347), (0.75, 12_848)])
def test_e3_against_a_better_model(fix: float, tasks: float):
    """At $0.75 what is saved is a difference of nearly equal sums, so that the rounded inputs give 12,843."""
    found = verdict(scene(fix, 0.10652, 0.3185))
    assert found.break_even.value == pytest.approx(tasks, rel=5e-4)
    assert found.word == "local wins"


def test_e3_no_break_even_at_any_volume():
    found = verdict(scene(0.81, 0.10652, 0.3185))
    assert found.word == "no break-even at any volume"
    assert math.isinf(found.break_even.value)
    assert "no break-even at any volume" in found.sentence
    # Between the two it exists, and no single machine can do so many.
    assert verdict(scene(0.79, 0.10652, 0.3185)).word == "not on one machine"
