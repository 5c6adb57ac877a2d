"""The low-rank algebra against the same model written out in full, and the approximation against draws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from llmsweep.belief.allocate import _contrast, _covariance, allocate
from llmsweep.belief.kernels import Range, effects, slopes
from llmsweep.belief.posterior import Posterior, posterior
from llmsweep.belief.structures import FINE, average, guessed

LEVELS = {
    "temperature": [0.0, 0.0, 0.4, 0.4, 1.0, 1.0],
    "protocol": ["native", "fenced"] * 3,
}
TASKS, CELLS = 7, 6


@pytest.fixture
def found() -> Posterior:
    random = np.random.default_rng(3)
    attempts = random.poisson(1.5, (TASKS, CELLS))
    attempts[:, 5] = 0
    passes = random.binomial(attempts, random.uniform(0.1, 0.9, (TASKS, CELLS)))
    return posterior(LEVELS, passes, attempts)


def prior_in_full(found: Posterior, guess: np.ndarray) -> np.ndarray:
    """Covariance of all logits, task by task, with these variances of the settings' effects and the fitted others."""
    fit, owned = found.fit, slopes(LEVELS, CELLS)
    owner = np.repeat(np.arange(len(owned)), [component.features.shape[1] for component in owned])
    shared = sum(v * c.kernel for v, c in zip(guess, effects(LEVELS, CELLS), strict=True))
    own = sum(fit.slope_variance[owner == j][0] * c.kernel for j, c in enumerate(owned))
    own = own + fit.residual * np.eye(CELLS)
    return np.kron(np.ones((TASKS, TASKS)), shared) + np.kron(np.eye(TASKS), own)


def posterior_in_full(found: Posterior) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of all logits: every guess solved without any short cut, then averaged by evidence."""
    weights, shift = found.fit.sites.precision.ravel(), found.fit.sites.shift.ravel()
    means, covariances, evidence = [], [], []
    for guess in guessed(tuple(c.variance for c in effects(LEVELS, CELLS)), FINE):
        prior = prior_in_full(found, guess)
        inner = np.eye(len(prior)) + prior * weights
        covariances.append(np.linalg.solve(inner, prior))
        means.append(covariances[-1] @ shift)
        evidence.append((shift @ means[-1] - np.linalg.slogdet(inner)[1]) / 2)
    chances = np.exp(np.array(evidence) - max(evidence))
    chances /= chances.sum()
    mean = chances @ np.array(means)
    apart = np.array(means) - mean
    return mean, np.tensordot(chances, np.array(covariances), axes=1) + (apart.T * chances) @ apart


def test_every_logit_has_the_moments_that_its_attempts_give_it(found):
    """Without a place's own factor the rest of the model says what its logit may be; the binomial does the rest."""
    (means, full), x = posterior_in_full(found), np.linspace(-25, 25, 20_001)
    for place in np.flatnonzero(found.attempts.ravel()):
        weight, shift = found.fit.sites.precision.ravel()[place], found.fit.sites.shift.ravel()[place]
        mean, variance = means[place], full[place, place]
        rest, pull = 1 / variance - weight, mean / variance - shift
        k, n = found.passes.ravel()[place], found.attempts.ravel()[place]
        log = k * x - n * np.logaddexp(0, x) + pull * x - rest * x**2 / 2
        density = np.exp(log - log.max())
        density /= density.sum()
        centre = (density * x).sum()
        assert centre == pytest.approx(mean, abs=0.01)
        assert (density * (x - centre) ** 2).sum() == pytest.approx(variance, rel=0.02)


def test_rates_of_unlike_tasks_are_not_pulled_to_one_half():
    """Most tasks are far too hard, some far too easy, one attempt each in six cells that are alike."""
    random = np.random.default_rng(1)
    bias = []
    for _ in range(20):
        logits = np.where(random.random(60) < 0.25, 4.0, -4.0)
        truth = (1 / (1 + np.exp(-logits))).mean()
        attempts = random.binomial(1, 0.4, (60, CELLS))
        passes = random.binomial(attempts, 1 / (1 + np.exp(-logits))[:, None])
        bias.append(posterior(LEVELS, passes, attempts).mean.mean() - truth)
    assert abs(np.mean(bias)) < 0.02


def test_means_and_variances_are_those_of_the_full_model(found):
    mean, full = posterior_in_full(found)
    assert found.fit.logits.ravel() == pytest.approx(mean, abs=1e-6)
    assert found.variance.ravel() == pytest.approx(np.diag(full), abs=1e-6)


def test_covariance_of_the_cells_rates_is_that_of_the_full_model(found):
    slope = np.kron(np.ones((1, TASKS)), np.eye(CELLS)) * found.slope.ravel() / TASKS
    assert found.covariance == pytest.approx(slope @ posterior_in_full(found)[1] @ slope.T, abs=1e-6)


def test_covariances_with_one_logit_and_with_a_contrast_are_those_of_the_full_model(found):
    _, full = posterior_in_full(found)
    for task, cell in ((0, 0), (3, 5), (6, 2)):
        assert _covariance(found, (task, cell)).ravel() == pytest.approx(full[task * CELLS + cell], abs=1e-6)
    slope = np.kron(np.ones((1, TASKS)), np.eye(CELLS)) * found.slope.ravel() / TASKS
    assert _contrast(found, 1, 4).ravel() == pytest.approx((slope[1] - slope[4]) @ full, abs=1e-6)


