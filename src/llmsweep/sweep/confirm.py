"""After the choice, its confirmation: pairs of episodes on fresh seeds, the chosen cell's and that of what it replaces."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from llmsweep.store import Table
from llmsweep.sweep.design import Design
from llmsweep.sweep.standing import Standing
from llmsweep.sweep.strategies import Choice, Strategy
from llmsweep.types import FRESH, Cell, EpisodeSpec, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """Runs ``inner`` to its end, then up to ``most`` episodes of the confirmation.

    Pair i runs on a task drawn at random from the suite, with repeat FRESH + i: the differences are independent and
    their mean is that over the suite, so that a test by betting may be looked at after every pair. It ends as soon as
    a loss of more than delta is ruled out or proven.
    """

    inner: Strategy
    design: Design
    most: int
    batch: int

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def fixed(self) -> bool:
        return False

    @property
    def cells(self) -> Sequence[Cell]:
        return self.inner.cells

    @property
    def dropped(self) -> Mapping[Cell, str]:
        return self.inner.dropped

    def standing(self, table: Table) -> Standing | None:
        return self.inner.standing(table)

    def choose(self, table: Table) -> Choice | None:
        return self.inner.choose(table)

    def next(self, table: Table, without: Container[str] = ()) -> Sequence[EpisodeSpec]:
        if owed := self.inner.next(table, without):
            return owed
        choice = self.inner.choose(table)
        partner = None if choice is None else self._partner(choice.cell, table)
        if choice is None or partner is None:
            return []
        pairs = [(self._spec(choice.cell, pair), self._spec(partner, pair)) for pair in range(self.most // 2)]
        if self._decided(pairs, table):
            return []
        return [spec for pair in pairs for spec in pair if spec.key not in table][: self.batch]

    def _partner(self, chosen: Cell, table: Table) -> Cell | None:
        """The baseline, or the strongest of the others where the baseline was chosen."""
        if chosen != self.design.baseline:
            return self.design.baseline
        standing = self.inner.standing(table)
        if standing is None or len(standing.cells) < 2:
            return None
        means = np.where([cell == chosen for cell in standing.cells], -1.0, standing.posterior.mean)
        return standing.cells[int(means.argmax())]

    def _spec(self, cell: Cell, pair: int) -> EpisodeSpec:
        return self.design.spec(self._task(pair), cell, FRESH + pair)

    def _task(self, pair: int) -> Task:
        tasks = sorted(self.design.tasks, key=lambda task: task.id)
        return tasks[int(np.random.default_rng([self.design.seed, FRESH, pair]).integers(len(tasks)))]

    def _decided(self, pairs: Sequence[tuple[EpisodeSpec, EpisodeSpec]], table: Table) -> bool:
        from llmsweep.analysis.stats import noninferiority

        # Up to the first pair that is not whole: of a batch that was cut off the quick ones would be left, no fair sample.
        whole = takewhile(lambda pair: all(spec.key in table for spec in pair), pairs)
        seen = [table[mine.key].passed - table[theirs.key].passed for mine, theirs in whole]
        found = noninferiority(np.array(seen, np.float64), self.design.delta, self.design.confidence)
        return found.decision != "undecided"


def confirmed(strategy: Strategy, design: Design, most: int) -> Strategy:
    """The strategy, and then up to ``most`` episodes of its confirmation; itself where that is none."""
    if most < 2:
        return strategy
    return Confirmed(inner=strategy, design=design, most=most, batch=max(8, 4 * design.slots))
