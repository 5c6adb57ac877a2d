"""Other ways to choose among cells, to hold `race` against in replays: each as strong as it is in the literature.

They are for replays: a table must grow only by what they proposed, since some keep their own state.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from llmsweep.errors import UsageError
from llmsweep.store import Table
from llmsweep.sweep.design import Design
from llmsweep.sweep.rivals_means import Runner, at_least_one, by_means, means, runner
from llmsweep.sweep.rivals_wilcoxon import wilcoxon
from llmsweep.sweep.space import canonical, difference, level, ofat_cells, with_level
from llmsweep.sweep.standing import Judge
from llmsweep.sweep.strategies import Choice, Factorial, grid, split
from llmsweep.types import EpisodeSpec


@dataclass(frozen=True, slots=True)
class GridMeans:
    """The full grid, equal repeats; means alone choose."""

    grid: Factorial

    @property
    def fixed(self) -> bool:
        return True

    def next(self, table: Table) -> Sequence[EpisodeSpec]:
        return self.grid.next(table)

    def choose(self, table: Table) -> Choice | None:
        return by_means(self.grid.judge, table)


def grid_means(design: Design) -> GridMeans:
    return GridMeans(grid(design))


@dataclass(slots=True)
class OfatMajority:
    """One factor at a time; a task counts as passed in a cell where most attempts pass; the best levels are combined
    (where that cell cannot be asked for, the best of those that ran is taken).
    """

    design: Design
    inner: Factorial

    @property
    def fixed(self) -> bool:
        return True

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
        best = canonical(best)
        return Choice(cell=best if self.design.refuses(best) is None else max(score, key=lambda c: score[c]))


def ofat_majority(design: Design) -> OfatMajority:
    possible, dropped = split(design, ofat_cells(design.baseline, design.space))
    inner = Factorial(name="ofat", design=design, judge=Judge(design, possible), dropped=dropped)
    return OfatMajority(design, inner)


@dataclass(slots=True)
class Halving:
    """Successive halving (Karnin, Koren & Somekh 2013) of ``budget`` episodes, paired on tasks. It keeps its own state."""

    runner: Runner
    budget: int
    alive: list[int]
    finalists: list[int]

    @property
    def fixed(self) -> bool:
        return False

    def next(self, table: Table) -> Sequence[EpisodeSpec]:
        if self.runner.taken.any():
            if len(self.alive) == 1:
                return []
            found = means(self.runner.judge.tally(table))
            self.finalists = self.alive
            best = sorted(self.alive, key=lambda cell: -found[cell])
            self.alive = best[: math.ceil(len(best) / 2)]
            if len(self.alive) == 1:
                return []
        cells = len(self.runner.judge.columns)
        share = self.budget // (len(self.alive) * math.ceil(math.log2(cells)))
        return [spec for cell in self.alive for spec in self.runner.more(cell, max(1, share))]

    def choose(self, table: Table) -> Choice | None:
        """Among the last round's cells, which alone were measured well."""
        return by_means(self.runner.judge, table, self.finalists)


def halving(design: Design, *, budget: int) -> Halving:
    """``budget``: episodes in all. Raises UsageError for one below 1."""
    at_least_one(budget=budget)
    run = runner(design)
    every = list(range(len(run.judge.columns)))
    return Halving(run, budget, every, every)


@dataclass(slots=True)
class Ucb:
    """UCB-E (Audibert, Bubeck & Munos 2010): the cell with the highest mean + sqrt(``a`` / attempts) goes on, ``batch``
    episodes at a time. It keeps its own state.
    """

    runner: Runner
    a: float
    batch: int

    @property
    def fixed(self) -> bool:
        return False

    def next(self, table: Table) -> Sequence[EpisodeSpec]:
        untried = [cell for cell in range(len(self.runner.taken)) if self.runner.taken[cell] == 0]
        if untried:
            return [spec for cell in untried for spec in self.runner.more(cell, self.batch)]
        bound = means(self.runner.judge.tally(table)) + np.sqrt(self.a / self.runner.taken)
        return self.runner.more(int(bound.argmax()), self.batch)

    def choose(self, table: Table) -> Choice | None:
        return by_means(self.runner.judge, table)


def ucb(design: Design, *, a: float = 2.0, batch: int = 8) -> Ucb:
    """Of ``a`` = 0.5, 1, 2 and 4, 1 and 2 were right soonest in truths apart from those that it is judged by. Raises
    UsageError for an ``a`` or a batch that is too small.
    """
    at_least_one(batch=batch)
    if a < 0:
        raise UsageError(f"strategy.a={a:g}: it must be 0 or more.")
    return Ucb(runner(design), a, batch)


RIVALS: dict[str, Callable[..., Any]] = {
    "grid_means": grid_means,
    "ofat_majority": ofat_majority,
    "halving": halving,
    "ucb": ucb,
    "wilcoxon": wilcoxon,
}
