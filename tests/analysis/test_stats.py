from __future__ import annotations

import math
import time

import numpy as np
import pytest

from llmsweep.analysis.stats import (
    Interval,
    holm,
    mean_interval,
    paired_difference,
    rate_interval,
    spread,
    student_p,
    student_quantile,
    tasks_needed,
    tie_group,
    wilson,
)

HARD = 1.8
"""Spread of the tasks' difficulty on the logit scale, as real suites have it."""


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def tasks_with_mean(rate: float, random: np.random.Generator):
    """A draw of tasks' pass probabilities whose mean over all possible tasks is ``rate``."""
    everything = random.normal(0, HARD, 20_000)
    levels = np.linspace(-12, 12, 241)
    level = np.interp(rate, [sigmoid(at + everything).mean() for at in levels], levels)
    return lambda tasks: sigmoid(level + random.normal(0, HARD, tasks))


@pytest.mark.parametrize(
    ("passes", "trials", "low", "high"),
    [(0, 20, 0.0, 0.1611), (10, 20, 0.2993, 0.7007), (20, 20, 0.8389, 1.0), (0, 0, 0.0, 1.0)],
)
def test_wilson_gives_the_published_figures(passes, trials, low, high):
    interval = wilson(passes, trials)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(("repeats", "rate"), [(r, p) for r in (1, 3, 10) for p in (0.03, 0.3, 0.95)])
def test_the_interval_of_a_rate_holds_the_truth_about_as_often_as_it_says(repeats, rate):
    random = np.random.default_rng(1)
    draw, held, sweeps = tasks_with_mean(rate, random), 0, 250
    for _ in range(sweeps):
        passes = random.binomial(repeats, draw(20))
        interval = rate_interval(passes, np.full(20, repeats), draws=600)
        held += interval.low <= rate <= interval.high
    # Near 0 and 1 a suite of 20 tasks has few possible outcomes, so that coverage jumps around 95 %.
    assert held / sweeps > 0.9


@pytest.mark.parametrize(("passes", "side"), [(0, "low"), (3, "high")])
def test_a_cell_that_always_fails_or_passes_has_a_real_interval(passes, side):
    interval = rate_interval([passes] * 20, [3] * 20)
    assert getattr(interval, side) == passes / 3
    assert interval.high - interval.low == pytest.approx(0.161, abs=0.001)


def test_a_single_task_that_passed_says_as_little_as_one_task_can():
    interval = rate_interval([2, *[0] * 11], [3] * 12)
    assert interval.low > 0
    assert interval.high > 0.25, "three in twelve: what none of twelve independent tasks still allows"


def test_more_repeats_of_the_same_outcomes_do_not_narrow_an_interval_that_tasks_decide():
    few, many = (rate_interval([0, n] * 10, [n, n] * 10) for n in (3, 300))
    assert many.high - many.low == pytest.approx(few.high - few.low, abs=0.03)
    assert many.high - many.low > 0.3


def test_tasks_count_alike_however_often_each_was_run():
    interval = rate_interval([1, 0, 0, 0, 90], [1, 1, 1, 1, 90])
    assert interval.low < 0.4 < interval.high < 0.95


def test_intervals_are_reproducible_and_open_where_nothing_ran():
    assert rate_interval([1, 2, 3], [3, 3, 3]) == rate_interval([1, 2, 3], [3, 3, 3])
    assert rate_interval([], []) == Interval(low=0.0, high=1.0)
    assert rate_interval([1], [3]).high - rate_interval([1], [3]).low > 0.75


@pytest.mark.parametrize(
    ("freedom", "quantile"), [(1, 12.706), (2, 4.303), (5, 2.571), (19, 2.093), (30, 2.042)]
)
def test_students_t_gives_the_published_figures(freedom, quantile):
    assert student_quantile(0.975, freedom) == pytest.approx(quantile, abs=5e-4)
    assert student_p(-quantile, freedom) == pytest.approx(0.05, abs=1e-4)
    assert student_p(0, freedom) == 1


@pytest.mark.parametrize("repeats", [(1, 1), (3, 3), (1, 3)])
@pytest.mark.parametrize("effect", [0.0, 1.0])
def test_the_interval_of_a_difference_holds_the_truth_about_as_often_as_it_says(repeats, effect):
    random = np.random.default_rng(2)
    everything = random.normal(0, HARD, 100_000)
    truth = (sigmoid(everything + effect) - sigmoid(everything)).mean()
    held = told = 0
    for _ in range(400):
        hard = random.normal(0, HARD, 20)
        one, other = (
            random.binomial(n, sigmoid(hard + e)) / n for n, e in zip(repeats, (effect, 0), strict=True)
        )
        difference = paired_difference(one, other)
        held += difference.low <= truth <= difference.high
        told += difference.p < 0.05
    assert held / 400 > 0.925
    assert told / 400 < 0.075 if effect == 0 else told / 400 > 0.09


def test_a_difference_is_paired_by_task():
    rates = np.array([0.0, 0.2, 0.4, 0.6, 0.8, 0.9])
    difference = paired_difference(rates + 0.1, rates)
    assert difference.value == pytest.approx(0.1)
    assert difference.low > 0, "every task is better, whatever its difficulty"


