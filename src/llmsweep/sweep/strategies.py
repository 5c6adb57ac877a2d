"""What decides which episodes to run next: it sees only the log's table and proposes a batch, or nothing when it is done.

Live sweeps, resumed ones and replays of recorded tables are therefore the same code.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from llmsweep.store import Table
from llmsweep.sweep.space import Space, grid_cells, ofat_cells
from llmsweep.types import Cell, EpisodeSpec, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The cell that a strategy would ship now. ``belief``: probability that its pass rate is within ``delta`` of the
    best cell's and that it is not dearer; None where the strategy states none.
    """

    cell: Cell
    belief: float | None = None


class Strategy(Protocol):
    """Proposes episodes, and says which cell it would ship."""

    @property
    def name(self) -> str:
        """The word in reports."""
        ...

    @property
    def cells(self) -> Sequence[Cell]:
        """Every cell that may be proposed, the baseline first where it is one of them."""
        ...

    def next(self, table: Table) -> Sequence[EpisodeSpec]:
        """The specs to run now, given every scored episode so far; empty when it is done.

        A function of the table alone (and of the design's seed), so that a sweep that goes on after a break, and
        one that is replayed, do what an unbroken one does.
        """
        ...

    def choose(self, table: Table) -> Choice | None:
        """The cell to ship, given every scored episode so far; None where no cell has one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What every strategy is made from. ``repeats``: attempts at each task in each cell.

    A cell at temperature 0 decodes greedily and would repeat itself: it gets ``repeats_greedy``.
    ``harness`` gives the digest of what the harness itself says to a model in a cell. ``refuses`` says why a
    cell cannot be asked for, None where it can: such cells are dropped, and told by `Factorial.dropped`.
    """

    baseline: Cell
    space: Space
    tasks: Sequence[Task]
    harness: Callable[[Cell], str]
    refuses: Callable[[Cell], str | None] = lambda cell: None
    repeats: int = 3
    repeats_greedy: int = 1
    seed: int = 0

    def repeats_of(self, cell: Cell) -> int:
        return self.repeats_greedy if cell.sampling.temperature == 0 else self.repeats


@dataclass(frozen=True, slots=True)
class Factorial:
    """A fixed set of cells, each run equally on every task: ofat and grid.

    The order is random across cells and tasks, so that drift of the machine falls on no cell alone, and
    all first repeats come before all second ones, so that a sweep cut short is still balanced.
    """

    name: str
    design: Design
    choose: Callable[[Cell, Space], list[Cell]]

    @property
    def cells(self) -> Sequence[Cell]:
        return [cell for cell in self._chosen() if self.design.refuses(cell) is None]

    @property
    def dropped(self) -> dict[Cell, str]:
        """The cells of the space that cannot be asked for, each with the reason."""
        reasons = {cell: self.design.refuses(cell) for cell in self._chosen()}
        return {cell: reason for cell, reason in reasons.items() if reason is not None}

    def _chosen(self) -> list[Cell]:
        return self.choose(self.design.baseline, self.design.space)

    def next(self, table: Table) -> Sequence[EpisodeSpec]:
        owed = [spec for spec in self.all() if spec.key not in table]
        random.Random(self.design.seed).shuffle(owed)
        return sorted(owed, key=lambda spec: spec.repeat)

    def all(self) -> list[EpisodeSpec]:
        """Every episode of the design, run or not."""
        return [
            EpisodeSpec(task=task, cell=cell, repeat=r, harness=self.design.harness(cell))
            for cell in self.cells
            for r in range(self.design.repeats_of(cell))
            for task in self.design.tasks
        ]


def ofat(design: Design) -> Factorial:
    """One factor at a time around the baseline. Its result is main effects there, never an optimum."""
    return Factorial("ofat", design, ofat_cells)


def grid(design: Design) -> Factorial:
    """Every combination of levels."""
    return Factorial("grid", design, grid_cells)
