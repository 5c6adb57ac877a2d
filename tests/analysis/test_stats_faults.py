from __future__ import annotations

import numpy as np
import pytest

from llmsweep.analysis.stats import uneven_faults


def test_two_cells_get_about_fishers_exact_p():
    """Fisher's two-sided p of 5 of 20 against 0 of 20 is 0.0471."""
    found = uneven_faults(np.array([5, 0]), np.array([20, 20]), shuffles=40_000)
    assert found.p == pytest.approx(0.0471, abs=0.004)
    assert found.worst == 0


def test_the_worst_cell_is_the_one_beyond_its_share_not_the_one_with_most_attempts():
    found = uneven_faults(np.array([10, 8, 0]), np.array([200, 20, 40]))
    assert (found.worst, found.p < 0.01) == (1, True)


def test_a_task_that_breaks_everywhere_accuses_no_cell():
    """Cell 0 ran the broken task more often: pooled it looks bad, task by task it does not."""
    attempts = np.array([[20, 4], [4, 20]])
    faults = np.array([[10, 0], [2, 0]])
    assert uneven_faults(faults.sum(axis=1), attempts.sum(axis=1)).p < 0.05
    assert uneven_faults(faults, attempts).p > 0.5


@pytest.mark.parametrize("faults", [[0, 0, 0], [4, 4, 4]])
def test_no_fault_or_nothing_but_faults_differs_from_nothing(faults):
    found = uneven_faults(np.array(faults), np.array([4, 4, 4]))
    assert (found.p, found.worst) == (1.0, None)


def test_one_cell_is_compared_with_nothing():
    assert uneven_faults(np.array([3]), np.array([9])).worst is None
    assert uneven_faults(np.array([[3, 1], [0, 0]]), np.array([[9, 9], [0, 0]])).worst is None


def test_the_level_is_kept_when_tasks_break_unevenly_and_counts_differ():
    random = np.random.default_rng(1)
    attempts = random.integers(0, 6, (6, 12))
    broken = random.beta(0.3, 2, 12)
    told = [
        uneven_faults(random.binomial(attempts, broken), attempts, shuffles=199, seed=s).p <= 0.05
        for s in range(500)
    ]
    assert np.mean(told) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 500)


def test_a_cell_that_breaks_more_is_found():
    random = np.random.default_rng(2)
    share = np.full((8, 20), 0.02)
    share[5] = 0.15
    found = [uneven_faults(random.binomial(3, share), np.full((8, 20), 3), seed=s) for s in range(40)]
    assert np.mean([one.p < 0.05 and one.worst == 5 for one in found]) > 0.75
