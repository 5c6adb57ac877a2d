"""Several attempts at one task: the chance that one of k passes, and that all k do."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from llmsweep.analysis.stats.interval import DRAWS, LEVEL, Floats, Interval, Ints
from llmsweep.analysis.stats.rates import SPARSE, wilson, wilson_over_tasks
from llmsweep.analysis.stats.student import student_quantile


@dataclass(frozen=True, slots=True, kw_only=True)
class OfK:
    """Mean over ``tasks`` with its interval for tasks like these; NaN in [0, 1] without one. ``left_out``: tasks with
    fewer than ``k`` attempts, of which nothing can be said without bias.
    """

    value: float
    low: float
    high: float
    k: int
    tasks: int
    left_out: int


def pass_at_k(
    passes: Sequence[int] | Ints, attempts: Sequence[int] | Ints, k: int, level: float = LEVEL
) -> OfK:
    """pass@k: the probability that at least one of ``k`` attempts at a task passes, mean over tasks.

    ``passes``, ``attempts``: one entry a task. Unbiased for each task, 1 - C(n - c, k) / C(n, k) with c passes of n
    (Chen et al. 2021, Evaluating large language models trained on code). The interval is by a bootstrap over tasks.
    ValueError where k is below 1.
    """
    passes = np.asarray(passes, dtype=np.int64)
    attempts = np.asarray(attempts, dtype=np.int64)
    failed = _all_of(attempts - passes, attempts, k)
    return _over_tasks(1 - failed, attempts, k, level)


def pass_hat_k(
    passes: Sequence[int] | Ints, attempts: Sequence[int] | Ints, k: int, level: float = LEVEL
) -> OfK:
    """pass^k: the probability that all of ``k`` attempts at a task pass, mean over tasks.

    Unbiased for each task, C(c, k) / C(n, k) (Yao et al. 2024, tau-bench); else as `pass_at_k`.
    """
    passes = np.asarray(passes, dtype=np.int64)
    attempts = np.asarray(attempts, dtype=np.int64)
    return _over_tasks(_all_of(passes, attempts, k), attempts, k, level)


def _all_of(hits: Ints, attempts: Ints, k: int) -> Floats:
    """The share of all ways to draw k of a task's attempts that give hits only; tasks with fewer are left out."""
    if k < 1:
        raise ValueError(f"k is {k}: it must be at least 1")
    pairs = zip(hits.tolist(), attempts.tolist(), strict=True)
    return np.array([math.comb(c, k) / math.comb(n, k) for c, n in pairs if n >= k], dtype=np.float64)


def _over_tasks(values: Floats, attempts: Ints, k: int, level: float) -> OfK:
    interval = _interval(values, int((attempts // k).sum()), level)
    return OfK(
        value=float(values.mean()) if len(values) else math.nan,
        low=interval.low,
        high=interval.high,
        k=k,
        tasks=len(values),
        left_out=len(attempts) - len(values),
    )


def _interval(values: Floats, groups: int, level: float) -> Interval:
    """Of the mean of one value in [0, 1] a task. ``groups``: of k attempts, that were made in all.

    A bootstrap draws from what was seen, so as in `rate_interval`: where all tasks agree, or each is 0 or 1, it is
    Wilson's over tasks; where fewer than SPARSE tasks are above 0, or below 1, over the effective number of tasks.
    """
    if len(values) == 0:
        return Interval(low=0.0, high=1.0)
    if np.ptp(values) < 1e-12 or bool(np.isin(values, (0.0, 1.0)).all()):
        return wilson(float(values.sum()), len(values), level)
    if min((values > 0).sum(), (values < 1).sum()) < SPARSE:
        return wilson_over_tasks(values, groups, level)
    return _bootstrap(tuple(sorted(Counter(values.tolist()).items())), level)


# A table and its pictures ask for the same intervals again.
@lru_cache(maxsize=1024)
def _bootstrap(kinds: tuple[tuple[float, int], ...], level: float) -> Interval:
    """Percentiles of the mean over resampled tasks, taken further out by what Student's t and the sample's own spread
    add for few tasks (Hesterberg 2015, expanded percentiles). ``kinds``: (value, how many tasks have it).
    """
    values, size = np.array([kind for kind, _ in kinds]), np.array([tasks for _, tasks in kinds])
    tasks = int(size.sum())
    tail = NormalDist().cdf(-math.sqrt(tasks / (tasks - 1)) * student_quantile((1 + level) / 2, tasks - 1))
    random = np.random.default_rng(0)
    means = random.multinomial(tasks, size / tasks, size=DRAWS) @ values / tasks
    low, high = np.quantile(means, [tail, 1 - tail])
    return Interval(low=float(low), high=float(high))
