"""Optuna at arm's length: what a search is told to do, the sampler and the pruner that follow from it, a cell out of a trial."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from statistics import fmean
from typing import TYPE_CHECKING, Any, Literal

from llmsweep.errors import UnfitError, UsageError, nearest
from llmsweep.sweep.design import Design
from llmsweep.sweep.space import Range, Space, acts, canonical, level, ofat_cells, with_level
from llmsweep.types import Cell

if TYPE_CHECKING:
    from optuna.samplers import BaseSampler
    from optuna.study import Study
    from optuna.trial import Trial

DIRECTIONS: Mapping[str, Literal["maximize", "minimize"]] = {
    "pass_rate": "maximize",
    "cost": "minimize",
    "seconds": "minimize",
}
SAMPLERS = {"tpe": True, "gp": True, "random": True, "nsga2": False}
"""Sampler -> whether it serves a single objective. NSGA-II learns nothing from trials that were cut short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to search. ``objectives``: of `DIRECTIONS`; with `pass_rate` alone, equal rates are told apart by cost.

    ``trials``: cells to try; ``repeats``: attempts at each task in a trial; ``startup``: trials at random before the
    sampler follows its own mind (of nsga2: its generation). ``prune``: a trial is cut short when Wilcoxon's test against the best
    one gives a p below this; None: never. ``block``: tasks between two looks of the pruner. ``together``: trials that
    are proposed at once. ``finalists``: cells that go on to the verdict beside the baseline.

    Raises UsageError for what cannot be meant, UnfitError where the sampler's library is missing.
    """

    sampler: str = "tpe"
    objectives: Sequence[str] = ("pass_rate",)
    trials: int = 60
    repeats: int = 1
    startup: int = 10
    prune: float | None = 0.1
    block: int = 5
    together: int = 4
    finalists: int = 4

    def __post_init__(self) -> None:
        for name in ("trials", "repeats", "startup", "block", "together", "finalists"):
            if not isinstance(count := getattr(self, name), int) or count < 1:
                raise UsageError(f"strategy.{name}={count}: it must be a whole number, 1 or more.")
        if self.prune is not None and not (isinstance(self.prune, float) and 0 < self.prune < 1):
            raise UsageError(f"strategy.prune={self.prune}: it must be a p between 0 and 1, or null.")
        self._check_objectives()
        self._check_sampler()

    def _check_objectives(self) -> None:
        if isinstance(self.objectives, str):
            raise UsageError(
                f"strategy.objectives={self.objectives}: it must be a list, such as [pass_rate]."
            )
        for objective in self.objectives:
            if objective not in DIRECTIONS:
                raise UsageError(
                    f"strategy.objectives: there is no objective {objective!r}; {nearest(objective, DIRECTIONS)}"
                )
        if "pass_rate" not in self.objectives or len(set(self.objectives)) < len(self.objectives):
            raise UsageError(
                f"strategy.objectives={list(self.objectives)}: pass_rate must be among them, and none twice."
            )

    def _check_sampler(self) -> None:
        if self.sampler not in SAMPLERS:
            raise UsageError(
                f"strategy.sampler={self.sampler}: there is no such sampler; {nearest(self.sampler, SAMPLERS)}"
            )
        if self.single and not SAMPLERS[self.sampler]:
            raise UsageError(
                f"strategy.sampler={self.sampler}: it is for several objectives, such as"
                " strategy.objectives=[pass_rate,cost]; choose tpe for one."
            )
        if self.sampler == "gp" and importlib.util.find_spec("torch") is None:
            raise UnfitError(
                "strategy.sampler=gp needs torch: pip install 'llmsweep[gp]', or choose strategy.sampler=tpe."
            )

    @property
    def single(self) -> bool:
        return len(self.objectives) == 1

    @property
    def prunes(self) -> bool:
        """Optuna cannot cut trials short for several objectives."""
        return self.single and self.prune is not None


@contextmanager
def hushed() -> Iterator[None]:
    """Without Optuna's log lines and warnings, which are about its own inner life."""
    from optuna import logging

    before = logging.get_verbosity()
    logging.set_verbosity(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(before)


def new_study(plan: Plan, seed: int) -> Study:
    """A study in memory. Two of the same plan and seed that are told the same suggest the same.

    It prunes nothing itself: see `worse`.
    """
    import optuna

    return optuna.create_study(
        directions=[DIRECTIONS[objective] for objective in plan.objectives],
        sampler=_sampler(plan, seed),
        pruner=optuna.pruners.NopPruner(),
    )


def _sampler(plan: Plan, seed: int) -> BaseSampler:
    from optuna import samplers

    if plan.sampler == "random":
        return samplers.RandomSampler(seed=seed)
    if plan.sampler == "nsga2":
        return samplers.NSGAIISampler(seed=seed, population_size=max(2, plan.startup))
    if plan.sampler == "gp":
        return samplers.GPSampler(seed=seed, n_startup_trials=plan.startup, warn_independent_sampling=False)
    # Axes are judged together, those that act only under others in groups of their own.
    return samplers.TPESampler(
        seed=seed, n_startup_trials=plan.startup, multivariate=True, group=True, constant_liar=True
    )


# Looks are many and outcomes few: with one attempt a task each pair is one of four.
@lru_cache(maxsize=65536)
def worse(pairs: tuple[tuple[float, float], ...], below: float) -> bool:
    """Whether Optuna's pruner stops a trial: Wilcoxon's signed-rank test with a p below ``below``.

    ``pairs``: the pass rates of the trial and of the best one on each task that both ran. The test is not made where the
    trial is not behind, or where too few tasks differ for any p below that (exactly, it is at least 0.5**differing):
    SciPy enumerates all signs where tasks are few, which takes a tenth of a second for ten.
    """
    differing = sum(ours != theirs for ours, theirs in pairs)
    behind = sum(ours for ours, _ in pairs) < sum(theirs for _, theirs in pairs)
    if not behind or 0.5**differing >= below:
        return False
    import optuna
    from optuna.trial import TrialState, create_trial

    with hushed():
        study = optuna.create_study(direction="maximize")
        best = [theirs for _, theirs in pairs]
        study.add_trial(create_trial(value=fmean(best), intermediate_values=dict(enumerate(best))))
        ours = dict(enumerate(ours for ours, _ in pairs))
        trial = create_trial(state=TrialState.RUNNING, intermediate_values=ours)
        return optuna.pruners.WilcoxonPruner(p_threshold=below).prune(study, trial)


def in_order(design: Design) -> Space:
    """The space with the axes last that act only under some values of others."""
    few = {axis: _ends(values) for axis, values in design.space.items()}
    around = ofat_cells(design.baseline, few)
    always = [axis for axis, values in few.items() if len({acts(cell, axis, values) for cell in around}) == 1]
    return {axis: design.space[axis] for axis in (*always, *(axis for axis in few if axis not in always))}


def suggest(trial: Trial, baseline: Cell, space: Space) -> Cell:
    """The trial's cell. An axis that makes no difference in it is no parameter of the trial."""
    cell = baseline
    for axis, values in space.items():
        differs = acts(cell, axis, _ends(values))
        cell = with_level(cell, axis, _pick(trial, axis, values) if differs else _ends(values)[0])
    return canonical(cell)


def parameters(cell: Cell, space: Space) -> dict[str, Any] | None:
    """The parameters that suggest the cell; None where the space does not hold it."""
    held = all(
        _holds(values, level(cell, axis)) for axis, values in space.items() if acts(cell, axis, _ends(values))
    )
    single = all(
        level(cell, axis) == values[0]
        for axis, values in space.items()
        if not isinstance(values, Range) and len(values) == 1
    )
    return {axis: level(cell, axis) for axis in space} if held and single else None


def _holds(values: Sequence[Any] | Range, value: Any) -> bool:
    if isinstance(values, Range):
        return value is not None and bool(values.near(value) == value)
    return value in values


def _ends(values: Sequence[Any] | Range) -> Sequence[Any]:
    return values.ends if isinstance(values, Range) else values


def _pick(trial: Trial, axis: str, values: Sequence[Any] | Range) -> Any:
    span = values if isinstance(values, Range) else _evenly(values)
    if span is None:
        assert not isinstance(values, Range)
        return trial.suggest_categorical(axis, values)
    low, high = span.ends
    chosen: float
    if span.whole:
        chosen = trial.suggest_int(axis, int(low), int(high), step=int(span.step or 1), log=span.log)
    else:
        chosen = trial.suggest_float(axis, low, high, step=span.step, log=span.log)
    if isinstance(values, Range):
        return values.near(chosen)
    return min(values, key=lambda value: abs(value - chosen))


def _evenly(values: Sequence[Any]) -> Range | None:
    """The range whose steps are these values: listed so, a sampler would not know that numbers lie beside each other."""
    numbers = sorted(set(values)) if all(type(value) in (int, float) for value in values) else []
    if len(numbers) < 3:
        return None
    step = (numbers[-1] - numbers[0]) / (len(numbers) - 1)
    even = all(abs(b - a - step) < 1e-9 for a, b in pairwise(numbers))
    whole = all(isinstance(value, int) for value in numbers)
    return Range(low=numbers[0], high=numbers[-1], step=step, whole=whole) if even else None


def shown(cell: Cell, params: Mapping[str, Any]) -> dict[str, Any]:
    """The trial's parameters with the values that its cell has: a range without steps is rounded."""
    return {axis: level(cell, axis) for axis in params}
