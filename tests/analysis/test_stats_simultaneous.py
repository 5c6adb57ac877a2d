from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest

from llmsweep.analysis.stats import against_baseline, holm, paired_difference


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sweep(effects, random: np.random.Generator, tasks: int = 20, repeats: int = 3):
    rates = sigmoid(random.normal(0, 1.8, tasks) + np.asarray(effects)[:, None])
    return random.binomial(repeats, rates) / repeats


def test_values_are_those_of_each_pair_and_intervals_are_wider():
    rates = sweep([0, 0.5, 1, -1], np.random.default_rng(1))
    found = against_baseline(rates, 0, draws=2_000)
    for cell in (1, 2, 3):
        alone = paired_difference(rates[cell], rates[0])
        assert (found[cell].value, found[cell].tasks) == (alone.value, alone.tasks)
        assert found[cell].low < alone.low < alone.high < found[cell].high
        assert found[cell].p >= alone.p
    assert math.isnan(found[0].value)


def test_one_rival_is_compared_about_as_by_itself():
    rates = sweep([0, 0.7], np.random.default_rng(2))
    found, alone = against_baseline(rates, 0)[1], paired_difference(rates[1], rates[0])
    assert (found.low, found.high) == pytest.approx((alone.low, alone.high), abs=0.02)


def test_it_knows_that_cells_are_alike_where_holm_does_not():
    """Twenty copies of one cell are one comparison."""
    random = np.random.default_rng(3)
    base, one = sweep([0, 0.9], random)
    found = against_baseline(np.array([base, *[one] * 20]), 0)
    alone = paired_difference(one, base)
    assert found[1].p < 2 * alone.p + 0.01
    assert holm([alone.p] * 20)[0] > 2 * found[1].p


@pytest.mark.parametrize("cells", [3, 12])
def test_all_intervals_hold_together_about_as_often_as_they_say(cells):
    random = np.random.default_rng(4)
    effects = np.linspace(0, 1, cells)
    everything = random.normal(0, 1.8, 100_000)
    truth = [(sigmoid(everything + e) - sigmoid(everything)).mean() for e in effects]
    held = 0
    for seed in range(200):
        found = against_baseline(sweep(effects, random), 0, draws=800, seed=seed)[1:]
        held += all(one.low <= t <= one.high for one, t in zip(found, truth[1:], strict=True))
    assert held / 200 > 0.92


def test_a_cell_with_few_common_tasks_is_not_compared():
    rates = sweep([0, 1, 1], np.random.default_rng(5))
    rates[2, 4:] = np.nan
    found = against_baseline(rates, 0, draws=500)
    assert math.isnan(found[2].low)
    assert found[2].tasks == 4
    assert not math.isnan(found[1].low)
    assert all(math.isnan(one.value) for one in against_baseline(rates[:, :3], 0))


def test_the_statistics_start_without_what_is_slow_to_load():
    code = "import sys, llmsweep.analysis.stats; print([m for m in ('scipy', 'pandas', 'optuna') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
