"""How often each interval and test is right, over sweeps with known truths; the figures stand in docs/statistics.md.

Every simulated suite is made of unlike tasks (spread 1.8 on the logit scale). A coverage over n sweeps has a standard
error of sqrt(p (1 - p) / n), about one point here; tolerances are what a reader may rely on, less two of those.
"""

from __future__ import annotations

import numpy as np
import pytest

from llmsweep.analysis.stats import (
    against_baseline,
    noninferiority,
    paired_difference,
    pass_at_k,
    pass_hat_k,
    rate_interval,
)

pytestmark = pytest.mark.slow
HARD = 1.8
SWEEPS = 400
LOOKS = 1_000
RATES = (0.05, 0.3, 0.6, 0.9)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def figures(shares):
    return " ".join(f"{share:.3f}" for share in shares)


@pytest.fixture(scope="module")
def population():
    return np.random.default_rng(0).normal(0, HARD, 40_000)


def level_of(rate: float, population):
    """The logit level at which all possible tasks have this mean rate."""
    levels = np.linspace(-12, 12, 241)
    return float(np.interp(rate, [sigmoid(at + population).mean() for at in levels], levels))


@pytest.mark.parametrize("tasks", [12, 20, 60])
@pytest.mark.parametrize("repeats", [1, 3])
def test_rates(tasks, repeats, population):
    random, covered = np.random.default_rng([1, tasks, repeats]), []
    for rate in RATES:
        level, held = level_of(rate, population), 0
        for _ in range(SWEEPS):
            passes = random.binomial(repeats, sigmoid(level + random.normal(0, HARD, tasks)))
            interval = rate_interval(passes, np.full(tasks, repeats), draws=600)
            held += interval.low <= rate <= interval.high
        covered.append(held / SWEEPS)
    print(f"rates, {tasks} tasks x {repeats}: {figures(covered)}")
    assert min(covered) > 0.89
    assert np.mean(covered) > 0.93


@pytest.mark.parametrize("tasks", [12, 20, 60])
@pytest.mark.parametrize("repeats", [1, 3])
def test_differences(tasks, repeats, population):
    random, covered, told = np.random.default_rng([2, tasks, repeats]), [], 0
    for effect in (0.0, 0.5, 1.5):
        truth, held = (sigmoid(population + effect) - sigmoid(population)).mean(), 0
        for _ in range(SWEEPS):
            hard = random.normal(0, HARD, tasks)
            one, other = (random.binomial(repeats, sigmoid(hard + e)) / repeats for e in (effect, 0))
            found = paired_difference(one, other)
            held += found.low <= truth <= found.high
            told += effect == 0 and found.p < 0.05
        covered.append(held / SWEEPS)
    print(f"differences, {tasks} tasks x {repeats}: {figures(covered)}, told apart wrongly {told / SWEEPS}")
    assert min(covered) > 0.92
    assert told / SWEEPS < 0.075


@pytest.mark.parametrize("cells", [4, 24])
def test_simultaneous_differences(cells, population):
    random, held = np.random.default_rng([3, cells]), 0
    effects = np.linspace(0, 1, cells)
    truth = [(sigmoid(population + e) - sigmoid(population)).mean() for e in effects]
    for seed in range(SWEEPS):
        rates = random.binomial(3, sigmoid(random.normal(0, HARD, 20) + effects[:, None])) / 3
        found = against_baseline(rates, 0, draws=1_000, seed=seed)[1:]
        held += all(one.low <= t <= one.high for one, t in zip(found, truth[1:], strict=True))
    print(f"simultaneous, {cells} cells: {held / SWEEPS}")
    assert held / SWEEPS > 0.925


@pytest.mark.parametrize("tasks", [12, 20, 60])
@pytest.mark.parametrize("of_k", [pass_at_k, pass_hat_k])
def test_several_attempts(of_k, tasks, population):
    random, covered = np.random.default_rng([4, tasks]), []
    for k, attempts in ((2, 3), (3, 5), (5, 8)):
        for rate in RATES:
            level = level_of(rate, population)
            every = sigmoid(level + population)
            truth, held = (1 - (1 - every) ** k if of_k is pass_at_k else every**k).mean(), 0
            for _ in range(SWEEPS):
                passes = random.binomial(attempts, sigmoid(level + random.normal(0, HARD, tasks)))
                found = of_k(passes, np.full(tasks, attempts), k)
                held += found.low <= truth <= found.high
            covered.append(held / SWEEPS)
    print(
        f"{of_k.__name__}, {tasks} tasks: {min(covered):.3f} to {max(covered):.3f}, mean {np.mean(covered):.3f}"
    )
    assert min(covered) > 0.88
    assert np.mean(covered) > 0.94


