from __future__ import annotations

import math

import numpy as np
import pytest

from llmsweep.analysis.stats import variance_components, variance_split


def ran(cells: int, tasks: int, repeats: int, random: np.random.Generator):
    """Passes of an additive model of probabilities, and the four true parts."""
    spread = np.array([0.15, 0.06, 0.08])
    task = random.choice([-1, 1], tasks) * spread[0]
    cell = random.choice([-1, 1], (cells, 1)) * spread[1]
    both = random.choice([-1, 1], (cells, tasks)) * spread[2]
    truth = [*spread**2, 0.25 - (spread**2).sum()]
    return random.binomial(repeats, 0.5 + task + cell + both), truth


def test_equal_counts_give_the_usual_analysis_of_variance():
    cells, tasks, repeats = 4, 7, 3
    passes, _ = ran(cells, tasks, repeats, np.random.default_rng(1))
    rates = passes / repeats
    of_cell, of_task, mean = rates.mean(axis=1), rates.mean(axis=0), rates.mean()
    square_cell = tasks * repeats * ((of_cell - mean) ** 2).sum() / (cells - 1)
    square_task = cells * repeats * ((of_task - mean) ** 2).sum() / (tasks - 1)
    rest = rates - of_cell[:, None] - of_task + mean
    square_both = repeats * (rest**2).sum() / ((cells - 1) * (tasks - 1))
    square_within = (repeats * rates * (1 - rates)).sum() / (cells * tasks * (repeats - 1))
    expected = [
        (square_task - square_both) / (cells * repeats),
        (square_cell - square_both) / (tasks * repeats),
        (square_both - square_within) / repeats,
        square_within,
    ]
    found = variance_components(passes, np.full((cells, tasks), repeats))
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("holes", [False, True])
def test_the_parts_are_unbiased_also_with_holes_and_unequal_counts(holes):
    random = np.random.default_rng(2)
    found = []
    for _ in range(1_500):
        attempts = np.full((5, 8), 3)
        if holes:
            attempts = random.choice([0, 1, 2, 5], (5, 8))
        passes, truth = ran(5, 8, attempts, random)
        found.append(variance_components(passes, attempts))
    error = np.std(found, axis=0) / np.sqrt(len(found))
    assert (np.abs(np.mean(found, axis=0) - truth) < 4 * error).all()
    assert (error < 0.0017).all()


def test_what_is_reported_is_never_negative_and_its_shares_add_up():
    random = np.random.default_rng(3)
    attempts = np.full((3, 6), 2)
    negative = 0
    for _ in range(200):
        passes = random.binomial(2, 0.5, (3, 6))
        negative += (variance_components(passes, attempts) < 0).any()
        split = variance_split(passes, attempts)
        assert min(split.tasks, split.cells, split.both, split.within) >= 0
        assert sum(split.shares.values()) == pytest.approx(1)
    assert negative > 100, "or this tests nothing"


def test_what_was_attempted_once_cannot_be_told_from_chance():
    passes = np.random.default_rng(4).binomial(1, 0.5, (4, 10))
    split = variance_split(passes, np.ones_like(passes))
    assert math.isnan(split.both)
    assert split.within > 0
    assert sum(share for share in split.shares.values() if not math.isnan(share)) == pytest.approx(1)


@pytest.mark.parametrize("shape", [(1, 10), (10, 1)])
def test_one_cell_or_one_task_cannot_be_split(shape):
    split = variance_split(np.ones(shape, dtype=np.int64), np.full(shape, 2))
    assert math.isnan(split.tasks)
    assert math.isnan(split.within)


def test_no_variance_at_all_has_no_shares():
    split = variance_split(np.full((3, 5), 2), np.full((3, 5), 2))
    assert (split.tasks, split.within) == (0, 0)
    assert math.isnan(split.shares["tasks"])
