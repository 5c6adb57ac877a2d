"""The strategy `optuna`: a sampler looks for good cells in a space that is too large to list, then a verdict compares the best.

The sampler sees one number a trial and the best of many such numbers is partly luck. What it found is therefore compared with
the baseline anew, on episodes that chose nothing. When to use it, and what it cannot do: docs/strategies.md.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from llmsweep.store import Row, Table
from llmsweep.sweep.design import Design
from llmsweep.sweep.optuna_study import Plan
from llmsweep.sweep.optuna_trials import Replay, Tried
from llmsweep.sweep.race import A_SLOT, LEAST_BATCH, among
from llmsweep.sweep.space import sketch_cells
from llmsweep.sweep.standing import Standing
from llmsweep.sweep.strategies import Choice, Strategy, split
from llmsweep.types import FRESH, Cell, EpisodeSpec

VERDICT = 500
"""Repeats from this number on, and below FRESH, are the verdict's: they are independent of what made a cell a finalist."""
OPENING, MOST = 4, 50
"""Of the race that gives the verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """``verdict``: the strategy that compares the finalists and the baseline, which comes first.

    ``cells`` grows: cells that stand for the space, then those that trials proposed.
    """

    name: str = "optuna"
    fixed: bool = False
    design: Design
    plan: Plan
    verdict: Callable[[Sequence[Cell]], Strategy]
    dropped: Mapping[Cell, str]
    stand_for_space: Sequence[Cell]
    _replays: list[Replay] = field(default_factory=list, repr=False, compare=False)
    _verdicts: dict[tuple[Cell, ...], Strategy] = field(default_factory=dict, repr=False, compare=False)
    _views: dict[str, str | None] = field(default_factory=dict, repr=False, compare=False)

    @property
    def cells(self) -> Sequence[Cell]:
        tried = () if (longest := self._longest) is None else longest.cells
        return list(dict.fromkeys([*self.stand_for_space, *tried]))

    @property
    def judged(self) -> Sequence[Cell]:
        """The cells that the verdict compares, as far as `next` has come; none while the search goes on."""
        judge = self._judge(longest) if (longest := self._longest) is not None and longest.ended else None
        return () if judge is None else judge.cells

    def next(self, table: Table, without: Container[str] = ()) -> Sequence[EpisodeSpec]:
        replay, owed = self._replay(table)
        if owed:
            return owed
        judge = self._judge(replay)
        if judge is None:
            return []
        specs = judge.next(self._view(table, judge), without)
        return [replace(spec, repeat=spec.repeat + VERDICT) for spec in specs]

    def standing(self, table: Table) -> Standing | None:
        """The verdict's; before it begins there is nothing that an honest belief could rest on."""
        replay, owed = self._replay(table)
        judge = None if owed else self._judge(replay)
        return None if judge is None else judge.standing(self._view(table, judge))

    def choose(self, table: Table) -> Choice | None:
        """The verdict's choice once it has one, else the best trial so far, without a belief."""
        replay, owed = self._replay(table)
        judge = None if owed else self._judge(replay)
        if judge is not None and (chosen := judge.choose(self._view(table, judge))) is not None:
            return chosen
        best = next(iter(replay.front), None)
        return None if best is None else Choice(cell=best.cell)

    def front(self, table: Table) -> Sequence[Tried]:
        """The complete trials that no other one beats in every objective; with one objective, the best."""
        return self._replay(table)[0].front

    def replay(self, table: Table) -> Replay:
        """The trials as far as the table carries them."""
        return self._replay(table)[0]

    @property
    def _longest(self) -> Replay | None:
        return max(self._replays, key=len, default=None)

    def _replay(self, table: Table) -> tuple[Replay, list[EpisodeSpec]]:
        """A pure function of the table; what is remembered only saves the way that led to a part of it."""
        known = [replay for replay in self._replays if replay.agrees(table)]
        found = max(known, key=len) if known else Replay(self.design, self.plan)
        owed = found.carry_on(table)
        longest = max((*self._replays, found), key=len)
        self._replays[:] = [longest] if longest is found else [longest, found]
        return found, owed

    def _judge(self, replay: Replay) -> Strategy | None:
        """None where no cell but the baseline was tried on every task."""
        finalists = tuple(replay.finalists)
        if not finalists:
            return None
        if finalists not in self._verdicts:
            self._verdicts[finalists] = self.verdict([self.design.baseline, *finalists])
        return self._verdicts[finalists]

    def _view(self, table: Table, judge: Strategy) -> Table:
        """The verdict's own episodes, counted from repeat 0."""
        cells, tasks = {cell.id: cell for cell in judge.cells}, {task.id: task for task in self.design.tasks}
        view: dict[str, Row] = {}
        for key, row in table.items():
            if not VERDICT <= row.repeat < FRESH or row.cell_id not in cells or row.task_id not in tasks:
                continue
            if key not in self._views:
                task, cell = tasks[row.task_id], cells[row.cell_id]
                known = self.design.spec(task, cell, row.repeat).key == key
                self._views[key] = self.design.spec(task, cell, row.repeat - VERDICT).key if known else None
            if (as_first := self._views[key]) is not None:
                view[as_first] = replace(row, repeat=row.repeat - VERDICT)
        return view


def optuna(
    design: Design, *, verdict: Callable[[Sequence[Cell]], Strategy] | None = None, **settings: Any
) -> Search:
    """``settings``: those of `Plan`. ``verdict``: a race unless said otherwise.

    Raises UsageError for settings that cannot be meant, UnfitError where the sampler needs what is not installed.
    """
    possible, dropped = split(design, sketch_cells(design.baseline, design.space))
    return Search(
        design=design,
        plan=Plan(**settings),
        verdict=verdict or (lambda cells: _race(design, cells)),
        dropped=dropped,
        stand_for_space=possible,
    )


def search_of(strategy: Strategy) -> Search | None:
    """The search in a strategy: the strategy itself, or what its confirmation follows; None where it is none."""
    inner = getattr(strategy, "inner", strategy)
    return inner if isinstance(inner, Search) else None


def _race(design: Design, cells: Sequence[Cell]) -> Strategy:
    return among(design, cells, opening=OPENING, most=MOST, batch=max(LEAST_BATCH, A_SLOT * design.slots))
