"""Cells compared on the tasks they share: paired differences, one or many at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from llmsweep.analysis.stats.interval import LEVEL, Floats
from llmsweep.analysis.stats.student import student_p, student_quantile


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Mean paired difference over ``tasks`` common tasks, its interval and two-sided p; NaN where there is no common task."""

    value: float
    low: float
    high: float
    p: float
    tasks: int


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
    middle, error = smoothed(each[None, :])
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


def smoothed(each: Floats) -> tuple[Floats, Floats]:
    """Mean and standard error of every row of task differences (NaN: no such task) and its two invented tasks."""
    n = (~np.isnan(each)).sum(axis=1)
    squares = np.nansum(each**2, axis=1)
    differing = (np.nan_to_num(each) != 0).sum(axis=1)
    size = np.where(differing > 0, squares / np.maximum(differing, 1), 1.0)
    middle = np.nansum(each, axis=1) / (n + 2)
    variance = ((squares + 2 * size) - (n + 2) * middle**2) / (n + 1)
    return middle, np.sqrt(variance / (n + 2))
