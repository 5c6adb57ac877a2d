"""The strategy `race`: every cell is tried a little, then episodes go where they can still overturn the choice.

It stops when the choice is believed right with the wanted confidence in two looks running, or when every cell has been
attempted as often as it may be. Method and figures: docs/strategies.md.
"""

from __future__ import annotations

import random
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from llmsweep.belief.allocate import allocate
from llmsweep.errors import UsageError
from llmsweep.store import Table
from llmsweep.sweep.design import Design
from llmsweep.sweep.space import grid_cells
from llmsweep.sweep.standing import Judge, Standing
from llmsweep.sweep.strategies import Choice, chosen_of, split
from llmsweep.types import FRESH, Cell, EpisodeSpec

A_SLOT = 4
LEAST_BATCH = 8
"""A batch is this many episodes a slot, at least LEAST_BATCH: long enough that slots do not wait for its last one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """``opening``: episodes that each cell gets before any comparison; ``most``: attempts at one task in one cell;
    ``batch``: episodes between two looks.
    """

    name: str = "race"
    fixed: bool = False
    design: Design
    judge: Judge
    dropped: Mapping[Cell, str]
    opening: int
    most: int
    batch: int

    @property
    def cells(self) -> Sequence[Cell]:
        return self.judge.cells

    def standing(self, table: Table) -> Standing | None:
        return self.judge.standing(table)

    def choose(self, table: Table) -> Choice | None:
        return chosen_of(self.standing(table))

    def next(self, table: Table, without: Container[str] = ()) -> Sequence[EpisodeSpec]:
        if len(self.cells) == 1:
            return self._alone(table)
        broken = [row for row, task in enumerate(self.judge.rows) if task.id in without]
        if owed := self._opening(table, broken):
            return owed
        if self._decided(table):
            return []
        return self._batch(table, broken)

    def _alone(self, table: Table) -> list[EpisodeSpec]:
        """With nothing to choose between, the cell is measured: every task as often as in a fixed design."""
        (cell,) = self.cells
        repeats = range(self.design.repeats_of(cell))
        wanted = (self.design.spec(task, cell, repeat) for repeat in repeats for task in self.design.tasks)
        return [spec for spec in wanted if spec.key not in table]

    def _decided(self, table: Table) -> bool:
        """Believed now, and a batch ago."""
        wanted = self.design.confidence
        now, before = self.judge.standing(table), self.judge.standing(table, without=self.batch)
        return now is not None and before is not None and min(now.belief, before.belief) >= wanted

    def _opening(self, table: Table, broken: Sequence[int]) -> list[EpisodeSpec]:
        """A few episodes for every cell that has fewer, on the tasks that were tried least."""
        judge, order = self.judge, random.Random(self.design.seed)
        attempts = judge.tally(table).attempts.copy()
        cells = order.sample(range(len(judge.columns)), len(judge.columns))
        shuffled = np.array(order.sample(range(len(attempts)), len(attempts)))
        shuffled = shuffled[~np.isin(shuffled, broken)]
        wanted = min(self.opening, len(shuffled))
        specs = []
        for _ in range(wanted):
            for cell in cells:
                if attempts[:, cell].sum() < wanted:
                    free = shuffled[attempts[shuffled, cell] == 0]
                    task = int(free[attempts[free].sum(axis=1).argmin()])
                    attempts[task, cell] += 1
                    specs.append(judge.spec(task, cell, 0))
        return specs

    def _batch(self, table: Table, broken: Sequence[int]) -> list[EpisodeSpec]:
        """The episodes that say most about what could overturn the choice; empty where every cell has run its most."""
        standing = self.judge.standing(table)
        assert standing is not None  # the opening is run
        most = np.array([self._most(cell) for cell in standing.cells])
        left = most - standing.tally.attempts
        left[list(broken)] = 0
        chance = np.random.default_rng([self.design.seed, standing.episodes])
        picks = allocate(
            standing.posterior,
            standing.verdict.chosen,
            standing.verdict.rivals(self.batch, chance),
            standing.costs.mean,
            left,
        )
        planned: dict[str, EpisodeSpec] = {}
        for pick in picks:
            spec = self._unrun(pick.task, pick.cell, table, planned)
            planned[spec.key] = spec
        return list(planned.values())

    def _unrun(self, task: int, cell: int, *known: Container[str]) -> EpisodeSpec:
        """The task's first repeat in this cell that is in none of ``known``."""
        specs = (self.judge.spec(task, cell, repeat) for repeat in range(FRESH))
        return next(spec for spec in specs if not any(spec.key in keys for keys in known))

    def _most(self, cell: Cell) -> int:
        return 1 if self.design.settles(cell) else self.most


def race(design: Design, *, opening: int = 4, most: int = 50, batch: int | None = None) -> Race:
    """Over the baseline and every combination of levels. Raises UsageError for parameters below 1."""
    batch = max(LEAST_BATCH, A_SLOT * design.slots) if batch is None else batch
    for name, value in (("opening", opening), ("most", most), ("batch", batch)):
        if value < 1:
            raise UsageError(f"strategy.{name}={value}: it must be 1 or more.")
    grid = grid_cells(design.baseline, design.space)
    return among(design, [design.baseline, *grid], opening=opening, most=most, batch=batch)


def among(design: Design, cells: Sequence[Cell], *, opening: int, most: int, batch: int) -> Race:
    """Over these cells."""
    possible, dropped = split(design, list(dict.fromkeys(cells)))
    judge = Judge(design, possible)
    return Race(design=design, judge=judge, dropped=dropped, opening=opening, most=most, batch=batch)
