"""The paired bootstrap: tasks are drawn, the same ones for all sides, then attempts within each task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from llmsweep.analysis.stats import SPARSE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DRAWS = 10_000
EXACT = 3_000
"""Up to so many attempts of a side are drawn one by one; of more the mean within each task is drawn from the normal
distribution with the same mean and covariance, which such sums are as good as."""
_AT_ONCE = 2_000_000


class Rows(NamedTuple):
    """One side's attempts. ``task``: index of a common task, each at least once; ``values``: attempts x measures."""

    task: Ints
    values: Floats


def task_means(rows: Rows, tasks: int) -> Floats:
    """tasks x measures: the mean of each task's attempts."""
    counts = np.bincount(rows.task, minlength=tasks)
    return np.stack([np.bincount(rows.task, column, tasks) / counts for column in rows.values.T], axis=1)


def paired_draws(
    sides: Sequence[Rows], tasks: int, draws: int = DRAWS, seed: int = 0, exact: int = EXACT
) -> list[Floats]:
    """For each side draws + 1 means over tasks of its measures: the first row is what was observed.

    A two-stage bootstrap (Davison & Hinkley 1997, section 3.8), with the same tasks for all sides, so that what makes a
    task hard or long for both does not pass for a difference.
    """
    random = np.random.default_rng(seed)
    found = [[task_means(rows, tasks).mean(axis=0)[None, :]] for rows in sides]
    within = [_Within(rows, tasks, exact) for rows in sides]
    left = draws
    while left:
        now = min(left, max(1, _AT_ONCE // tasks))
        times = random.multinomial(tasks, np.full(tasks, 1 / tasks), size=now)
        for means, side in zip(found, within, strict=True):
            means.append(side.draw(times, random) / tasks)
        left -= now
    return [np.concatenate(means) for means in found]


def solving_draws(sides: Sequence[Rows], tasks: int, draws: int = DRAWS, seed: int = 0) -> list[Floats]:
    """`paired_draws` of sides whose first measure is whether an attempt solved its task.

    Where fewer than SPARSE tasks were solved at all, or failed at all, resampling them would take what was not seen for
    impossible: the pass rate is then drawn from Beta(k + 1/2, n - k + 1/2), k solved tasks of n (Jeffreys' interval: Brown,
    Cai & DasGupta 2001), in the order of the bootstrap's draws, so that they stay paired.
    """
    found = paired_draws(sides, tasks, draws, seed)
    random = np.random.default_rng([seed, 1])
    for rows, drawn in zip(sides, found, strict=True):
        rates = task_means(rows, tasks)[:, 0]
        if min((rates > 0).sum(), (rates < 1).sum()) < SPARSE:
            solved = float(rates.sum())
            order = np.lexsort((random.random(draws), drawn[1:, 0]))
            drawn[1:, 0][order] = np.sort(random.beta(solved + 0.5, tasks - solved + 0.5, draws))
    return found


class _Within:
    """Attempts within tasks, drawn as often as their task was."""

    def __init__(self, rows: Rows, tasks: int, exact: int) -> None:
        order = np.argsort(rows.task, kind="stable")
        self.values = rows.values[order]
        self.counts = np.bincount(rows.task, minlength=tasks)
        self.ends = np.cumsum(self.counts)
        self.means = task_means(rows, tasks)
        self.exact = len(rows.task) <= exact

    def draw(self, times: Ints, random: np.random.Generator) -> Floats:
        """Sums over tasks, draws x measures. ``times``: draws x tasks, how often each task was drawn."""
        if self.counts.max() == 1:
            return np.asarray(times @ self.means)
        return self._each(times, random) if self.exact else self._normal(times, random)

    def _each(self, times: Ints, random: np.random.Generator) -> Floats:
        total = np.zeros((len(times), self.values.shape[1]))
        for task, (end, count) in enumerate(zip(self.ends, self.counts, strict=True)):
            values = self.values[end - count : end]
            if count == 1 or not np.ptp(values, axis=0).any():
                total += times[:, [task]] * values[0]
            else:
                drawn = random.multinomial(times[:, task] * count, np.full(count, 1 / count))
                total += drawn @ values / count
        return total

    def _normal(self, times: Ints, random: np.random.Generator) -> Floats:
        size = self.values.shape[1]
        away = self.values - np.repeat(self.means, self.counts, axis=0)
        owner = np.repeat(np.arange(len(self.counts)), self.counts)
        spread = np.empty((len(self.counts), size, size))
        for i in range(size):
            for j in range(size):
                spread[:, i, j] = np.bincount(owner, away[:, i] * away[:, j]) / self.counts**2
        covariance = (times @ spread.reshape(len(spread), -1)).reshape(-1, size, size)
        scales, axes = np.linalg.eigh(covariance)
        noise = random.standard_normal((len(times), size)) * np.sqrt(np.maximum(scales, 0))
        # What is drawn is a sum of figures that are never negative.
        drawn: Floats = times @ self.means + np.einsum("dij,dj->di", axes, noise)
        return np.maximum(drawn, 0.0)
