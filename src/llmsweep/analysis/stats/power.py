"""How much more it takes to tell a difference."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from llmsweep.analysis.stats.differences import smoothed
from llmsweep.analysis.stats.interval import LEVEL, Floats, Ints
from llmsweep.analysis.stats.variance import within_variance


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
    _, error = smoothed(each[None, :])
    deviation = float(error[0]) * math.sqrt(len(each) + 2)
    reach = NormalDist().inv_cdf((1 + level) / 2) + NormalDist().inv_cdf(power)
    return math.ceil((reach * deviation / difference) ** 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """Two ways to tell a difference, each by itself. ``tasks``: in all, with as many attempts each as now, which is
    ``by_tasks`` more episodes; ``repeats``: attempts at each of the present tasks in each of the two cells (a greedy one
    needs none), which is ``by_repeats`` more episodes. Those are None where no number of repeats helps, because the cells differ too much from
    task to task, or where nothing was attempted twice, so that nobody knows what repeats would give.
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
    level: float = LEVEL,
    power: float = 0.8,
) -> Needed | None:
    """What it takes to tell ``difference`` between two cells from 0 with this power, for tasks like these.

    ``passes``, ``attempts``: of both cells, one entry a task in the same order; ``greedy``: a cell that would only repeat
    itself. The normal approximation, as in `tasks_needed`; the variance over tasks of the difference is split into what
    repeats make smaller (each cell's variance within a task over its attempts; common seeds are not credited) and what
    they do not. None without a common task or without a difference to find.
    """
    common = (attempts[0] > 0) & (attempts[1] > 0)
    k, n = (np.array([part[common] for part in pair]) for pair in (passes, attempts))
    rates = k / n
    tasks = tasks_needed(rates[0], rates[1], difference, level, power)
    if tasks is None:
        return None
    have, spent = int(common.sum()), int(n.sum())
    repeats = _repeats_needed(k, n, tasks, greedy)
    return Needed(
        tasks=tasks,
        by_tasks=math.ceil(max(0, tasks - have) * spent / have),
        repeats=repeats,
        by_repeats=None if repeats is None else int(np.maximum(repeats - n, 0)[~np.array(greedy)].sum()),
    )


def _repeats_needed(k: Ints, n: Ints, tasks: int, greedy: tuple[bool, bool]) -> int | None:
    """Attempts that make the present tasks do what ``tasks`` would do with the present attempts."""
    have = len(k[0])
    within = [0.0 if greedy[i] else within_variance(k[i], n[i]) for i in range(2)]
    if any(math.isnan(part) for part in within):
        return None
    _, error = smoothed((k[0] / n[0] - k[1] / n[1])[None, :])
    total = float(error[0]) ** 2 * (have + 2)
    noise = math.fsum(within[i] * float((1 / n[i]).mean()) for i in range(2))
    between, allowed = max(0.0, total - noise), total * have / tasks
    if allowed <= between:
        return None
    return max(1, math.ceil(math.fsum(within) / (allowed - between)))
