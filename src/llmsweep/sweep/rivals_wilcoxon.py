"""The rival `wilcoxon`: what a user of Optuna would write today, TPE over the axes and WilcoxonPruner over the tasks.

Trials follow one another without end; a cell that is proposed again is measured again on fresh repeats. As Optuna's
documentation advises, every trial takes the tasks in another order, and a pruned one is told the mean of what it ran.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import TYPE_CHECKING, Any

from llmsweep.errors import UsageError
from llmsweep.store import Table
from llmsweep.sweep.design import Design
from llmsweep.sweep.optuna_study import hushed
from llmsweep.sweep.rivals_means import at_least_one, by_means, runner
from llmsweep.sweep.space import canonical, listed, with_level
from llmsweep.sweep.standing import Judge
from llmsweep.sweep.strategies import Choice
from llmsweep.types import EpisodeSpec

if TYPE_CHECKING:
    from optuna.study import Study
    from optuna.trial import Trial

FRUITLESS = 50
"""Proposals in a row that cannot be asked for, after which it gives up."""


@dataclass(slots=True)
class _Trying:
    """One trial. ``column``: its cell; ``first``: its first repeat; ``left``: the rows of the tasks to come, ``asked`` of
    those that were proposed last; ``rates``: what its tasks gave.
    """

    trial: Trial
    column: int
    first: int
    left: list[int]
    asked: list[int] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Wilcoxon:
    """It keeps its own state: Optuna's study. ``whole``: the cells that ran every task at least once in one trial, among
    which it chooses.
    """

    design: Design
    judge: Judge
    study: Study
    repeats: int
    block: int
    chance: random.Random
    trials: dict[int, int] = field(default_factory=dict)
    whole: set[int] = field(default_factory=set)
    now: _Trying | None = None

    @property
    def fixed(self) -> bool:
        return False

    def next(self, table: Table) -> Sequence[EpisodeSpec]:
        with hushed():
            if self.now is not None and self._over(self.now, table):
                self._tell(self.now)
                self.now = None
            if self.now is None:
                self.now = self._propose()
        return [] if self.now is None else self._block(self.now)

    def choose(self, table: Table) -> Choice | None:
        return by_means(self.judge, table, sorted(self.whole) or None)

    def _block(self, now: _Trying) -> list[EpisodeSpec]:
        now.asked, now.left = now.left[: self.block], now.left[self.block :]
        return [spec for row in now.asked for spec in self._specs(now, row)]

    def _specs(self, now: _Trying, row: int) -> list[EpisodeSpec]:
        return [self.judge.spec(row, now.column, now.first + r) for r in range(self.repeats)]

    def _over(self, now: _Trying, table: Table) -> bool:
        """Report what the last block gave (what could not be run is left out); whether the trial is through, or pruned."""
        for row in now.asked:
            ran = [table[spec.key].passed for spec in self._specs(now, row) if spec.key in table]
            if ran:
                now.rates.append(fmean(ran))
                now.trial.report(now.rates[-1], row)
        if now.left:
            return bool(now.trial.should_prune())
        if len(now.rates) == len(self.judge.rows):
            self.whole.add(now.column)
        return True

    def _propose(self) -> _Trying | None:
        """The sampler's next cell that can be asked for; None where it has no more."""
        from optuna.trial import TrialState

        for _ in range(FRUITLESS):
            trial = self.study.ask()
            cell = self.design.baseline
            for axis, values in listed(self.design.space).items():
                cell = with_level(cell, axis, _suggested(trial, axis, values))
            if (cell := canonical(cell)) in self.judge.columns:
                column = self.judge.columns.index(cell)
                first = self.trials.get(column, 0)
                self.trials[column] = first + self.repeats
                rows = range(len(self.judge.rows))
                return _Trying(trial, column, first, self.chance.sample(rows, len(rows)))
            self.study.tell(trial, state=TrialState.FAIL)
        return None

    def _tell(self, now: _Trying) -> None:
        from optuna.trial import TrialState

        if now.rates:
            self.study.tell(now.trial, fmean(now.rates))
        else:
            self.study.tell(now.trial, state=TrialState.FAIL)


def wilcoxon(
    design: Design,
    *,
    repeats: int = 1,
    threshold: float = 0.1,
    least: int = 14,
    startup: int = 10,
    block: int = 5,
) -> Wilcoxon:
    """``repeats``: attempts at each task in a trial; ``threshold``: a trial is pruned when it is worse than the best with
    a p below this, once both have run ``least`` tasks; ``startup``: trials at random first; ``block``: tasks between two
    looks of the pruner.

    All but block and ``least`` are Optuna's defaults (with fewer tasks the exact test takes long and finds little); TPE
    models the axes together, since they may interact. Raises UsageError for a parameter out of range.
    """
    at_least_one(repeats=repeats, startup=startup, block=block, least=least)
    if not 0 <= threshold <= 1:
        raise UsageError(f"strategy.threshold={threshold:g}: it must be between 0 and 1.")
    import optuna

    with hushed():
        study = optuna.create_study(
            direction="maximize",
            sampler=optuna.samplers.TPESampler(seed=design.seed, n_startup_trials=startup, multivariate=True),
            pruner=optuna.pruners.WilcoxonPruner(p_threshold=threshold, n_startup_steps=least),
        )
    judge = runner(design).judge
    return Wilcoxon(design, judge, study, repeats, block, random.Random(design.seed))


def _suggested(trial: Trial, axis: str, values: Sequence[Any]) -> Any:
    """Of numbers the sampler knows the order, of all else it does not."""
    known = list(dict.fromkeys(values))
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in known):
        return sorted(known)[trial.suggest_int(axis, 0, len(known) - 1)]
    return known[trial.suggest_categorical(axis, list(range(len(known))))]
