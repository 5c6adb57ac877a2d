"""What a sweep's episodes make one believe at any moment, for every strategy alike: a view of the log's table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from llmsweep.belief.costs import Costs
from llmsweep.belief.outlook import episodes_needed, expected_belief
from llmsweep.belief.posterior import Posterior
from llmsweep.belief.verdict import Evidence, Terms, Verdict, judge
from llmsweep.store import Row, Table
from llmsweep.sweep.design import Design
from llmsweep.sweep.space import AXES, level
from llmsweep.types import FRESH, Cell, EpisodeSpec, Task

KEPT = 4
"""How many looks are remembered."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of tasks x cells: ``passes``, ``attempts``, and ``spent`` in ``currency``, tokens or (where an episode did
    not report them) seconds.
    """

    passes: NDArray[np.int64]
    attempts: NDArray[np.int64]
    spent: NDArray[np.float64]
    currency: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What is believed after ``episodes``. ``chosen``: the cell to ship now, believed right with ``belief``."""

    episodes: int
    cells: Sequence[Cell]
    tally: Tally
    posterior: Posterior
    costs: Costs
    verdict: Verdict

    @property
    def terms(self) -> Terms:
        return self.verdict.terms

    def expected_belief(self, more: int) -> float:
        """Of the choice after ``more`` episodes, roughly."""
        return expected_belief(self.posterior, self.costs, self.terms, more)

    def episodes_needed(self) -> int | None:
        """How many more should settle it, roughly; 0 where it is settled, None where no number in reach would."""
        if self.belief >= self.terms.confidence:
            return 0
        return episodes_needed(self.posterior, self.costs, self.terms)

    @property
    def chosen(self) -> Cell:
        return self.cells[self.verdict.chosen]

    @property
    def bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The 95 % credible intervals of the cells' rates."""
        low, high = np.quantile(self.verdict.draws, [0.025, 0.975], axis=0)
        return low, high

    @property
    def belief(self) -> float:
        return float(self.verdict.belief[self.verdict.chosen])


@dataclass(slots=True)
class Judge:
    """Turns tables into standings of ``cells``; the last few are kept, since strategies and displays ask alike.

    ``columns`` and ``rows`` are the cells and tasks in the order of every array: by id, as `analysis.beliefs` has them,
    so that both draw the same and a finished sweep says in its report what it stopped on.
    """

    design: Design
    cells: Sequence[Cell]
    columns: list[Cell] = field(init=False)
    rows: list[Task] = field(init=False)
    _task: dict[str, int] = field(init=False)
    _cell: dict[str, int] = field(init=False)
    _places: dict[str, tuple[int, int] | None] = field(init=False, default_factory=dict)
    _kept: dict[tuple[int, str], Standing] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.columns = sorted(self.cells, key=lambda cell: cell.id)
        self.rows = sorted(self.design.tasks, key=lambda task: task.id)
        self._task = {task.id: i for i, task in enumerate(self.rows)}
        self._cell = {cell.id: i for i, cell in enumerate(self.columns)}

    def standing(self, table: Table, *, without: int = 0) -> Standing | None:
        """Of the table, or of it ``without`` its last rows; None where no episode of these cells is scored."""
        seen = self._seen(table)
        seen = seen[: len(seen) - without] if without else seen
        if not seen:
            return None
        mark = (len(seen), seen[-1][0])
        if mark not in self._kept:
            if len(self._kept) >= KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[mark] = self._judge(self._count(seen))
        return self._kept[mark]

    def tally(self, table: Table) -> Tally:
        return self._count(self._seen(table))

    def spec(self, task: int, cell: int, repeat: int) -> EpisodeSpec:
        """The episode of the task in that row and the cell in that column."""
        return self.design.spec(self.rows[task], self.columns[cell], repeat)

    def _seen(self, table: Table) -> list[tuple[str, Row, tuple[int, int]]]:
        """The rows that may choose, in the log's order, each with its key and its place."""
        seen = []
        for key, row in table.items():
            place = self._places[key] if key in self._places else self._place(key, row)
            if place is not None:
                seen.append((key, row, place))
        return seen

    def _place(self, key: str, row: Row) -> tuple[int, int] | None:
        """Where a row belongs; None for another text of the task, another prompt, a cell of another sweep, fresh seeds."""
        task, cell = self._task.get(row.task_id), self._cell.get(row.cell_id)
        place = None
        if task is not None and cell is not None and row.repeat < FRESH:
            place = (task, cell) if self.spec(task, cell, row.repeat).key == key else None
        self._places[key] = place
        return place

    def _count(self, seen: Sequence[tuple[str, Row, tuple[int, int]]]) -> Tally:
        shape = (len(self.rows), len(self.columns))
        passes, attempts = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        spent = np.zeros(shape)
        currency = "seconds" if any(row.tokens is None for _, row, _ in seen) else "tokens"
        for _, row, place in seen:
            passes[place] += row.passed
            attempts[place] += 1
            spent[place] += row.duration_s if currency == "seconds" else row.tokens or 0
        return Tally(passes, attempts, spent, currency)

    def _judge(self, tally: Tally) -> Standing:
        design, cells = self.design, self.columns
        levels = {axis: [level(cell, axis) for cell in cells] for axis in AXES}
        certain = np.array([cell.greedy and design.repeats_greedy == 1 for cell in cells])
        found = judge(
            Evidence(levels, tally.passes, tally.attempts, tally.spent, certain),
            Terms(design.delta, design.confidence, design.alike),
        )
        return Standing(int(tally.attempts.sum()), cells, tally, *found)
