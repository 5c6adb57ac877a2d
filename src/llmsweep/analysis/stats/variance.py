"""Where passes and failures come from: tasks, cells, both together, or chance."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from llmsweep.analysis.stats.interval import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class VarianceSplit:
    """Variance of one episode's outcome (1 or 0) for cells and tasks like these, as four parts that are never negative.

    ``tasks``: some are harder in every cell; ``cells``: some are better at every task; ``both``: a cell is better at some
    tasks and worse at others; ``within``: the same cell passes and fails the same task. Where nothing was attempted
    twice, ``within`` holds both of the last two and ``both`` is NaN. All are NaN where there is too little to tell: less than
    two tasks or two cells.
    """

    tasks: float
    cells: float
    both: float
    within: float

    @property
    def shares(self) -> dict[str, float]:
        """The parts' shares of their sum; NaN where there is no variance at all."""
        parts = {"tasks": self.tasks, "cells": self.cells, "both": self.both, "within": self.within}
        total = math.fsum(part for part in parts.values() if not math.isnan(part))
        return {name: part / total if total > 0 else math.nan for name, part in parts.items()}


def variance_split(passes: Ints, attempts: Ints) -> VarianceSplit:
    """The parts of `variance_components`, 0 where chance made an estimate negative. Both arrays: cells x tasks."""
    tasks, cells, both, within = np.maximum(variance_components(passes, attempts), 0.0).tolist()
    return VarianceSplit(tasks=tasks, cells=cells, both=both, within=within)


def variance_components(passes: Ints, attempts: Ints) -> Floats:
    """Unbiased estimates of the four parts of `VarianceSplit`, in its order; some may be negative.

    ``passes``, ``attempts``: cells x tasks, no attempts where there is a hole. Cells and tasks are taken as drawn at
    random, each with its own effect. Then products of two outcomes of the same task in different cells, of the same
    cell, of neither, differ on average by exactly the parts (Henderson's and Koch's symmetric sums; Searle, Casella &
    McCulloch 1992, chapter 5); with equal counts everywhere that is the usual analysis of variance. Holes must not
    depend on the outcomes there.
    """
    ran = attempts > 0
    rates = np.where(ran, passes / np.maximum(attempts, 1), 0.0)
    number, per_cell, per_task = int(ran.sum()), ran.sum(axis=1), ran.sum(axis=0)
    squares = float((rates**2).sum())
    of_cell, of_task = float((rates.sum(axis=1) ** 2).sum()), float((rates.sum(axis=0) ** 2).sum())
    pairs_cell, pairs_task = int((per_cell**2).sum()) - number, int((per_task**2).sum()) - number
    pairs_apart = number**2 - number - pairs_cell - pairs_task
    if min(pairs_cell, pairs_task, pairs_apart) <= 0:
        return np.full(4, math.nan)
    same_cell, same_task = (of_cell - squares) / pairs_cell, (of_task - squares) / pairs_task
    neither = (float(rates.sum()) ** 2 - of_cell - of_task + squares) / pairs_apart
    tasks, cells = same_task - neither, same_cell - neither
    rest = float(rates.sum()) / number - neither - tasks - cells
    within = within_variance(passes, attempts)
    both = rest - within
    return np.array([tasks, cells, both, rest if math.isnan(within) else within])


def within_variance(passes: Ints, attempts: Ints) -> float:
    """The mean variance of an outcome around its own task's and cell's pass probability, from those with two attempts
    and more (unbiased: p (1 - p) n / (n - 1)); NaN where there are none.
    """
    again = attempts > 1
    n, rate = attempts[again], passes[again] / attempts[again]
    return float((rate * (1 - rate) * n / (n - 1)).mean()) if len(n) else math.nan
