"""Whether a plan beats the frontier model alone, and how leaky a verifier may be before a cascade does not."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Literal, NamedTuple

import numpy as np

from llmsweep.analysis.cascades.plans import Pair, Plan, Terms, cascade
from llmsweep.analysis.costs.draws import Rows, paired_draws
from llmsweep.analysis.costs.scene import Figure
from llmsweep.analysis.stats import (
    COMPARABLE,
    LEVEL,
    Difference,
    Floats,
    against_baseline,
    paired_difference,
    student_quantile,
)

Word = Literal["more", "fewer", "unclear"]
_HALVINGS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """A plan beside the frontier model alone. ``solved``: the difference, with an interval that holds for all plans
    together; ``cost``: the ratio (95 %, a bootstrap over tasks); ``full``: dollars a task saved, people included,
    likewise; NaN bounds where the tasks are fewer than can be compared.
    """

    solved: Difference
    cost: Figure
    full: Figure

    @property
    def solves(self) -> Word:
        return "more" if self.solved.low > 0 else "fewer" if self.solved.high < 0 else "unclear"

    @property
    def costs(self) -> Word:
        return "more" if self.cost.low > 1 else "fewer" if self.cost.high < 1 else "unclear"


class Tolerable(NamedTuple):
    """a*: the share of wrong tries that a verifier may accept for a cascade to solve as much as the frontier alone, with
    the 95 % interval of what would be in doubt. Infinite: any share.
    """

    value: float
    low: float
    high: float


def against(
    plans: Sequence[Plan], frontier: Plan, drawn: tuple[Floats, Floats], moved: Floats, seed: int = 0
) -> list[Against]:
    """Each plan beside the frontier alone, paired over tasks.

    ``drawn``: means over tasks of cost and of full cost as `task_draws` gives them, a column a plan and the frontier's last;
    ``moved``: refits x plans, how far a refitted beta moves what a plan solves.
    """
    solved, (cost, full) = np.stack([frontier.solved, *(plan.solved for plan in plans)]), drawn
    tasks = solved.shape[1]
    theirs = np.where(cost[:, -1] > 0, cost[:, -1], np.nan)
    return [
        Against(
            solved=_widened(difference, moved[:, number]),
            cost=spread(cost[:, number] / theirs, tasks),
            full=spread(full[:, -1] - full[:, number], tasks),
        )
        for number, difference in enumerate(against_baseline(solved, 0, seed=seed)[1:])
    ]


def _widened(one: Difference, moved: Floats) -> Difference:
    if math.isnan(one.low):
        return one
    low, high = widened(one.value, (one.low, one.high), moved)
    return replace(one, low=max(-1.0, low), high=min(1.0, high))


def widened(value: float, ends: tuple[float, float], moved: Floats) -> tuple[float, float]:
    """An interval with another, independent doubt added (in quadrature): 1.96 standard deviations of ``moved``."""
    if not len(moved):
        return ends
    half = NormalDist().inv_cdf(0.5 + LEVEL / 2) * float(moved.std())
    low, high = min(value, ends[0]), max(value, ends[1])
    return value - math.hypot(value - low, half), value + math.hypot(high - value, half)


def spread(values: Floats, tasks: int) -> Figure:
    """A value (first) with its 95 % interval by its draws (the others); NaN bounds where the tasks are fewer than can be
    compared.

    Percentiles, expanded by what they are too narrow for few tasks (Hesterberg 2015): tails of
    Phi(-sqrt(n / (n - 1)) t) with Student's t of n - 1.
    """
    value, known = float(values[0]), values[1:][np.isfinite(values[1:])]
    if tasks < COMPARABLE or not math.isfinite(value) or not len(known):
        return Figure(value if math.isfinite(value) else math.nan, math.nan, math.nan)
    tail = NormalDist().cdf(-math.sqrt(tasks / (tasks - 1)) * student_quantile(0.5 + LEVEL / 2, tasks - 1))
    low, high = np.quantile(known, [tail, 1 - tail])
    return Figure(value, min(value, float(low)), max(value, float(high)))


def task_draws(values: Floats, draws: int, seed: int = 0) -> Floats:
    """tasks x measures -> their means over tasks, (draws + 1) x measures: first as observed, then for tasks drawn anew."""
    rows = Rows(np.arange(len(values)), values)
    return paired_draws([rows], len(values), draws, seed)[0]


def tolerable(pair: Pair, k: int, terms: Terms) -> Tolerable:
    """a* of a cascade with k tries: where E[N_i (s p_i (1 - q_i) - a (1 - p_i) q_i)] = 0, q_i the frontier's rate.

    With one try that is s P(local right, frontier wrong) / P(local wrong, frontier right). What a cascade solves only
    falls as a rises, so that bisection finds it. The interval holds every a at which a paired comparison over tasks does not
    tell the cascade from the frontier alone; it is NaN where the tasks are fewer than can be compared.
    """
    frontier = pair.frontier.rates

    def ahead(a: float) -> Floats:
        handling = replace(terms.handling, accept_wrong=a)
        return cascade(pair, k, Terms(handling=handling)).solved - frontier

    value = _last(lambda a: float(ahead(a).mean()) >= -1e-12)
    if len(frontier) < COMPARABLE:
        return Tolerable(value, math.nan, math.nan)
    nothing = np.zeros(len(frontier))
    low = _last(lambda a: paired_difference(ahead(a), nothing).low > 0)
    high = _last(lambda a: paired_difference(ahead(a), nothing).high >= 0)
    return Tolerable(value, min(low, value), max(high, value))


def _last(holds: Callable[[float], bool]) -> float:
    """The largest share up to which it holds: 0 where it never does, infinite where it always does."""
    if holds(1.0):
        return math.inf
    low, high = 0.0, 1.0
    if not holds(0.0):
        return 0.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low