def test_a_pick_counts_as_answered_before_the_next(found):
    """Two picks by the fast update are those that solving the full model again would give."""
    free = np.full((TASKS, CELLS), 9)
    picks = allocate(found, 1, [4, 4, 4, 4], np.ones(CELLS), free)
    slope = np.kron(np.ones((1, TASKS)), np.eye(CELLS)) * found.slope.ravel() / TASKS
    contrast, (_, full) = slope[1] - slope[4], posterior_in_full(found)
    information = (found.rates * (1 - found.rates)).ravel()
    for pick in picks:
        gains = (full @ contrast) ** 2 * information / (1 + information * np.diag(full))
        best = int(gains.argmax())
        assert (pick.task, pick.cell) == divmod(best, CELLS)
        full = full - np.outer(full[best], full[best]) / (full[best, best] + 1 / information[best])


def test_prices_turn_picks_away_and_what_is_not_allowed_is_not_picked(found):
    free = np.full((TASKS, CELLS), 9)
    dear = np.where(np.arange(CELLS) == 4, 1e6, 1.0)
    assert 4 not in {pick.cell for pick in allocate(found, 1, [4] * 5, dear, free)}
    free[:, 1] = 0
    assert 1 not in {pick.cell for pick in allocate(found, 1, [4] * 5, np.ones(CELLS), free)}
    assert allocate(found, 1, [4] * 5, np.ones(CELLS), np.zeros_like(free)) == []


def test_a_greedy_cell_that_ran_every_task_is_known_exactly():
    random = np.random.default_rng(0)
    attempts = np.ones((TASKS, CELLS), dtype=np.int64)
    passes = random.binomial(1, 0.5, (TASKS, CELLS))
    certain = np.array([True, True, False, False, False, False])
    found = posterior(LEVELS, passes, attempts, certain)
    assert found.mean[:2] == pytest.approx(passes[:, :2].mean(axis=0))
    assert np.diag(found.covariance)[:2] == pytest.approx(0)
    assert np.ptp(found.draws(50, 0)[:, 0]) < 1e-4
    assert (np.diag(found.covariance)[2:] > 1e-4).all()


def test_a_greedy_cell_that_ran_half_of_the_tasks_has_the_chance_of_the_rest():
    attempts = np.zeros((TASKS, CELLS), dtype=np.int64)
    attempts[:4, 0] = 1
    certain = np.array([True, *[False] * 5])
    found = posterior(LEVELS, attempts.copy(), attempts, certain)
    unsettled = found.rates[4:, 0]
    most = (unsettled * (1 - unsettled)).sum() / TASKS**2
    assert np.diag(found.covariance)[0] >= most * 0.99
    assert found.mean[0] == pytest.approx((4 + unsettled.sum()) / TASKS)


def test_without_any_episode_it_is_the_prior():
    none = np.zeros((TASKS, CELLS), dtype=np.int64)
    found = posterior(LEVELS, none, none)
    assert found.mean == pytest.approx(0.5, abs=0.01)
    assert np.ptp(found.draws(2000, 0), axis=0).min() > 0.7


def test_one_cell_alone_and_one_task_alone_are_fine():
    one = np.array([[1]])
    assert 0.5 < posterior({"temperature": [0.0]}, one, one).mean[0] < 1
    assert posterior({}, np.array([[3]]), np.array([[3]])).mean[0] > 0.6


def test_guesses_fill_the_box_of_their_ranges():
    spread = np.log(guessed((Range(0.01, 1.0), Range(2.0, 2.0), Range(0.1, 10.0)), 128))
    assert spread[:, 1] == pytest.approx(np.log(2.0))
    for column, low in ((0, np.log(0.01)), (2, np.log(0.1))):
        counts, _ = np.histogram(spread[:, column], bins=8, range=(low, low + np.log(100)))
        assert counts.sum() == 128
        assert counts.min() >= 14  # chance would leave some eighth with 10
    assert abs(np.corrcoef(spread[:, 0], spread[:, 2])[0, 1]) < 0.05


def test_a_bent_range_has_its_share_on_either_side():
    found = Range(0.002, 0.6, bend=0.1, below=0.25).at(np.linspace(0, 1, 101))
    assert (found[0], found[25], found[-1]) == pytest.approx((0.002, 0.1, 0.6))
    assert (np.diff(found) > 0).all()
    assert found[10] / found[0] == pytest.approx(found[20] / found[10])


def test_what_is_believed_of_the_variances_follows_the_episodes():
    """Cells that lie on a curve make one take a cell for little by itself, cells that are unrelated for much."""
    random = np.random.default_rng(2)
    levels = {
        "temperature": [0.0, 0.2, 0.4, 0.6, 0.8, 1.0] * 4,
        "prompt": [p for p in "abcd" for _ in range(6)],
    }
    curve = -2 * (np.array(levels["temperature"]) - 0.3) ** 2
    odd = []
    for effect in (curve, random.normal(0, 0.7, 24)):
        logits = effect + random.normal(0, 1.5, (40, 1))
        attempts = np.full(logits.shape, 3)
        found = posterior(levels, random.binomial(attempts, 1 / (1 + np.exp(-logits))), attempts).fit.effects
        odd.append(np.exp(found.chances @ np.log(found.guesses[:, -1])))
    assert odd[0] < 0.15 < 0.25 < odd[1]


def test_an_average_of_one_guess_is_that_guess():
    components = effects({"prompt": ["a", "b"]}, 2)
    certain = [replace(component, variance=Range(0.3, 0.3)) for component in components]
    information, told = np.diag([4.0, 2.0]), np.array([1.0, -1.0])
    found = average(certain, information, told, 7)
    prior = 0.3 * sum(component.kernel for component in components)
    covariance = np.linalg.inv(np.linalg.inv(prior) + information)
    assert found.covariance == pytest.approx(covariance)
    assert found.mean == pytest.approx(covariance @ told)
