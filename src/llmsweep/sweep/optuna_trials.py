"""Trials rebuilt from the log's table: the same questions to the same sampler, answered by the episodes that ran.

A trial is a cell. Trials are proposed in waves, and a wave is told as a whole, in the order in which it was proposed: the
study does not depend on which episode happened to end first.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import TYPE_CHECKING, Literal

from llmsweep.store import Row, Table
from llmsweep.sweep.design import Design
from llmsweep.sweep.optuna_study import (
    DIRECTIONS,
    Plan,
    hushed,
    in_order,
    new_study,
    parameters,
    suggest,
    worse,
)
from llmsweep.types import Cell, EpisodeSpec, Task

if TYPE_CHECKING:
    from optuna.trial import Trial

FRUITLESS = 50
"""Proposals in a row that are no new cell, after which the sampler is taken to have no more."""

State = Literal["running", "complete", "pruned", "refused", "repeated"]


@dataclass(slots=True, kw_only=True, eq=False)
class Tried:
    """One trial. ``trial``: Optuna's, None for a baseline outside of the space. ``rates``: the pass rate of each task
    that ran, in the study's order; ``rows``: its episodes; ``values``: what Optuna is told, one an objective;
    ``same_as``: the trial whose cell is proposed again; ``why``: why the cell is refused.
    """

    cell: Cell
    trial: Trial | None
    state: State = "running"
    rates: list[float] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    values: tuple[float, ...] = ()
    same_as: Tried | None = None
    why: str | None = None

    @property
    def rate(self) -> float:
        """Mean over the tasks that ran; NaN before the first."""
        return fmean(self.rates) if self.rates else math.nan

    @property
    def tokens(self) -> float | None:
        """Mean of an episode, over those that reported them."""
        known = [row.tokens for row in self.rows if row.tokens is not None]
        return fmean(known) if known else None

    @property
    def seconds(self) -> float:
        return fmean(row.duration_s for row in self.rows) if self.rows else math.nan


class Replay:
    """One walk through the trials as far as a table carries it; a longer table carries it on from there.

    Not for several threads at once.
    """

    def __init__(self, design: Design, plan: Plan) -> None:
        self._design, self._plan = design, plan
        self._tasks: Sequence[Task] = random.Random(design.seed).sample(design.tasks, len(design.tasks))
        self._space = in_order(design)
        with hushed():
            self._study = new_study(plan, design.seed)
        self._wave: list[Tried] = []
        self._by_cell: dict[Cell, Tried] = {}
        self._used: Table = {}
        self._final: Sequence[Cell] | None = None
        self.tried: list[Tried] = []
        self.ended = False

    def __len__(self) -> int:
        """How many episodes it rests on."""
        return len(self._used)

    @property
    def tasks(self) -> Sequence[Task]:
        """In the order in which every trial attempts them."""
        return self._tasks

    @property
    def cells(self) -> Sequence[Cell]:
        """Those that were tried or are being tried, in the order of their trials."""
        return list(self._by_cell)

    def agrees(self, table: Table) -> bool:
        """Whether everything that it rests on is in the table."""
        return all(table.get(key) == row for key, row in self._used.items())

    def carry_on(self, table: Table) -> list[EpisodeSpec]:
        """The episodes that the present wave owes, after all that the table answers; empty when the trials are through."""
        with hushed():
            while not self.ended:
                if not self._wave:
                    self._propose()
                if owed := self._measure(table):
                    return owed
                self._tell()
        return []

    def _propose(self) -> None:
        """Fill a wave with cells that are new; what is no new cell is answered at once."""
        left = self._plan.trials - len(self._by_cell)
        wanted, fruitless = min(self._plan.together, left), 0
        if not self.tried and wanted:
            self._begin()
        while fruitless < FRUITLESS and sum(one.state == "running" for one in self._wave) < wanted:
            trial = self._study.ask()
            cell = suggest(trial, self._design.baseline, self._space)
            fruitless = 0 if self._take(Tried(cell=cell, trial=trial)) else fruitless + 1
        self.ended = not any(one.state == "running" for one in self._wave)

    def _begin(self) -> None:
        """The baseline is tried first, as a trial where the space holds it."""
        baseline = self._design.baseline
        params = parameters(baseline, self._space)
        trial = None
        if params is not None:
            self._study.enqueue_trial(params)
            trial = self._study.ask()
            suggest(trial, baseline, self._space)
        self._take(Tried(cell=baseline, trial=trial))

    def _take(self, one: Tried) -> bool:
        """Whether the trial is of a new cell; those that are not cost nothing."""
        self.tried.append(one)
        if (earlier := self._by_cell.get(one.cell)) is not None:
            one.state, one.same_as = "repeated", earlier
            if earlier.state == "running":
                self._wave.append(one)
            else:
                self._answer(one)
            return False
        if (why := self._design.refuses(one.cell)) is not None:
            one.state, one.why = "refused", why
            self._answer(one)
            return False
        self._by_cell[one.cell] = one
        self._wave.append(one)
        return True

    def _measure(self, table: Table) -> list[EpisodeSpec]:
        """Carry each trial of the wave to its end or to the first block of tasks that the table does not answer."""
        owed: list[tuple[int, int, EpisodeSpec]] = []
        for one in self._wave:
            while one.state == "running":
                start = len(one.rates)
                block = self._tasks[start : start + self._block]
                specs = [
                    (start + i, spec) for i, task in enumerate(block) for spec in self._specs(one.cell, task)
                ]
                if lacking := [(spec.repeat, i, spec) for i, spec in specs if spec.key not in table]:
                    owed += lacking
                    break
                self._report(one, [spec for _, spec in specs], table)
        # All of the wave's cells on one task, then on the next: drift of the machine falls on none alone.
        return [spec for _, _, spec in sorted(owed, key=lambda each: each[:2])]

    def _specs(self, cell: Cell, task: Task) -> list[EpisodeSpec]:
        return [self._design.spec(task, cell, repeat) for repeat in range(self._repeats(cell))]

    def _repeats(self, cell: Cell) -> int:
        return min(self._plan.repeats, self._design.repeats_greedy) if cell.greedy else self._plan.repeats

    @property
    def _block(self) -> int:
        return self._plan.block if self._plan.prunes else len(self._tasks)

    def _report(self, one: Tried, specs: Sequence[EpisodeSpec], table: Table) -> None:
        """Take in a block of tasks that all ran, and let the pruner look."""
        rows = {spec.key: table[spec.key] for spec in specs}
        self._used |= rows
        one.rows += rows.values()
        each = self._repeats(one.cell)
        passes = [row.passed for row in rows.values()]
        for first in range(0, len(passes), each):
            one.rates.append(fmean(passes[first : first + each]))
        if len(one.rates) == len(self._tasks):
            one.state = "complete"
        elif self._plan.prune is not None and self._plan.prunes and (best := self._best()):
            pairs = sorted(zip(one.rates, best.rates, strict=False))
            if worse(tuple(pairs), self._plan.prune):
                one.state = "pruned"

    def _best(self) -> Tried | None:
        return max(self.complete, key=lambda one: one.values, default=None)

    def _tell(self) -> None:
        for one in self._wave:
            self._answer(one)
        self._wave = []

    def _answer(self, one: Tried) -> None:
        """Tell the study what became of a trial.

        A refused cell is pruned without a value, which TPE ranks behind all others. A trial that was cut short is
        told with what it would have come to, since samplers learn little or (GP) nothing from pruned ones.
        """
        from optuna.trial import TrialState

        source = one.same_as or one
        if source.state in ("complete", "pruned") and not source.values:
            source.values = self._values(source)
        one.values = source.values
        if one.trial is None:
            return
        if one.state == "refused":
            self._study.tell(one.trial, state=TrialState.PRUNED)
        else:
            self._study.tell(one.trial, list(one.values))

    def _values(self, one: Tried) -> tuple[float, ...]:
        """One a objective. Where there is but one: the pass rate, less a share of the cost that is too small to
        outweigh a single episode.
        """
        if not self._plan.single:
            of = {"pass_rate": one.rate, "cost": self.cost(one), "seconds": one.seconds}
            return tuple(of[objective] for objective in self._plan.objectives)
        cost, usual = self.cost(one), self.cost(self.tried[0])
        least = 1 / (len(self._tasks) * math.lcm(self._plan.repeats, self._design.repeats_greedy))
        share = cost / (cost + usual) if cost > 0 else 0.0
        return (self._rate(one) - least / 2 * share,)

    def _rate(self, one: Tried) -> float:
        """Of all tasks; of a trial that was cut short, as far below the best trial's as it was on the tasks that ran."""
        if one.state != "pruned":
            return one.rate
        best = self._best()
        assert best is not None  # it was cut short for that one
        behind = fmean(ours - theirs for ours, theirs in zip(one.rates, best.rates, strict=False))
        return max(0.0, best.rate + min(0.0, behind))

    def cost(self, one: Tried) -> float:
        """Mean tokens of an episode; seconds where not every episode of the baseline reported its tokens."""
        baseline = self.tried[0]
        if any(row.tokens is None for row in baseline.rows):
            return one.seconds
        return next(tokens for tokens in (one.tokens, baseline.tokens, 0.0) if tokens is not None)

    @property
    def complete(self) -> Sequence[Tried]:
        """The trials that ran on every task and are told, one a cell."""
        return [one for one in self._by_cell.values() if one.state == "complete" and one.values]

    @property
    def front(self) -> Sequence[Tried]:
        """The complete trials that no other one is at least as good as in every objective, the highest pass rate first."""
        signs = [1 if DIRECTIONS[objective] == "maximize" else -1 for objective in self._plan.objectives]
        points = {id(one): [s * v for s, v in zip(signs, one.values, strict=True)] for one in self.complete}

        def beaten(one: Tried) -> bool:
            own = points[id(one)]
            return any(p != own and all(a >= b for a, b in zip(p, own, strict=True)) for p in points.values())

        return sorted((one for one in self.complete if not beaten(one)), key=lambda one: -one.rate)

    @property
    def finalists(self) -> Sequence[Cell]:
        """The best complete cells beside the baseline; the last place is for the cheapest that is as good as the best."""
        if self._final is None or not self.ended:
            self._final = self._choose_finalists()
        return self._final

    def _choose_finalists(self) -> Sequence[Cell]:
        front = self.front
        rest = [one for one in self.complete if one not in front]
        ranked = [*front, *sorted(rest, key=lambda one: -self._ranked(one))]
        ranked = [one for one in ranked if one.cell != self._design.baseline]
        chosen = ranked[: self._plan.finalists]
        if chosen:
            best = max(one.rate for one in ranked)
            alike = [one for one in ranked if one.rate >= best - self._design.delta]
            cheapest = min(alike, key=self.cost)
            if cheapest not in chosen:
                chosen[-1] = cheapest
        return [one.cell for one in chosen]

    def _ranked(self, one: Tried) -> float:
        return one.values[0] if self._plan.single else one.rate
