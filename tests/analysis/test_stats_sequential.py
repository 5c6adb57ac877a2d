from __future__ import annotations

import itertools
import math
import time

import numpy as np
import pytest

from llmsweep.analysis.stats import Interval, lower_bound, noninferiority, upper_bound, wilson
from llmsweep.analysis.stats.sequential import FRACTIONS


def draws(win: float, loss: float, size: int, random: np.random.Generator):
    return random.choice([1.0, -1.0, 0.0], p=[win, loss, 1 - win - loss], size=size)


def test_the_capital_is_what_betting_by_hand_gives():
    values, margin = np.array([0.0, 1.0, 0.0, -1.0, 0.5]), 0.1
    share, best = (values + 1) / 2, 1.0
    for n in range(1, 6):
        capital = np.mean([np.prod(1 + c * (share[:n] / 0.45 - 1)) for c in FRACTIONS])
        best = max(best, capital)
    assert noninferiority(values, margin).p == pytest.approx(1 / best)


def test_a_bet_against_the_truth_is_fair():
    """Over all outcomes of six fair observations the capital against their mean is 1 on average, of whatever stake."""
    mean = 0.3
    outcomes = np.indices((2,) * 6).reshape(6, -1).T
    chance = (mean**outcomes * (1 - mean) ** (1 - outcomes)).prod(axis=1)
    for stake in FRACTIONS:
        capital = (1 + stake * (outcomes / mean - 1)).prod(axis=1)
        assert chance @ capital == pytest.approx(1)


def test_within_a_pass_over_unlike_tasks_a_bet_against_their_mean_never_gains():
    """The second design's claim: exact, over all outcomes of a pass."""
    task = np.array([0.02, 0.9, 0.5, 0.99])
    outcomes = np.indices((2,) * 4).reshape(4, -1).T
    chance = (task**outcomes * (1 - task) ** (1 - outcomes)).prod(axis=1)
    for stake in FRACTIONS:
        assert chance @ (1 + stake * (outcomes / task.mean() - 1)).prod(axis=1) <= 1 + 1e-12


@pytest.mark.parametrize(("win", "loss", "decision"), [(0.3, 0.1, "noninferior"), (0.05, 0.35, "inferior")])
def test_what_is_clearly_better_or_worse_is_decided(win, loss, decision):
    found = noninferiority(draws(win, loss, 400, np.random.default_rng(1)), 0.05)
    assert found.decision == decision
    assert (found.p < 0.05) == (decision == "noninferior")
    assert found.low < win - loss < found.high


def test_nothing_seen_says_nothing():
    found = noninferiority(np.array([]), 0.05)
    assert (found.low, found.high, found.n, found.decision, found.p) == (-1, 1, 0, "undecided", 1)
    assert (lower_bound(np.array([])), upper_bound(np.array([]))) == (0, 1)


def test_a_few_ties_are_no_proof():
    found = noninferiority(np.zeros(20), 0.05)
    assert found.decision == "undecided"
    assert found.low < -0.05 < 0.05 < found.high


def test_bounds_only_draw_together_and_the_first_decision_stays():
    random = np.random.default_rng(2)
    values = np.concatenate([draws(0.4, 0.05, 120, random), draws(0.0, 0.6, 60, random)])
    found = [noninferiority(values[:n], 0.05) for n in range(0, len(values), 5)]
    assert found[24].decision == "noninferior"
    assert {one.decision for one in found[24:]} == {"noninferior"}
    assert all(b.low >= a.low and b.high <= a.high and b.p <= a.p for a, b in itertools.pairwise(found))


def test_better_and_worse_mirror_each_other():
    values = draws(0.25, 0.15, 200, np.random.default_rng(3))
    one, other = noninferiority(values, 0.05), noninferiority(-values, 0.05)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))


def test_the_interval_lies_inside_the_margin_only_after_the_decision():
    values = draws(0.2, 0.1, 2_000, np.random.default_rng(4))
    for n in range(20, 2_000, 120):
        found = noninferiority(values[:n], 0.05)
        assert found.decision == "noninferior" or found.low <= -0.05
        assert (found.decision == "noninferior") == (found.p <= 0.05)


def test_a_block_counts_when_it_is_complete_and_its_order_does_not_matter():
    random = np.random.default_rng(5)
    values = draws(0.3, 0.1, 107, random)
    found = noninferiority(values, 0.05, block=10)
    assert found.n == 100
    assert found == noninferiority(values[:100], 0.05, block=10)
    mixed = np.concatenate([random.permutation(part) for part in values[:100].reshape(10, 10)])
    again = noninferiority(mixed, 0.05, block=10)
    assert (again.low, again.high, again.p) == pytest.approx((found.low, found.high, found.p))


def test_the_same_deterministic_tasks_never_prove_what_is_not_so():
    """Greedy cells give the same in every pass: however often it is looked at, the suite's own mean is not refuted."""
    once = np.array([1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, 0.0, 0.0, 0.0])
    found = noninferiority(np.tile(once, 200), 0.1, block=10)
    assert found.decision == "undecided"
    assert found.low <= -0.1 <= found.high


def test_bounds_of_a_rate_are_wider_than_at_one_fixed_time_but_not_by_much():
    values = np.tile([1.0, 1.0, 0.0, 1.0, 0.0], 40)
    fixed = wilson(120, 200, level=0.9)
    low, high = lower_bound(values), upper_bound(values)
    assert low < fixed.low < 0.6 < fixed.high < high
    assert Interval(low=low, high=high).high - low < 2.2 * (fixed.high - fixed.low)
    assert 1 - upper_bound(1 - values) == pytest.approx(low)


@pytest.mark.parametrize("values", [[1.5], [-2.0], [math.nan, 0.0]])
def test_what_is_no_difference_of_shares_is_refused(values):
    with pytest.raises(ValueError, match="out of range"):
        noninferiority(np.array(values), 0.05)


@pytest.mark.parametrize(
    ("margin", "block", "named"), [(-0.1, 1, "margin"), (1.0, 1, "margin"), (0, 0, "block")]
)
def test_what_cannot_be_meant_is_refused(margin, block, named):
    with pytest.raises(ValueError, match=named):
        noninferiority(np.zeros(3), margin, block=block)


def test_ten_thousand_observations_take_under_half_a_second():
    values = np.random.default_rng(6).uniform(-1, 1, 10_000)
    noninferiority(values[:10], 0.05)
    start = time.process_time()
    noninferiority(values, 0.05)
    assert time.process_time() - start < 0.5
