"""Many replays of one strategy: what is sent to a worker process, and what it sends back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np

from llmsweep.sweep.replay import Look, Pool, RecordedPool, Recording, Replay, SimulatedPool, Terms
from llmsweep.sweep.replay import replay as replay_one
from llmsweep.sweep.simulate import truth

BUDGETS = (480, 720, 960, 1_440, 1_920, 2_880, 3_840, 5_760, 7_680, 11_520, 15_360)
"""Episodes that strategies which must be told are given, one run each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """``target``: dotted name of a function of a Design, with its ``parameters``; ``table``: a recording, or a simulated
    family's name, whose run n takes its n-th truth over ``tasks`` tasks; ``budgeted``: it wants to know its episodes.
    """

    name: str
    target: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    budgeted: bool = False
    table: Recording | str
    tasks: int = 40
    replacement: bool = True
    terms: Terms

    def run(self, number: int) -> Replay:
        """The ``number``-th run; the same each time."""
        terms = replace(self.terms, seed=self.terms.seed + number)
        if not self.budgeted or "budget" in self.parameters:
            return replay_one(self._made(**self.parameters), self._pool(number), terms)
        looks: list[Look] = []
        for budget in (b for b in BUDGETS if b <= terms.most):
            made = self._made(**self.parameters, budget=budget)
            looks += replay_one(made, self._pool(number), terms).looks[-1:]
        return Replay(looks, ended=False)

    def _made(self, **parameters: Any) -> Any:
        module, _, name = self.target.rpartition(".")
        return partial(getattr(import_module(module), name), **parameters)

    def _pool(self, number: int) -> Pool:
        chance = np.random.default_rng([self.terms.seed, number])
        if isinstance(self.table, str):
            return SimulatedPool(truth(self.table, self.terms.seed + number, self.tasks), chance)
        return RecordedPool(self.table, chance, self.replacement)


def carry_out(contest: Contest, number: int) -> Replay:
    """What a worker process is asked to do."""
    return contest.run(number)
