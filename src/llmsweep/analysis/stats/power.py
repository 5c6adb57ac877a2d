"""How much more it takes to tell a difference."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from llmsweep.analysis.stats.differences import smoothed
from llmsweep.analysis.stats.interval import LEVEL, Floats, Ints
from llmsweep.analysis.stats.variance import VarianceSplit, within_variance


def tasks_needed(
    rates: Floats, others: Floats, difference: float, level: float = LEVEL, power: float = 0.8
) -> int | None:
    """How many tasks, with as many attempts each as now, would tell ``difference`` from 0 with this power.

    The usual normal approximation, with the spread over tasks seen so far (smoothed as in
    `paired_difference`); None without a common task.
    """
    each = rates - others
    each = each[~np.isnan(each)]
    if len(each) == 0 or difference <= 0:
        return None
    return math.ceil(_variance(each) / _allowed(difference, level, power))


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """Two ways to tell a difference, each by itself. ``tasks``: in all, with as many attempts each as now, which is
    ``by_tasks`` more episodes; ``repeats``: attempts at each of the present tasks in each of the two cells (a greedy one
    needs none), which is ``by_repeats`` more episodes. Those are None where no number of repeats helps, because the cells
    differ too much from task to task, or where nothing was attempted twice, so that nobody knows what repeats would give.
    """

    tasks: int
    by_tasks: int
    repeats: int | None
    by_repeats: int | None


def more_needed(
    passes: tuple[Ints, Ints],
    attempts: tuple[Ints, Ints],
    difference: float,
    greedy: tuple[bool, bool] = (False, False),
    split: VarianceSplit | None = None,
    power: float = 0.8,
) -> Needed | None:
    """What it takes to tell ``difference`` between two cells from 0 at LEVEL with this power, for tasks like these.

    ``passes``, ``attempts``: of both cells, one entry a task in the same order; ``greedy``: a cell that would only repeat
    itself. The normal approximation, as in `tasks_needed`. The variance over tasks of the difference has a part that
    repeats make smaller (each cell's variance within a task over its attempts; common seeds are not credited) and one
    that they do not. ``split``: of all cells that ran; both parts are then those of two cells on average (twice its
    ``both`` and ``within``), which is far less of a guess than what these two alone say. None without a common task or
    without a difference to find.
    """
    common = (attempts[0] > 0) & (attempts[1] > 0)
    k, n = (np.array([part[common] for part in pair]) for pair in (passes, attempts))
    rates = k / n
    tasks = tasks_needed(rates[0], rates[1], difference, LEVEL, power)
    if tasks is None:
        return None
    have, spent = int(common.sum()), int(n.sum())
    between, within = _parts(k, n, greedy, split)
    allowed = have * _allowed(difference, LEVEL, power) - between
    helps = allowed > 0 and not math.isnan(within)
    repeats = max(1, math.ceil(within / allowed)) if helps else None
    return Needed(
        tasks=tasks,
        by_tasks=math.ceil(max(0, tasks - have) * spent / have),
        repeats=repeats,
        by_repeats=None if repeats is None else int(np.maximum(repeats - n, 0)[~np.array(greedy)].sum()),
    )


def _parts(k: Ints, n: Ints, greedy: tuple[bool, bool], split: VarianceSplit | None) -> tuple[float, float]:
    """Variance over tasks of the cells' difference: what no repeat takes away, and that of one attempt each; NaN unknown."""
    if split is not None:
        return 2 * split.both, split.within * (2 - sum(greedy))
    within = [0.0 if greedy[i] else within_variance(k[i], n[i]) for i in range(2)]
    noise = math.fsum(within[i] * float((1 / n[i]).mean()) for i in range(2))
    return max(0.0, _variance(k[0] / n[0] - k[1] / n[1]) - noise), math.fsum(within)


def _variance(each: Floats) -> float:
    """Of one task's difference, smoothed as in `paired_difference`."""
    _, error = smoothed(each[None, :])
    return float(error[0] ** 2) * (len(each) + 2)


def _allowed(difference: float, level: float, power: float) -> float:
    """The variance that a mean difference may have to be told from 0."""
    normal = NormalDist()
    return (difference / (normal.inv_cdf((1 + level) / 2) + normal.inv_cdf(power))) ** 2
