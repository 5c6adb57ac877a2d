from __future__ import annotations

import numpy as np
import pytest

from llmsweep.analysis.stats import (
    VarianceSplit,
    more_needed,
    paired_difference,
    tasks_needed,
    variance_split,
)

TASKS = 24


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def two_cells(apart: float, repeats: int, random: np.random.Generator, tasks: int = TASKS):
    """Passes of two cells whose effects differ by ``apart`` (standard deviation, logits) from task to task."""
    hard = random.normal(0, 1.5, tasks)
    rates = sigmoid(hard + 0.9 + random.normal(0, apart, tasks)), sigmoid(hard)
    return tuple(random.binomial(repeats, rate) for rate in rates)


def full(repeats: int):
    return (np.full(TASKS, repeats), np.full(TASKS, repeats))


def test_the_tasks_are_those_of_tasks_needed_and_their_episodes_are_of_both_cells():
    passes = two_cells(0.5, 3, np.random.default_rng(1))
    needed = more_needed(passes, full(3), 0.05)
    assert needed.tasks == tasks_needed(passes[0] / 3, passes[1] / 3, 0.05)
    assert needed.by_tasks == (needed.tasks - TASKS) * 6


def test_repeats_help_where_tasks_agree_and_do_not_where_they_differ():
    random = np.random.default_rng(2)
    agree = [more_needed(two_cells(0.0, 4, random), full(4), 0.15) for _ in range(40)]
    differ = [more_needed(two_cells(4.0, 4, random), full(4), 0.05) for _ in range(40)]
    assert sum(needed.repeats is not None for needed in agree) > 30
    assert all(needed.repeats is None and needed.by_repeats is None for needed in differ)
    assert all(needed.by_tasks > 0 for needed in differ)


def test_with_as_many_repeats_as_it_says_the_difference_is_told_about_as_often_as_it_says():
    random = np.random.default_rng(3)
    everything = random.normal(0, 1.5, 100_000)
    truth = (sigmoid(everything + 0.9) - sigmoid(everything)).mean()
    found = [more_needed(two_cells(0.0, 3, random), full(3), truth) for _ in range(80)]
    repeats = round(np.median([needed.repeats or np.inf for needed in found]))
    told = 0
    for _ in range(300):
        one, other = two_cells(0.0, repeats, random)
        told += paired_difference(one / repeats, other / repeats).p < 0.05
    assert 0.65 < told / 300 < 0.95


def test_nothing_attempted_twice_says_nothing_of_repeats_unless_it_is_greedy():
    random = np.random.default_rng(4)
    one, other = two_cells(0.0, 1, random)[0], two_cells(0.0, 5, random)[1]
    attempts = (np.full(TASKS, 1), np.full(TASKS, 5))
    assert more_needed((one, other), attempts, 0.2).repeats is None
    assert more_needed((one, other), attempts, 0.2, greedy=(True, False)).tasks > TASKS
    same = np.tile([0, 1], TASKS // 2)
    noisy = np.clip(same * 5 + np.tile([1, 0, 0, -1], TASKS // 4), 0, 5)
    needed = more_needed((same, noisy), attempts, 0.1, greedy=(True, False))
    assert needed.by_repeats == max(0, needed.repeats - 5) * TASKS, "only the other cell is run again"


def test_a_difference_that_is_told_already_costs_nothing_more():
    passes = (np.full(TASKS, 3), np.tile([0, 0, 0, 1], TASKS // 4))
    needed = more_needed(passes, full(3), 0.5)
    assert (needed.by_tasks, needed.by_repeats) == (0, 0)


@pytest.mark.parametrize(("attempts", "difference"), [(0, 0.1), (3, 0.0)])
def test_no_common_task_or_no_difference_to_find_is_no_answer(attempts, difference):
    nothing = np.zeros(TASKS, dtype=np.int64)
    assert more_needed((nothing, nothing), (full(3)[0], np.full(TASKS, attempts)), difference) is None


@pytest.mark.parametrize(("apart", "helps"), [(0.0, True), (1.5, False)])
def test_all_cells_together_say_more_of_repeats_than_two_alone(apart, helps):
    """Truth: repeats help where cells do alike on every task, and never where they do not."""
    random, right = np.random.default_rng(7), np.zeros(2)
    attempts = np.full((8, TASKS), 4)
    for _ in range(60):
        rates = sigmoid(random.normal(0, 1.5, TASKS) + random.normal(0, apart, (8, TASKS)))
        passes = random.binomial(4, rates)
        pair = (passes[0], passes[1]), (attempts[0], attempts[1])
        split = variance_split(passes, attempts)
        found = more_needed(*pair, 0.1, split=split), more_needed(*pair, 0.1)
        right += [(one.repeats is not None) == helps for one in found]
        assert found[0].tasks == found[1].tasks
    assert right[0] / 60 > 0.95
    assert right[0] > right[1]


def test_a_greedy_cell_adds_no_chance_of_its_own():
    split = VarianceSplit(tasks=0.05, cells=0.0, both=0.0, within=0.16)
    passes = (np.tile([0, 1], TASKS // 2), np.tile([1, 3], TASKS // 2))
    attempts = (np.full(TASKS, 1), np.full(TASKS, 4))
    both, one = (
        more_needed(passes, attempts, 0.1, greedy, split) for greedy in [(False, False), (True, False)]
    )
    assert both.repeats == pytest.approx(2 * one.repeats, abs=1)
