"""Every statistic in one place: plain functions of arrays whose tasks, never whose episodes, are the sample.

The estimand everywhere is the mean over tasks of each task's pass rate, for tasks like those of the suite.
Rates are arrays with one value a task, NaN where a cell has no scored episode of it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVEL = 0.95
DRAWS = 10_000
SPARSE = 5
"""Below so many tasks that passed (or failed) at all, resampling them says too little of those not seen."""
COMPARABLE = 5
"""Tasks that two cells must share to be compared: on fewer, even all of one side against none says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Mean paired difference over ``tasks`` common tasks, its interval and two-sided p; NaN where there is no common task."""

    value: float
    low: float
    high: float
    p: float
    tasks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Median and 95th percentile of the ``known`` values (NaN when there are none); ``missing`` were not reported."""

    median: float
    p95: float
    known: int
    missing: int


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


def mean_rate(passes: NDArray[np.int64], attempts: NDArray[np.int64]) -> float:
    """The estimate itself: the mean over tasks of passes/attempts; NaN without a task."""
    return float((passes / attempts).mean()) if len(attempts) else math.nan


def rate_interval(
    passes: Sequence[int] | NDArray[np.int64],
    attempts: Sequence[int] | NDArray[np.int64],
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
        return _wilson_over_tasks(rates, int(n.sum()), level)
    kinds = Counter(zip(k.tolist(), n.tolist(), strict=True))
    return _two_stage(tuple(sorted(kinds.items())), level, draws, seed)


def _wilson_over_tasks(rates: Floats, attempts: int, level: float) -> Interval:
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


def paired_difference(rates: Floats, others: Floats, level: float = LEVEL) -> Difference:
    """``rates`` minus ``others`` on the tasks that both have.

    Student's t over tasks after adding two invented ones, one for each side, as large as the differences
    seen (their root mean square without zeros; 1 where there are none): Bonett & Price (2012) for paired
    proportions, here for rates. Without them a few tasks that happen to agree give an interval of ±0, and
    four wins of twenty against none would count as proof.
    """
    each = rates - others
    each = each[~np.isnan(each)]
    if len(each) == 0:
        return Difference(value=math.nan, low=math.nan, high=math.nan, p=math.nan, tasks=0)
    middle, error = _smoothed(each[None, :])
    freedom = len(each) + 1
    half = student_quantile((1 + level) / 2, freedom) * float(error[0])
    value = float(each.mean())
    return Difference(
        value=value,
        low=max(-1.0, min(value, float(middle[0]) - half)),
        high=min(1.0, max(value, float(middle[0]) + half)),
        p=student_p(float(middle[0] / error[0]), freedom),
        tasks=len(each),
    )


def holm(p_values: Sequence[float]) -> list[float]:
    """p adjusted for several comparisons (Holm 1979): the family's error stays below the level; NaN stays NaN."""
    known = sorted((p, i) for i, p in enumerate(p_values) if not math.isnan(p))
    adjusted, worst = [math.nan] * len(p_values), 0.0
    for rank, (p, i) in enumerate(known):
        worst = max(worst, min(1.0, (len(known) - rank) * p))
        adjusted[i] = worst
    return adjusted


def tie_group(rates: Floats, level: float = LEVEL, draws: int = DRAWS, seed: int = 0) -> NDArray[np.bool_]:
    """Which cells cannot be told from the best: a set that holds the best one with probability ``level``.

    ``rates``: cells x tasks. Multiple comparisons with the best (Hsu 1981): a cell leaves when another beats
    it beyond chance, where the critical value is that of its largest statistic over all rivals at once, by
    a multiplier bootstrap over tasks (Chernozhukov, Chetverikov & Kato 2013) with Student's tails. Only the
    best cell's own test can go wrong, so no further correction is due. Pairs are compared on the tasks that
    both have; a cell without a comparable rival stays.
    """
    random = np.random.default_rng(seed)
    tasks = rates.shape[1]
    multipliers = random.standard_normal((draws, tasks))
    stays = np.ones(len(rates), dtype=np.bool_)
    for cell in range(len(rates)):
        ahead = np.delete(rates, cell, axis=0) - rates[cell]
        common = (~np.isnan(ahead)).sum(axis=1)
        ahead, common = ahead[common >= COMPARABLE], common[common >= COMPARABLE]
        if len(ahead) == 0:
            continue
        middle, error = _smoothed(ahead)
        centred = np.nan_to_num(ahead - np.nanmean(ahead, axis=1, keepdims=True))
        length = np.sqrt((centred**2).sum(axis=1))
        unit = centred / np.where(length > 0, length, 1.0)[:, None]
        freedom = int(common.min()) + 1
        largest = (multipliers @ unit.T).max(axis=1) / np.sqrt(random.chisquare(freedom, draws) / freedom)
        critical = max(float(np.quantile(largest, level)), student_quantile(level, freedom))
        stays[cell] = bool((middle / error).max() <= critical)
    return stays


def mean_interval(values: Floats, level: float = LEVEL) -> Interval:
    """Student's interval of a mean, one value a task (tokens, seconds); NaN is left out, below two values it is unbounded."""
    known = values[~np.isnan(values)]
    if len(known) < 2:
        return Interval(low=-math.inf, high=math.inf)
    half = (
        student_quantile((1 + level) / 2, len(known) - 1) * float(known.std(ddof=1)) / math.sqrt(len(known))
    )
    return Interval(low=float(known.mean()) - half, high=float(known.mean()) + half)


def spread(values: Sequence[float] | Floats) -> Spread:
    """Median and p95 of what is known; NaN is not reported and is counted."""
    every = np.asarray(values, dtype=np.float64)
    known = every[~np.isnan(every)]
    median, p95 = np.quantile(known, [0.5, 0.95]) if len(known) else (math.nan, math.nan)
    return Spread(median=float(median), p95=float(p95), known=len(known), missing=len(every) - len(known))


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
    _, error = _smoothed(each[None, :])
    deviation = float(error[0]) * math.sqrt(len(each) + 2)
    reach = NormalDist().inv_cdf((1 + level) / 2) + NormalDist().inv_cdf(power)
    return math.ceil((reach * deviation / difference) ** 2)


def _smoothed(each: Floats) -> tuple[Floats, Floats]:
    """Mean and standard error of every row of task differences (NaN: no such task) and its two invented tasks."""
    n = (~np.isnan(each)).sum(axis=1)
    squares = np.nansum(each**2, axis=1)
    differing = (np.nan_to_num(each) != 0).sum(axis=1)
    size = np.where(differing > 0, squares / np.maximum(differing, 1), 1.0)
    middle = np.nansum(each, axis=1) / (n + 2)
    variance = ((squares + 2 * size) - (n + 2) * middle**2) / (n + 1)
    return middle, np.sqrt(variance / (n + 2))


def student_p(t: float, freedom: int) -> float:
    """Two-sided p of Student's t, integer degrees of freedom (Abramowitz & Stegun 26.7.3 and 26.7.4)."""
    angle = math.atan(abs(t) / math.sqrt(freedom))
    sine, square = math.sin(angle), math.cos(angle) ** 2
    odd = freedom % 2
    term, total = (math.cos(angle), 0.0) if odd else (1.0, 0.0)
    for i in range(freedom // 2):
        total += term
        term *= square * ((2 * i + 2) / (2 * i + 3) if odd else (2 * i + 1) / (2 * i + 2))
    inside = 2 / math.pi * (angle + sine * total) if odd else sine * total
    return min(1.0, max(0.0, 1 - inside))


@lru_cache(maxsize=1024)
def student_quantile(probability: float, freedom: int) -> float:
    """The quantile of Student's t above 1/2, by bisection."""
    low, high = 0.0, 1e4
    for _ in range(100):
        middle = (low + high) / 2
        if 1 - student_p(middle, freedom) / 2 < probability:
            low = middle
        else:
            high = middle
    return high
