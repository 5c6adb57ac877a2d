"""The candidate's side of a check: pass after pass over the baseline's own recorded repeats, until the question is answered."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field

from llmsweep.store import Table
from llmsweep.sweep.design import Design
from llmsweep.sweep.standing import Standing
from llmsweep.sweep.strategies import Choice
from llmsweep.types import Cell, EpisodeSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One cell, the design's baseline. ``passes``: for each, the task's id and the repeat of every pair; ``answered``:
    whether that many passes, all in the log, answer the question.

    A pass is the least that may be looked at, so that it is also the least that is proposed: in the middle of one, tasks
    that happen to come first would count for all.
    """

    design: Design
    passes: Sequence[Sequence[tuple[str, int]]]
    answered: Callable[[int], bool]
    name: str = "check"
    fixed: bool = False
    dropped: Mapping[Cell, str] = field(default_factory=dict)

    @property
    def cells(self) -> Sequence[Cell]:
        return [self.design.baseline]

    def next(self, table: Table, without: Container[str] = ()) -> Sequence[EpisodeSpec]:
        """What the first pass lacks that is not whole. One that breaks again and again ends it: without it no pass is."""
        for done, planned in enumerate(self._specs()):
            owed = [spec for spec in planned if spec.key not in table]
            if owed:
                ended = (done and self.answered(done)) or any(spec.task.id in without for spec in owed)
                return [] if ended else owed
        return []

    def standing(self, table: Table) -> Standing | None:
        return None

    def choose(self, table: Table) -> Choice | None:
        return None

    def _specs(self) -> list[list[EpisodeSpec]]:
        tasks = {task.id: task for task in self.design.tasks}
        cell = self.design.baseline
        return [
            [self.design.spec(tasks[task], cell, repeat) for task, repeat in planned]
            for planned in self.passes
        ]
