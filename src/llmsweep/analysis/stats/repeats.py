"""Several attempts at one task: the chance that one of k passes, and that all k do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from llmsweep.analysis.stats.interval import LEVEL, Floats, Interval, Ints
from llmsweep.analysis.stats.rates import wilson, wilson_over_tasks


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
    (Chen et al. 2021, Evaluating large language models trained on code). The interval is for
    tasks like these. ValueError where k is below 1.
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

    Wilson's over the tasks where all agree or each is 0 or 1, else over the effective number of tasks. Measured against
    the bootstrap over tasks, which draws from what was seen: where few tasks decide, that one held the truth in 90 %, and
    this one in 91 to 100 %.
    """
    if len(values) == 0:
        return Interval(low=0.0, high=1.0)
    if np.ptp(values) < 1e-12 or bool(np.isin(values, (0.0, 1.0)).all()):
        return wilson(float(values.sum()), len(values), level)
    return wilson_over_tasks(values, groups, level)
