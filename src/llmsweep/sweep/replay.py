"""Any strategy, run against recorded or simulated episodes instead of models: how strategies are judged.

The same code as in a sweep proposes and chooses; only the answer to "run this episode" comes from a pool.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from llmsweep.store import Row, Table
from llmsweep.sweep.design import Design
from llmsweep.sweep.simulate import Truth
from llmsweep.sweep.space import AXES, Space, level
from llmsweep.sweep.strategies import Choice
from llmsweep.types import Cell, EpisodeSpec, Task

Floats = NDArray[np.float64]

LONG, PARTS = 100, 60
"""A list of more than LONG episodes is run in PARTS, with a look after each."""
LEAST_ALIKE = 0.05
"""What strategies take for the same cost, though the truth they are held to is sharper: a share."""


class Outcome(NamedTuple):
    """``tokens`` None: not reported."""

    passed: bool
    tokens: int | None
    seconds: float


class Proposes(Protocol):
    """What a replay needs of a strategy; every `Strategy` is one."""

    def next(self, table: Table) -> Sequence[EpisodeSpec]: ...

    def choose(self, table: Table) -> Choice | None: ...


class Pool(Protocol):
    """Where outcomes come from. ``rates`` (tasks x cells) and ``costs`` (cells) are the truth that choices are held to."""

    @property
    def cells(self) -> Sequence[Cell]: ...

    @property
    def tasks(self) -> Sequence[Task]: ...

    @property
    def rates(self) -> Floats: ...

    @property
    def costs(self) -> Floats: ...

    @property
    def settled(self) -> bool:
        """One attempt at a task in a greedy cell says all: the recording has no other."""
        ...

    def draw(self, task: int, cell: int) -> Outcome | None:
        """One more attempt; None where the pool has no other."""
        ...


@dataclass(frozen=True, slots=True)
class SimulatedPool:
    """Draws from a truth, without end."""

    truth: Truth
    random: np.random.Generator
    settled: bool = False

    @property
    def cells(self) -> Sequence[Cell]:
        return self.truth.cells

    @property
    def tasks(self) -> Sequence[Task]:
        return self.truth.tasks

    @property
    def rates(self) -> Floats:
        return self.truth.rates

    @property
    def costs(self) -> Floats:
        return self.truth.tokens

    def draw(self, task: int, cell: int) -> Outcome | None:
        passed = bool(self.random.random() < self.truth.rates[task, cell])
        return Outcome(passed, int(self.truth.tokens[cell]), 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Recorded outcomes. ``outcomes``: (task's row, cell's column) -> what the attempts gave."""

    cells: Sequence[Cell]
    tasks: Sequence[Task]
    outcomes: dict[tuple[int, int], list[Outcome]]

    @property
    def rates(self) -> Floats:
        """Means of the attempts; NaN where a cell has none of a task."""
        rates = np.full((len(self.tasks), len(self.cells)), np.nan)
        for place, outcomes in self.outcomes.items():
            rates[place] = np.mean([outcome.passed for outcome in outcomes])
        return rates

    @property
    def costs(self) -> Floats:
        """Mean over tasks of the mean tokens (seconds, where any attempt did not report its tokens)."""
        counted = all(o.tokens is not None for each in self.outcomes.values() for o in each)
        costs = np.full((len(self.tasks), len(self.cells)), np.nan)
        for place, outcomes in self.outcomes.items():
            costs[place] = np.mean([o.tokens if counted else o.seconds for o in outcomes])
        return np.asarray(np.nanmean(costs, axis=0))