def test_agreement_on_few_tasks_is_no_proof_of_equality():
    same = paired_difference(np.ones(20), np.ones(20))
    assert (same.value, same.p) == (0, 1)
    assert same.low < -0.1 < 0.1 < same.high


@pytest.mark.parametrize(("wins", "proof"), [(4, False), (6, True)])
def test_a_few_wins_against_none_are_no_proof_either(wins, proof):
    """McNemar's exact p is 0.125 for 4 : 0 and 0.031 for 6 : 0."""
    difference = paired_difference(np.arange(20) < wins, np.zeros(20))
    assert (difference.p < 0.05, difference.low > 0) == (proof, proof)


def test_a_difference_uses_the_common_tasks_and_says_how_many():
    nan = math.nan
    difference = paired_difference(np.array([1, 1, nan, 0.5]), np.array([0, nan, 1, 0.5]))
    assert (difference.value, difference.tasks) == (0.5, 2)
    assert math.isnan(paired_difference(np.array([1, nan]), np.array([nan, 1])).value)


def test_holm_gives_the_textbook_figures_and_leaves_out_what_is_unknown():
    assert holm([0.01, 0.04, 0.03, math.nan]) == pytest.approx([0.03, 0.06, 0.06, math.nan], nan_ok=True)
    assert holm([0.9, 0.8]) == [1, 1]
    assert holm([]) == []


def test_holm_keeps_the_error_of_a_family_of_equal_cells_below_five_per_cent():
    random = np.random.default_rng(3)
    wrong = 0
    for _ in range(300):
        rates = random.binomial(3, sigmoid(random.normal(0, HARD, 20)), (8, 20)) / 3
        wrong += min(holm([paired_difference(one, rates[0]).p for one in rates[1:]])) < 0.05
    assert wrong / 300 < 0.06


@pytest.mark.parametrize(("cells", "repeats"), [(4, 1), (4, 3), (24, 3)])
def test_the_tie_group_holds_the_best_cell_when_all_are_equal(cells, repeats):
    """Equal cells are the hardest case: any of them may be called the best. The best one here is cell 0."""
    random = np.random.default_rng(4)
    sweeps = 150
    held = 0
    for seed in range(sweeps):
        rates = random.binomial(repeats, sigmoid(random.normal(0, HARD, 20)), (cells, 20)) / repeats
        held += tie_group(rates, draws=800, seed=seed)[0]
    assert held / sweeps >= 0.93


def test_the_tie_group_drops_what_is_worse_and_holds_the_best():
    random = np.random.default_rng(5)
    effects = np.array([1.5, 1.3, 0.2, -1.5, -3])
    kept = np.zeros(5)
    for seed in range(60):
        hard = random.normal(0, HARD, 20)
        kept += tie_group(random.binomial(3, sigmoid(hard + effects[:, None])) / 3, draws=800, seed=seed)
    assert kept[0] / 60 >= 0.93
    assert kept[4] / 60 < 0.1
    assert kept[3] < kept[1]


def test_too_few_common_tasks_tell_no_cell_from_another():
    assert tie_group(np.array([[1.0] * 4, [0.0] * 4])).all()
    assert not tie_group(np.array([[1.0] * 20, [0.0] * 20]))[1]
    apart = np.full((2, 40), np.nan)
    apart[0, :20], apart[1, 20:] = 1.0, 0.0
    assert tie_group(apart).all()


def test_one_cell_is_its_own_tie_group():
    assert tie_group(np.array([[0.5, 1.0, 0.0]])).tolist() == [True]


def test_spread_counts_what_is_missing():
    found = spread([1.0, math.nan, 3.0, 2.0])
    assert (found.median, found.known, found.missing) == (2.0, 3, 1)
    assert math.isnan(spread([math.nan]).p95)


def test_mean_interval_is_students():
    interval = mean_interval(np.array([1.0, 2.0, 3.0, math.nan]))
    assert (interval.low, interval.high) == pytest.approx((2 - 2.484, 2 + 2.484), abs=1e-3)
    assert mean_interval(np.array([1.0])).high == math.inf


def test_the_tasks_that_are_said_to_be_needed_have_the_power_that_is_said():
    random = np.random.default_rng(6)
    everything = random.normal(0, HARD, 100_000)
    truth = (sigmoid(everything + 1) - sigmoid(everything)).mean()

    def both(tasks):
        hard = random.normal(0, HARD, tasks)
        return [random.binomial(3, sigmoid(hard + effect)) / 3 for effect in (1, 0)]

    needed = round(np.median([tasks_needed(*both(20), truth) for _ in range(60)]))
    told = sum(paired_difference(*both(needed)).p < 0.05 for _ in range(300))
    assert 0.65 < told / 300 < 0.95
    assert tasks_needed(np.array([math.nan]), np.array([1.0]), 0.1) is None


def test_a_large_sweep_is_analysed_in_well_under_a_second():
    random = np.random.default_rng(7)
    passes = random.binomial(10, sigmoid(random.normal(0, HARD, 40)), (24, 40))
    start = time.process_time()
    tie_group(passes / 10)
    for one in passes:
        rate_interval(one, np.full(40, 10))
        paired_difference(one / 10, passes[0] / 10)
    # Processor seconds of every thread, with room for a slow machine.
    assert time.process_time() - start < 3
