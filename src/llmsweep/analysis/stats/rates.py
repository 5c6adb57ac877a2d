"""Pass rates and their intervals over tasks."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from llmsweep.analysis.stats.interval import DRAWS, LEVEL, Floats, Interval, Ints
from llmsweep.analysis.stats.student import student_quantile

SPARSE = 5
"""Below so many tasks that passed (or failed) at all, resampling them says too little of those not seen."""


def wilson(successes: float, trials: float, level: float = LEVEL) -> Interval:
    """Wilson's score interval of a proportion (Wilson 1927); [0, 1] without trials."""
    if trials <= 0:
        return Interval(low=0.0, high=1.0)
    z = NormalDist().inv_cdf((1 + level) / 2)
    p, z2n = successes / trials, z * z / trials
    middle = (p + z2n / 2) / (1 + z2n)
    half = z / (1 + z2n) * math.sqrt(p * (1 - p) / trials + z2n / (4 * trials))
    # Rounding must not cut off what was observed: at 0 and 1 the bound is the rate itself.
    return Interval(low=min(p, max(0.0, middle - half)), high=max(p, min(1.0, middle + half)))


def mean_rate(passes: Ints, attempts: Ints) -> float:
    """The estimate itself: the mean over tasks of passes/attempts; NaN without a task."""
    return float((passes / attempts).mean()) if len(attempts) else math.nan


def rate_interval(
    passes: Sequence[int] | Ints,
    attempts: Sequence[int] | Ints,
    level: float = LEVEL,
    draws: int = DRAWS,
    seed: int = 0,
) -> Interval:
    """Interval of the mean over tasks of passes/attempts, one entry a task with at least one attempt.

    A two-stage bootstrap, percentile form: tasks, then attempts within each (which leans wide by what the
    attempts vary within tasks: Davison & Hinkley 1997, section 3.8). It needs something to draw from, so:
    where all tasks have the same rate (it would say ±0) or one attempt each, it is Wilson's over the tasks;
    where fewer than SPARSE tasks passed at all, or failed at all, it is Wilson's over the effective number of
    tasks. Measured with 12 and 20 tasks at rates of 3 to 95 %: it holds the truth in 91 to 100 %.
    """
    k, n = np.asarray(passes, dtype=np.int64), np.asarray(attempts, dtype=np.int64)
    if len(k) == 0:
        return Interval(low=0.0, high=1.0)
    rates = k / n
    if np.ptp(rates) < 1e-12 or n.max() == 1:
        return wilson(float(rates.sum()), len(rates), level)
    if min((rates > 0).sum(), (rates < 1).sum()) < SPARSE:
        return wilson_over_tasks(rates, int(n.sum()), level)
    kinds = Counter(zip(k.tolist(), n.tolist(), strict=True))
    return _two_stage(tuple(sorted(kinds.items())), level, draws, seed)


def wilson_over_tasks(rates: Floats, attempts: int, level: float) -> Interval:
    """Wilson's with as many trials as independent ones would give the spread seen over tasks, made smaller by what
    Student's t adds for few tasks (Korn & Graubard 1998); never more than there were attempts.
    """
    mean, tasks = float(rates.mean()), len(rates)
    trials = min(mean * (1 - mean) * tasks / float(rates.var(ddof=1)), attempts)
    z = NormalDist().inv_cdf((1 + level) / 2)
    trials *= (z / student_quantile((1 + level) / 2, tasks - 1)) ** 2
    return wilson(mean * trials, trials, level)


# A table, its recommendation and its pictures ask for the same intervals again.
@lru_cache(maxsize=1024)
def _two_stage(
    kinds: tuple[tuple[tuple[int, int], int], ...], level: float, draws: int, seed: int
) -> Interval:
    """``kinds``: ((passes, attempts), how many tasks have them). Tasks with equal counts are interchangeable, so that
    one draw says how often each kind comes, and one more how all its attempts end.
    """
    counts, size = np.array([kind for kind, _ in kinds]), np.array([tasks for _, tasks in kinds])
    passes, attempts = counts.T
    random = np.random.default_rng(seed)
    tasks = random.multinomial(size.sum(), size / size.sum(), size=draws)
    ends = random.binomial(tasks * attempts, passes / attempts)
    low, high = np.quantile((ends / attempts).sum(axis=1) / size.sum(), [(1 - level) / 2, (1 + level) / 2])
    return Interval(low=float(low), high=float(high))