@dataclass(slots=True)
class RecordedPool:
    """Draws from a recording: with ``replacement`` without end, else every attempt once, in random order."""

    recording: Recording
    random: np.random.Generator
    replacement: bool
    rates: Floats = field(init=False)
    costs: Floats = field(init=False)
    _left: dict[tuple[int, int], list[Outcome]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.rates, self.costs = self.recording.rates, self.recording.costs

    @property
    def cells(self) -> Sequence[Cell]:
        return self.recording.cells

    @property
    def settled(self) -> bool:
        cells = self.recording.cells
        return all(len(o) == 1 for (_, c), o in self.recording.outcomes.items() if cells[c].greedy)

    @property
    def tasks(self) -> Sequence[Task]:
        return self.recording.tasks

    def draw(self, task: int, cell: int) -> Outcome | None:
        every = self.recording.outcomes.get((task, cell), [])
        if not every:
            return None
        if self.replacement:
            return every[int(self.random.integers(len(every)))]
        if (task, cell) not in self._left:
            self._left[task, cell] = [every[i] for i in self.random.permutation(len(every))]
        left = self._left[task, cell]
        return left.pop() if left else None


@dataclass(frozen=True, slots=True)
class Look:
    """After ``episodes`` and ``cost`` (tokens, or seconds): ``right`` with the choice, its ``belief`` (NaN where the
    strategy states none), and its ``regret`` (how far its pass rate is below the best).
    """

    episodes: int
    cost: float
    right: bool
    belief: float
    regret: float


@dataclass(frozen=True, slots=True)
class Replay:
    """One run. ``ended``: the strategy stopped by itself."""

    looks: list[Look]
    ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """``alike``: costs within this share are not dearer; ``most``: episodes at which a run is broken off; ``every``: looks
    are at least so many episodes apart.
    """

    delta: float = 0.05
    confidence: float = 0.95
    alike: float = 0.0
    most: int = 5_000
    every: int = 24
    seed: int = 0


def design_of(pool: Pool, terms: Terms) -> Design:
    """The design whose grid the pool's cells are (or are a part of: the others are refused)."""
    cells, known = pool.cells, set(pool.cells)
    space: Space = {
        axis: values
        for axis in AXES
        if len(values := list(dict.fromkeys(level(cell, axis) for cell in cells))) > 1
    }
    repeats = -(-terms.most // (len(cells) * len(pool.tasks)))
    return Design(
        baseline=cells[0],
        space=space,
        tasks=pool.tasks,
        harness=lambda cell: "replay",
        refuses=lambda cell: None if cell in known else "it is not in the recording",
        repeats=repeats,
        repeats_greedy=1 if pool.settled else max(repeats, 2),
        delta=terms.delta,
        confidence=terms.confidence,
        alike=max(terms.alike, LEAST_ALIKE),
        seed=terms.seed,
    )


def replay(make: Callable[[Design], Proposes], pool: Pool, terms: Terms) -> Replay:
    """Run a strategy until it is done, until ``most`` episodes, or until the pool has nothing more of what it wants."""
    strategy = make(design_of(pool, terms))
    run = _Run(strategy, pool, terms)
    while len(run.table) < terms.most:
        specs = strategy.next(run.table)
        wanted = [spec for spec in specs if spec.key not in run.refused]
        if not wanted:
            return Replay(run.looks, ended=not specs)
        # A fixed design wants all of its episodes at once; it is looked at while they run.
        step = max(terms.every, len(wanted) // PARTS) if len(wanted) > LONG else len(wanted)
        for start in range(0, len(wanted), step):
            if len(run.table) < terms.most:
                run.carry_out(wanted[start : start + step])
    return Replay(run.looks, ended=False)


@dataclass(slots=True)
class _Run:
    """``refused``: keys of the episodes that the pool does not have."""

    strategy: Proposes
    pool: Pool
    terms: Terms
    table: Table = field(default_factory=dict)
    looks: list[Look] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    cost: float = 0.0
    rows: dict[str, int] = field(init=False)
    columns: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = {task.id: i for i, task in enumerate(self.pool.tasks)}
        self.columns = {cell.id: i for i, cell in enumerate(self.pool.cells)}

    def carry_out(self, specs: Sequence[EpisodeSpec]) -> None:
        for spec in specs:
            outcome = self.pool.draw(self.rows[spec.task.id], self.columns[spec.cell.id])
            if outcome is None:
                self.refused.add(spec.key)
                continue
            self.table[spec.key] = _row(spec, outcome)
            self.cost += outcome.seconds if outcome.tokens is None else outcome.tokens
        if (choice := self.strategy.choose(self.table)) is not None:
            self.looks.append(self._look(choice))

    def _look(self, choice: Choice) -> Look:
        means, costs = np.nanmean(self.pool.rates, axis=0), self.pool.costs
        cell, best = self.columns[choice.cell.id], int(np.nanargmax(means))
        regret = float(means[best] - means[cell])
        dearer = costs[cell] > costs[best] * (1 + self.terms.alike) + 1e-9
        return Look(
            episodes=len(self.table),
            cost=self.cost,
            right=bool(regret <= self.terms.delta + 1e-12 and not dearer),
            belief=float("nan") if choice.belief is None else choice.belief,
            regret=regret,
        )


def _row(spec: EpisodeSpec, outcome: Outcome) -> Row:
    return Row(
        task_id=spec.task.id,
        cell_id=spec.cell.id,
        repeat=spec.repeat,
        passed=outcome.passed,
        machine="",
        tokens=outcome.tokens,
        duration_s=outcome.seconds,
    )
