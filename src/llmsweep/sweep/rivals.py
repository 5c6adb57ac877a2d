"""Other ways to choose among cells, to hold `race` against in replays: each as strong as it is in the literature.

All choose the cheapest cell within half of delta of the best mean, which in simulations was right more often than the
best mean itself. They are for replays: a table must grow only by what they proposed.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llmsweep.store import Table
from llmsweep.sweep.design import Design
from llmsweep.sweep.space import difference, grid_cells, level, ofat_cells, with_level
from llmsweep.sweep.standing import Judge, Tally
from llmsweep.sweep.strategies import Choice, Factorial, grid, split
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
    """The cheapest cell within half of delta of the best mean, of the columns ``among``."""
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


@dataclass(frozen=True, slots=True)
class GridMeans:
    """The full grid, equal repeats; means alone choose."""

    grid: Factorial

    def next(self, table: Table) -> Sequence[EpisodeSpec]:
        return self.grid.next(table)

    def choose(self, table: Table) -> Choice | None:
        return by_means(self.grid.judge, table)


def grid_means(design: Design) -> GridMeans:
    return GridMeans(grid(design))


@dataclass(slots=True)
class OfatMajority:
    """One factor at a time; a task counts as passed in a cell where most attempts pass; the best levels are combined."""

    design: Design
    inner: Factorial

    def next(self, table: Table) -> Sequence[EpisodeSpec]:
        return self.inner.next(table)

    def choose(self, table: Table) -> Choice | None:
        judge = self.inner.judge
        tally = judge.tally(table)
        ran = tally.attempts.sum(axis=0) > 0
        share = (2 * tally.passes > tally.attempts).sum(axis=0) / np.maximum(
            (tally.attempts > 0).sum(axis=0), 1
        )
        score = {cell: float(share[i]) for i, cell in enumerate(judge.columns) if ran[i]}
        if not score:
            return None
        best = self.design.baseline
        for axis in self.design.space:
            levels = [c for c in score if set(difference(c, self.design.baseline)) <= {axis}]
            if levels:
                best = with_level(best, axis, level(max(levels, key=lambda c: score[c]), axis))
        return Choice(cell=best)


def ofat_majority(design: Design) -> OfatMajority:
    possible, dropped = split(design, ofat_cells(design.baseline, design.space))
    inner = Factorial(name="ofat", design=design, judge=Judge(design, possible), dropped=dropped)
    return OfatMajority(design, inner)


@dataclass(slots=True)
class _Rival:
    """What those that go cell by cell share: every cell takes its tasks in the same shuffled order, again and again."""

    judge: Judge
    order: list[int]
    taken: NDArray[np.int64]

    def more(self, cell: int, count: int) -> list[EpisodeSpec]:
        """The next ``count`` episodes of a cell: with equal counts two cells have run the same tasks."""
        first = int(self.taken[cell])
        self.taken[cell] += count
        tasks = len(self.order)
        return [self.judge.spec(self.order[n % tasks], cell, n // tasks) for n in range(first, first + count)]


def _rival(design: Design) -> _Rival:
    possible, _ = split(design, grid_cells(design.baseline, design.space))
    judge = Judge(design, possible)
    order = random.Random(design.seed).sample(range(len(design.tasks)), len(design.tasks))
    return _Rival(judge, order, np.zeros(len(possible), dtype=np.int64))


@dataclass(slots=True)
class Halving:
    """Successive halving (Karnin, Koren & Somekh 2013) of ``budget`` episodes, paired on tasks. It keeps its own state."""

    rival: _Rival
    budget: int
    alive: list[int]
    finalists: list[int]

    def next(self, table: Table) -> Sequence[EpisodeSpec]:
        if self.rival.taken.any():
            if len(self.alive) == 1:
                return []
            found = means(self.rival.judge.tally(table))
            self.finalists = self.alive
            best = sorted(self.alive, key=lambda cell: -found[cell])
            self.alive = best[: math.ceil(len(best) / 2)]
            if len(self.alive) == 1:
                return []
        cells = len(self.rival.judge.columns)
        share = self.budget // (len(self.alive) * math.ceil(math.log2(cells)))
        return [spec for cell in self.alive for spec in self.rival.more(cell, max(1, share))]

    def choose(self, table: Table) -> Choice | None:
        """Among the last round's cells, which alone were measured well."""
        return by_means(self.rival.judge, table, self.finalists)


def halving(design: Design, *, budget: int) -> Halving:
    rival = _rival(design)
    every = list(range(len(rival.judge.columns)))
    return Halving(rival, budget, every, every)


@dataclass(slots=True)
class Ucb:
    """UCB-E (Audibert, Bubeck & Munos 2010): the cell with the highest mean + sqrt(``a`` / attempts) goes on, ``batch``
    episodes at a time. It keeps its own state.
    """

    rival: _Rival
    a: float
    batch: int

    def next(self, table: Table) -> Sequence[EpisodeSpec]:
        untried = [cell for cell in range(len(self.rival.taken)) if self.rival.taken[cell] == 0]
        if untried:
            return [spec for cell in untried for spec in self.rival.more(cell, self.batch)]
        bound = means(self.rival.judge.tally(table)) + np.sqrt(self.a / self.rival.taken)
        return self.rival.more(int(bound.argmax()), self.batch)

    def choose(self, table: Table) -> Choice | None:
        return by_means(self.rival.judge, table)


def ucb(design: Design, *, a: float = 2.0, batch: int = 8) -> Ucb:
    return Ucb(_rival(design), a, batch)


RIVALS: dict[str, Any] = {
    "grid_means": grid_means,
    "ofat_majority": ofat_majority,
    "halving": halving,
    "ucb": ucb,
}
