"""What an episode costs in each cell, relative to the mean of all, learned from the episodes that ran.

A linear model with the cells' kernels and an effect of each task: cells that ran other tasks are still compared like
with like, and similar cells lend one another strength. It is about the arithmetic mean, since that is what is paid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from llmsweep.belief.kernels import Component, Floats, Ints, Levels, Range, effects
from llmsweep.belief.posterior import normal_draws

OF_TASKS = 1.0
"""Variance of tasks' costs around the mean, in squares of that mean; only its order matters."""
LEAST_NOISE = 1e-4
CURVE, CONTRAST, TOGETHER, ODD, LEVEL = 0.2, 0.3, 0.1, 0.02, 1.0
"""Prior variances, likewise: of a smooth axis, of an axis of categories, of pairs of axes, of a cell, of all."""
CHEAPEST = 0.05
"""No expected cost is below this: a line through few episodes may promise anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """``mean`` (K) and ``covariance`` (K x K) of each cell's mean cost over the mean cost of all episodes, ``unit``."""

    mean: Floats
    covariance: Floats
    unit: float

    def draws(self, count: int, seed: int) -> Floats:
        """``count`` x K."""
        return np.maximum(self.mean + normal_draws(self.covariance, count, seed), CHEAPEST)


def relative_costs(levels: Levels, totals: Floats, attempts: Ints) -> Costs:
    """``totals``: T x K, what the attempts cost together, in any unit; ``attempts``: T x K."""
    episodes = int(attempts.sum())
    unit = float(totals.sum()) / max(episodes, 1)
    mean = np.divide(totals, attempts * (unit or 1.0), out=np.zeros(totals.shape), where=attempts > 0)
    noise = _noise(mean, attempts)
    weights = attempts / noise
    # The effect of a task, of variance OF_TASKS, is integrated out (Sherman & Morrison).
    shared = OF_TASKS / (1 + OF_TASKS * weights.sum(axis=1))
    information = np.diag(weights.sum(axis=0)) - (weights * shared[:, None]).T @ weights
    beyond = mean - 1.0
    told = weights * beyond
    told -= weights * (shared * told.sum(axis=1))[:, None]
    prior = sum(_variance(component) * component.kernel for component in effects(levels, len(mean[0])))
    covariance = np.linalg.inv(np.linalg.inv(prior) + information)
    found = 1.0 + covariance @ told.sum(axis=0)
    return Costs(mean=np.maximum(found, CHEAPEST), covariance=covariance, unit=unit)


def _variance(component: Component[Range]) -> float:
    if component.name in ("level", "cell"):
        return LEVEL if component.name == "level" else ODD
    if " x " in component.name:
        return TOGETHER
    return CURVE if component.features.shape[1] > 1 else CONTRAST


def _noise(mean: Floats, attempts: Ints) -> float:
    """Variance of one episode around its task's and its cell's effect, from the residuals of both."""
    n = attempts.astype(np.float64)
    by_task, by_cell = np.zeros(len(n)), np.zeros(n.shape[1])
    tasks, cells = np.maximum(n.sum(axis=1), 1), np.maximum(n.sum(axis=0), 1)
    for _ in range(20):
        by_task = (n * (mean - by_cell)).sum(axis=1) / tasks
        by_cell = (n * (mean - by_task[:, None])).sum(axis=0) / cells
    left = (n * (mean - by_task[:, None] - by_cell) ** 2).sum()
    pairs = (n > 0).sum()
    freedom = pairs - (n.sum(axis=1) > 0).sum() - (n.sum(axis=0) > 0).sum() + 1
    return max(float(left) / max(float(freedom), 1.0), LEAST_NOISE)
