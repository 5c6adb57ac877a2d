"""What decides which episodes to run next: it sees only the log's table and proposes a batch, or nothing when it is done.

Live sweeps, resumed ones and replays of recorded tables are therefore the same code.
"""

from __future__ import annotations

import random
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from llmsweep.store import Table
from llmsweep.sweep.design import Design
from llmsweep.sweep.space import grid_cells, ofat_cells
from llmsweep.sweep.standing import Judge, Standing
from llmsweep.types import Cell, EpisodeSpec

__all__ = ["Choice", "Design", "Factorial", "Strategy", "chosen_of", "grid", "ofat", "split"]


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
    def fixed(self) -> bool:
        """It knows from the start which episodes it wants, and so how many are owed."""
        ...

    @property
    def cells(self) -> Sequence[Cell]:
        """Every cell that may be proposed, the baseline first where it is one of them."""
        ...

    @property
    def dropped(self) -> Mapping[Cell, str]:
        """The cells of the space that cannot be asked for, each with the reason."""
        ...

    def next(self, table: Table, without: Container[str] = ()) -> Sequence[EpisodeSpec]:
        """The specs to run now, given every scored episode so far; empty when it is done.

        A function of the table alone (and of the design's seed), so that a sweep that goes on after a break, and
        one that is replayed, do what an unbroken one does. ``without``: ids of tasks that break again and again;
        a strategy that can do without them does not propose them.
        """
        ...

    def standing(self, table: Table) -> Standing | None:
        """What is believed, given every scored episode so far; None where no cell has one."""
        ...

    def choose(self, table: Table) -> Choice | None:
        """The cell to ship, likewise."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Factorial:
    """A fixed set of cells, each run equally on every task: ofat and grid.

    The order is random across cells and tasks, so that drift of the machine falls on no cell alone, and
    all first repeats come before all second ones, so that a sweep cut short is still balanced.
    """

    name: str
    fixed: bool = True
    design: Design
    judge: Judge
    dropped: Mapping[Cell, str]

    @property
    def cells(self) -> Sequence[Cell]:
        return self.judge.cells

    def next(self, table: Table, without: Container[str] = ()) -> Sequence[EpisodeSpec]:
        owed = [spec for spec in self.all() if spec.key not in table]
        random.Random(self.design.seed).shuffle(owed)
        return sorted(owed, key=lambda spec: spec.repeat)

    def standing(self, table: Table) -> Standing | None:
        return self.judge.standing(table)

    def choose(self, table: Table) -> Choice | None:
        return chosen_of(self.standing(table))

    def all(self) -> list[EpisodeSpec]:
        """Every episode of the design, run or not."""
        return [
            self.design.spec(task, cell, repeat)
            for cell in self.cells
            for repeat in range(self.design.repeats_of(cell))
            for task in self.design.tasks
        ]


def split(design: Design, cells: Sequence[Cell]) -> tuple[list[Cell], dict[Cell, str]]:
    """Those that can be asked for, and the others, each with the reason."""
    reasons = {cell: design.refuses(cell) for cell in cells}
    possible = [cell for cell, why in reasons.items() if why is None]
    return possible, {cell: why for cell, why in reasons.items() if why is not None}


def chosen_of(standing: Standing | None) -> Choice | None:
    return None if standing is None else Choice(cell=standing.chosen, belief=standing.belief)


def ofat(design: Design) -> Factorial:
    """One factor at a time around the baseline. Its result is main effects there, never an optimum."""
    return _factorial("ofat", design, ofat_cells(design.baseline, design.space))


def grid(design: Design) -> Factorial:
    """Every combination of levels."""
    return _factorial("grid", design, grid_cells(design.baseline, design.space))


def _factorial(name: str, design: Design, cells: Sequence[Cell]) -> Factorial:
    possible, dropped = split(design, cells)
    return Factorial(name=name, design=design, judge=Judge(design, possible), dropped=dropped)
