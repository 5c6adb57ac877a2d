"""What rivals share: means alone choose, the cheapest cell within half of delta of the best one.

In simulations that rule was right more often than the best mean itself, so it is the one that each of them gets.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from llmsweep.errors import UsageError
from llmsweep.store import Table
from llmsweep.sweep.design import Design
from llmsweep.sweep.space import grid_cells
from llmsweep.sweep.standing import Judge, Tally
from llmsweep.sweep.strategies import Choice, split
from llmsweep.types import EpisodeSpec

Floats = NDArray[np.float64]


def means(tally: Tally) -> Floats:
    """Each cell's mean over the tasks that it ran of their pass rates; NaN where it ran none."""
    rates = np.where(tally.attempts > 0, tally.passes / np.maximum(tally.attempts, 1), np.nan)
    known = tally.attempts.sum(axis=0) > 0
    result = np.full(rates.shape[1], np.nan)
    result[known] = np.nanmean(rates[:, known], axis=0)
    return result


def by_means(judge: Judge, table: Table, among: Sequence[int] | None = None) -> Choice | None:
    """The cheapest cell within half of delta of the best mean, of the columns ``among``; None where none of them ran."""
    tally = judge.tally(table)
    found = means(tally)
    if among is not None:
        found = np.where(np.isin(np.arange(len(found)), among), found, np.nan)
    if np.isnan(found).all():
        return None
    costs = tally.spent.sum(axis=0) / np.maximum(tally.attempts.sum(axis=0), 1)
    near = found >= np.nanmax(found) - judge.design.delta / 2
    cheapest = np.where(near, costs, np.inf)
    alike = np.where(cheapest <= cheapest.min() * (1 + judge.design.alike), found, -np.inf)
    return Choice(cell=judge.columns[int(np.nanargmax(alike))])


def at_least_one(**parameters: int) -> None:
    """Raises UsageError for a parameter below 1."""
    for name, value in parameters.items():
        if value < 1:
            raise UsageError(f"strategy.{name}={value}: it must be 1 or more.")


@dataclass(slots=True)
class Runner:
    """For those that go cell by cell. ``order``: the tasks in the shuffled order in which every cell takes them, again
    and again; ``taken``: episodes that each cell was given.
    """

    judge: Judge
    order: list[int]
    taken: NDArray[np.int64]

    def more(self, cell: int, count: int) -> list[EpisodeSpec]:
        """The next ``count`` episodes of a cell: with equal counts two cells have run the same tasks."""
        first = int(self.taken[cell])
        self.taken[cell] += count
        tasks = len(self.order)
        return [self.judge.spec(self.order[n % tasks], cell, n // tasks) for n in range(first, first + count)]


def runner(design: Design) -> Runner:
    """Over every combination of levels that can be asked for."""
    possible, _ = split(design, grid_cells(design.baseline, design.space))
    order = random.Random(design.seed).sample(range(len(design.tasks)), len(design.tasks))
    return Runner(Judge(design, possible), order, np.zeros(len(possible), dtype=np.int64))