def suite(kind: str, tasks: int, random: np.random.Generator):
    """Pass probabilities of two cells, task by task; the second is the better one on average."""
    hard = random.normal(0, HARD, tasks)
    one, other = {
        "alike": lambda: (sigmoid(hard), sigmoid(hard)),
        "unlike": lambda: (
            sigmoid(hard + random.normal(0, 2, tasks)),
            sigmoid(hard + random.normal(0, 2, tasks)),
        ),
        "greedy": lambda: (1.0 * (random.random(tasks) < 0.5), 1.0 * (random.random(tasks) < 0.6)),
    }[kind]()
    return (one, other) if one.mean() <= other.mean() else (other, one)


@pytest.mark.parametrize("passes", [False, True], ids=["tasks at random", "complete passes"])
@pytest.mark.parametrize("kind", ["alike", "unlike", "greedy"])
@pytest.mark.parametrize("tasks", [8, 40])
def test_sequential_looked_at_all_the_time(tasks, kind, passes):
    """The truth lies on the margin, so that either decision is an error, as likely as it can be."""
    random = np.random.default_rng([5, tasks, passes])
    better = worse = held = 0
    for _ in range(SWEEPS):
        one, other = suite(kind, tasks, random)
        truth = one.mean() - other.mean()
        # The order of a pass is the worst one: what speaks for the first cell comes first.
        order = np.tile(np.argsort(other - one), LOOKS // tasks)
        drawn = order if passes else random.integers(tasks, size=LOOKS)
        wins, losses = (random.random(len(drawn)) < cell[drawn] for cell in (one, other))
        found = noninferiority(1.0 * wins - losses, -truth, block=tasks if passes else 1)
        better, worse = better + (found.decision == "noninferior"), worse + (found.decision == "inferior")
        held += found.low <= truth <= found.high
    rates = better / SWEEPS, worse / SWEEPS, held / SWEEPS
    print(f"sequential, {tasks} tasks, {kind}, {'passes' if passes else 'random'}: {figures(rates)}")
    # What is promised is 0.05, 0.05 and 0.95; room for three standard errors of the simulation.
    assert max(better, worse) / SWEEPS < 0.05 + 0.033
    assert held / SWEEPS > 0.95 - 0.033


def test_tasks_in_turn_looked_at_before_a_pass_is_complete_are_the_error_that_is_warned_of():
    random, wrong = np.random.default_rng(6), 0
    for _ in range(100):
        one, other = suite("unlike", 40, random)
        order = np.tile(np.argsort(other - one), 10)
        wins, losses = (random.random(len(order)) < cell[order] for cell in (one, other))
        wrong += noninferiority(1.0 * wins - losses, other.mean() - one.mean()).decision == "noninferior"
    assert wrong / 100 > 0.2


@pytest.mark.parametrize(("gain", "ties"), [(0.0, 0.7), (0.0, 0.9), (0.05, 0.7), (0.1, 0.7)])
def test_how_many_pairs_a_confirmation_takes(gain, ties):
    """Against the 80 % power of a single look after so many pairs; margin 5 points."""
    random, took, most = np.random.default_rng(7), [], 6_000
    chances = [(1 - ties + gain) / 2, (1 - ties - gain) / 2, ties]
    for _ in range(60):
        values = random.choice([1.0, -1.0, 0.0], p=chances, size=most)
        low, high = 0, most
        while high - low > 10:
            middle = (low + high) // 2
            decided = noninferiority(values[:middle], 0.05).decision == "noninferior"
            low, high = (low, middle) if decided else (middle, high)
        took.append(high)
    fixed = 6.18 * ((1 - ties) - gain**2) / (gain + 0.05) ** 2
    print(
        f"pairs at a gain of {gain}, {ties:.0%} ties: median {np.median(took):.0f}, 80 % {np.quantile(took, 0.8):.0f}; one look {fixed:.0f}"
    )
    assert np.quantile(took, 0.8) < 2.5 * fixed
