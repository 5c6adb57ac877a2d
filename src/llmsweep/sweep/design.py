"""What every strategy is made from: what may be run, on what, and when a choice counts as right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from llmsweep.sweep.space import Space
from llmsweep.types import Cell, EpisodeSpec, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """``repeats``: attempts at each task in each cell, of strategies that fix it beforehand.

    A cell at temperature 0 decodes greedily and would repeat itself: it gets ``repeats_greedy``.
    ``harness`` gives the digest of what the harness itself says to a model in a cell. ``refuses`` says why a
    cell cannot be asked for, None where it can: such cells are dropped, and told by `Strategy.dropped`.
    ``delta``: a share; a cell whose pass rate is at most this far below the best is as good. ``confidence``: how
    strongly a choice is to be believed. ``alike``: a share; costs closer than this are alike. ``slots``: episodes that
    can run at once. ``steady``: all else that answers does so greedily too, so that a greedy cell repeats itself.
    """

    baseline: Cell
    space: Space
    tasks: Sequence[Task]
    harness: Callable[[Cell], str]
    refuses: Callable[[Cell], str | None] = lambda cell: None
    repeats: int = 3
    repeats_greedy: int = 1
    delta: float = 0.05
    confidence: float = 0.95
    alike: float = 0.10
    slots: int = 1
    seed: int = 0
    steady: bool = True

    def repeats_of(self, cell: Cell) -> int:
        return self.repeats_greedy if cell.greedy and self.steady else self.repeats

    @property
    def repeatable(self) -> bool:
        """A greedy cell answers the same way each time. Not with several slots: what else is in a batch changes the last
        digits, and a greedy answer can turn on one token (measured: 9 and 12 of the same 16 tasks in two runs).
        """
        return self.repeats_greedy == 1 and self.slots == 1 and self.steady

    def settles(self, cell: Cell) -> bool:
        """One attempt at a task in this cell says all that there is to know."""
        return cell.greedy and self.repeatable

    def spec(self, task: Task, cell: Cell, repeat: int) -> EpisodeSpec:
        return EpisodeSpec(task=task, cell=cell, repeat=repeat, harness=self.harness(cell))
