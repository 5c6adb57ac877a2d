"""Any strategy, run against recorded or simulated episodes instead of models: how strategies are judged.

The same code as in a sweep proposes and chooses; only the answer to "run this episode" comes from a pool.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from llmsweep.store import Row, Table
from llmsweep.sweep.design import Design
from llmsweep.sweep.replay_pools import Outcome, Pool, RecordedPool, Recording, SimulatedPool
from llmsweep.sweep.space import AXES, Space, level, listed
from llmsweep.sweep.strategies import Choice
from llmsweep.types import EpisodeSpec

__all__ = [
    "Look",
    "Outcome",
    "Pool",
    "Proposes",
    "RecordedPool",
    "Recording",
    "Replay",
    "SimulatedPool",
    "Terms",
    "design_of",
    "replay",
]

LONG, PARTS = 100, 60
"""A list of more than LONG episodes is run in PARTS, with a look after each."""
LEAST_ALIKE = 0.05
"""What strategies take for the same cost, though the truth they are held to is sharper: a share."""


class Proposes(Protocol):
    """What a replay needs of a strategy; every `Strategy` is one."""

    @property
    def fixed(self) -> bool: ...

    def next(self, table: Table) -> Sequence[EpisodeSpec]: ...

    def choose(self, table: Table) -> Choice | None: ...


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
    """One run. ``ended``: the strategy stopped by itself, which a fixed design never does: its size was given to it."""

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
    # So many that even the smallest fixed design, one factor at a time, has enough to go on until it is broken off.
    few = 1 + sum(len(list(values)) - 1 for values in listed(space).values())
    repeats = -(-terms.most // (few * len(pool.tasks)))
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
    """Run a strategy until it is done or has run ``most`` episodes.

    An episode that the pool does not have is refused for good, and the strategy is asked again with what did run. A run
    ends where everything that the strategy asks for is refused: it is not told so, and would ask for the same again.
    """
    strategy = make(design_of(pool, terms))
    run = _Run(strategy, pool, terms)
    while len(run.table) < terms.most:
        specs = strategy.next(run.table)
        wanted = [spec for spec in specs if spec.key not in run.refused]
        if not wanted:
            return Replay(run.looks, ended=not specs and not strategy.fixed)
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
        before = len(self.table)
        for spec in specs:
            outcome = self.pool.draw(self.rows[spec.task.id], self.columns[spec.cell.id])
            if outcome is None:
                self.refused.add(spec.key)
                continue
            self.table[spec.key] = _row(spec, outcome)
            self.cost += outcome.seconds if outcome.tokens is None else outcome.tokens
        if len(self.table) > before and (choice := self.strategy.choose(self.table)) is not None:
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
