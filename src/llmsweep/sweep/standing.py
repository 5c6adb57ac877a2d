"""What a sweep's episodes make one believe at any moment, for every strategy alike: a view of the log's table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

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
class _Seen:
    """The rows of a table that may choose, in the log's order; ``upto`` rows of the table are looked at, ``last`` is the
    key of the last of them.
    """

    places: list[int] = field(default_factory=list)
    passed: list[bool] = field(default_factory=list)
    tokens: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    upto: int = 0
    last: str = ""


@dataclass(slots=True)
class Judge:
    """Turns tables into standings of ``cells``; the last few are kept, since strategies and displays ask alike.

    ``columns`` and ``rows`` are the cells and tasks in the order of every array: by id, as `analysis.beliefs` has them,
    so that both draw the same and a finished sweep says in its report what it stopped on. A table is expected to grow
    at its end, as a log does: what was looked at once is not looked at again.
    """

    design: Design
    cells: Sequence[Cell]
    columns: list[Cell] = field(init=False)
    rows: list[Task] = field(init=False)
    _task: dict[str, int] = field(init=False)
    _cell: dict[str, int] = field(init=False)
    _seen: _Seen = field(init=False, default_factory=_Seen)
    _kept: dict[int, Standing] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.columns = sorted(self.cells, key=lambda cell: cell.id)
        self.rows = sorted(self.design.tasks, key=lambda task: task.id)
        self._task = {task.id: i for i, task in enumerate(self.rows)}
        self._cell = {cell.id: i for i, cell in enumerate(self.columns)}

    def standing(self, table: Table, *, without: int = 0) -> Standing | None:
        """Of the table, or of it ``without`` its last rows; None where no episode of these cells is scored."""
        count = len(self._look(table).places) - without
        if count <= 0:
            return None
        if count not in self._kept:
            if len(self._kept) >= KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[count] = self._judge(self._count(count))
        return self._kept[count]

    def tally(self, table: Table) -> Tally:
        return self._count(len(self._look(table).places))

    def spec(self, task: int, cell: int, repeat: int) -> EpisodeSpec:
        """The episode of the task in that row and the cell in that column."""
        return self.design.spec(self.rows[task], self.columns[cell], repeat)

    def _look(self, table: Table) -> _Seen:
        """The rows of the table, those seen before and those that came since; all anew for another table."""
        seen = self._seen
        if seen.upto and next(islice(table, seen.upto - 1, None), None) != seen.last:
            self._seen = seen = _Seen()
            self._kept.clear()
        for key, row in islice(table.items(), seen.upto, None):
            place = self._place(key, row)
            if place is not None:
                seen.places.append(place)
                seen.passed.append(row.passed)
                seen.tokens.append(math.nan if row.tokens is None else row.tokens)
                seen.seconds.append(row.duration_s)
            seen.last = key
        seen.upto = len(table)
        return seen

    def _place(self, key: str, row: Row) -> int | None:
        """Where a row belongs, tasks x cells counted through; None for another text of the task, another prompt, a cell
        of another sweep, fresh seeds.
        """
        task, cell = self._task.get(row.task_id), self._cell.get(row.cell_id)
        if task is None or cell is None or row.repeat >= FRESH:
            return None
        return task * len(self.columns) + cell if self.spec(task, cell, row.repeat).key == key else None

    def _count(self, first: int) -> Tally:
        """Of the ``first`` rows seen."""
        seen, shape = self._seen, (len(self.rows), len(self.columns))
        places = np.array(seen.places[:first], dtype=np.int64)
        tokens = np.array(seen.tokens[:first], dtype=np.float64)
        currency = "seconds" if np.isnan(tokens).any() else "tokens"
        spent = tokens if currency == "tokens" else np.array(seen.seconds[:first], dtype=np.float64)

        def total(each: NDArray[np.float64]) -> NDArray[np.float64]:
            flat = np.bincount(places, weights=each, minlength=shape[0] * shape[1])
            return np.asarray(flat, dtype=np.float64).reshape(shape)

        passes, attempts = total(np.array(seen.passed[:first], np.float64)), total(np.ones(len(places)))
        return Tally(passes.astype(np.int64), attempts.astype(np.int64), total(spent), currency)

    def _judge(self, tally: Tally) -> Standing:
        design, cells = self.design, self.columns
        levels = {axis: [level(cell, axis) for cell in cells] for axis in AXES}
        settled = np.array([design.settles(cell) for cell in cells], dtype=np.bool_)
        certain = settled & (tally.attempts.max(axis=0) <= 1)
        found = judge(
            Evidence(levels, tally.passes, tally.attempts, tally.spent, certain),
            Terms(design.delta, design.confidence, design.alike),
        )
        return Standing(int(tally.attempts.sum()), cells, tally, *found)
