"""Where a replay's outcomes come from: a hidden truth, or what was recorded, drawn with replacement or without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from llmsweep.sweep.simulate import Truth
from llmsweep.types import Cell, Task

Floats = NDArray[np.float64]


class Outcome(NamedTuple):
    """``tokens`` None: not reported."""

    passed: bool
    tokens: int | None
    seconds: float


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
    """Recorded outcomes. ``outcomes``: (task's row, cell's column) -> what the attempts gave.

    Costs are in one unit for all: tokens where every attempt reported them, else seconds.
    """

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
    def counted(self) -> bool:
        """Costs are in tokens."""
        return all(o.tokens is not None for each in self.outcomes.values() for o in each)

    @property
    def costs(self) -> Floats:
        """Mean over tasks of the mean cost of an attempt."""
        counted = self.counted
        costs = np.full((len(self.tasks), len(self.cells)), np.nan)
        for place, outcomes in self.outcomes.items():
            costs[place] = np.mean([o.tokens if counted else o.seconds for o in outcomes])
        return np.asarray(np.nanmean(costs, axis=0))

    @property
    def most(self) -> int:
        """Attempts at one task in one cell, where there are most."""
        return max(len(outcomes) for outcomes in self.outcomes.values())


@dataclass(slots=True)
class RecordedPool:
    """Draws from a recording: with ``replacement`` without end, else every attempt once, in random order."""

    recording: Recording
    random: np.random.Generator
    replacement: bool
    rates: Floats = field(init=False)
    costs: Floats = field(init=False)
    _counted: bool = field(init=False)
    _left: dict[tuple[int, int], list[Outcome]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.rates, self.costs = self.recording.rates, self.recording.costs
        self._counted = self.recording.counted

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
        outcome = self._drawn(task, cell)
        return outcome if outcome is None or self._counted else outcome._replace(tokens=None)

    def _drawn(self, task: int, cell: int) -> Outcome | None:
        every = self.recording.outcomes.get((task, cell), [])
        if not every:
            return None
        if self.replacement:
            return every[int(self.random.integers(len(every)))]
        if (task, cell) not in self._left:
            self._left[task, cell] = [every[i] for i in self.random.permutation(len(every))]
        left = self._left[task, cell]
        return left.pop() if left else None
