"""Replays: the same strategies on pools instead of models."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from llmsweep.sweep.contest import Contest
from llmsweep.sweep.race import race
from llmsweep.sweep.replay import Outcome, RecordedPool, Recording, SimulatedPool, Terms, replay
from llmsweep.sweep.rivals import RIVALS, halving
from llmsweep.sweep.simulate import FAMILIES, stand_in, truth
from llmsweep.sweep.strategies import grid, ofat


@pytest.mark.parametrize("family", FAMILIES)
def test_a_truth_is_the_same_each_time_and_has_something_to_find(family: str):
    one, again, other = truth(family, 3), truth(family, 3), truth(family, 4)
    assert np.array_equal(one.rates, again.rates)
    assert not np.array_equal(one.rates, other.rates)
    assert one.rates.shape == (40, 24)
    means = one.rates.mean(axis=0)
    assert family == "flat" or 0.03 < means.max() - np.median(means) < 0.20
    assert sorted(set(one.tokens)) == pytest.approx([1000, 3000, 3450])


def test_where_the_prompt_does_not_act_cells_are_exact_ties():
    found = truth("interaction", 0)
    off = [i for i, cell in enumerate(found.cells) if not cell.sampling.reasoning]
    thin = [i for i in off if found.cells[i].prompt == "thin"]
    rich = [i for i in off if found.cells[i].prompt == "rich"]
    assert np.array_equal(found.rates[:, thin], found.rates[:, rich])


@pytest.mark.parametrize(
    "make", [race, grid, ofat, RIVALS["grid_means"], RIVALS["ofat_majority"], RIVALS["ucb"]]
)
def test_every_strategy_runs_on_a_simulated_pool(make):
    pool = SimulatedPool(truth("cliff", 1), np.random.default_rng(1))
    found = replay(make, pool, Terms(most=300, seed=1))
    assert found.looks
    assert all(a.episodes < b.episodes for a, b in zip(found.looks, found.looks[1:], strict=False))
    assert found.looks[-1].episodes <= 400
    assert all(look.regret >= 0 for look in found.looks)


def test_halving_spends_its_budget_and_gets_better_with_it():
    def regret(budget: int) -> float:
        runs = [
            replay(partial(halving, budget=budget), pool(seed), Terms(seed=seed)).looks[-1]
            for seed in range(8)
        ]
        assert all(0.8 * budget <= look.episodes <= budget for look in runs)
        return float(np.mean([look.regret for look in runs]))

    def pool(seed: int) -> SimulatedPool:
        return SimulatedPool(truth("unstructured", seed), np.random.default_rng(seed))

    assert regret(4800) < regret(240)


def recording() -> Recording:
    cells = truth("additive", 0).cells[:2]
    outcomes = {
        (task, cell): [Outcome(cell == 1 or task % 2 == 0, 100 + 50 * cell, 1.0)] * 3
        for task in range(12)
        for cell in range(2)
    }
    return Recording(cells=cells, tasks=[stand_in(f"t/{n:02}") for n in range(12)], outcomes=outcomes)


def test_a_recorded_pool_without_replacement_gives_each_attempt_once():
    pool = RecordedPool(recording(), np.random.default_rng(0), replacement=False)
    assert [pool.draw(0, 0) is None for _ in range(4)] == [False, False, False, True]
    found = replay(race, RecordedPool(recording(), np.random.default_rng(0), False), Terms(confidence=0.9999))
    assert found.looks[-1].episodes <= 2 * 12 * 3
    assert found.looks[-1].right, "the better cell, though it is dearer"


def test_what_the_recording_lacks_is_never_proposed():
    whole = recording()
    part = Recording(
        cells=whole.cells,
        tasks=whole.tasks,
        outcomes={p: o for p, o in whole.outcomes.items() if p != (0, 0)},
    )
    found = replay(grid, RecordedPool(part, np.random.default_rng(0), False), Terms(most=500))
    assert found.looks[-1].episodes == 2 * 12 * 3 - 3


def test_a_contest_gives_the_same_run_each_time_and_halving_one_look_a_budget():
    contest = Contest(
        name="race", target="llmsweep.sweep.race.race", table="cliff", tasks=12, terms=Terms(most=200)
    )
    assert contest.run(2) == contest.run(2)
    budgets = Contest(
        name="halving",
        target="llmsweep.sweep.rivals.halving",
        budgeted=True,
        table="cliff",
        tasks=12,
        terms=Terms(most=1000),
    )
    assert len(budgets.run(0).looks) == 3
