"""Many differences at once: intervals that all hold together, by the law of their largest statistic."""

from __future__ import annotations

import math

import numpy as np

from llmsweep.analysis.stats.differences import Difference, smoothed
from llmsweep.analysis.stats.interval import DRAWS, LEVEL, Floats
from llmsweep.analysis.stats.student import student_p, student_quantile

COMPARABLE = 5
"""Tasks that two cells must share to be compared: on fewer, even all of one side against none says nothing."""


def against_baseline(
    rates: Floats, baseline: int, level: float = LEVEL, draws: int = DRAWS, seed: int = 0
) -> list[Difference]:
    """Every cell minus the one in row ``baseline``: intervals that hold all together with probability ``level``.

    ``rates``: cells x tasks, NaN for a hole. As `paired_difference`, with one critical value for all: that of the largest
    statistic over the cells, by a multiplier bootstrap over tasks (Chernozhukov, Chetverikov & Kato 2013) with Student's
    tails, which knows how alike the cells are. ``p`` is adjusted likewise. NaN for the baseline itself and for a cell that
    shares fewer than COMPARABLE tasks with it.
    """
    ahead = rates - rates[baseline]
    common = (~np.isnan(ahead)).sum(axis=1)
    common[baseline] = 0
    found = [
        Difference(value=math.nan, low=math.nan, high=math.nan, p=math.nan, tasks=int(n)) for n in common
    ]
    told = np.flatnonzero(common >= COMPARABLE)
    if len(told) == 0:
        return found
    random = np.random.default_rng(seed)
    multipliers = random.standard_normal((draws, rates.shape[1]))
    middle, error = smoothed(ahead[told])
    freedom = int(common[told].min()) + 1
    tails = np.sqrt(random.chisquare(freedom, draws) / freedom)
    largest = np.abs(multipliers @ directions(ahead[told]).T).max(axis=1) / tails
    critical = max(float(np.quantile(largest, level)), student_quantile((1 + level) / 2, freedom))
    for i, cell in enumerate(told):
        value, statistic = float(np.nanmean(ahead[cell])), float(middle[i] / error[i])
        half = critical * float(error[i])
        chance = float((1 + (largest >= abs(statistic)).sum()) / (1 + draws))
        found[cell] = Difference(
            value=value,
            low=max(-1.0, min(value, float(middle[i]) - half)),
            high=min(1.0, max(value, float(middle[i]) + half)),
            p=max(chance, student_p(statistic, freedom)),
            tasks=int(common[cell]),
        )
    return found


def directions(each: Floats) -> Floats:
    """Every row of task differences (NaN: no such task) around its mean, of length 1, or 0 where nothing varies."""
    centred = np.nan_to_num(each - np.nanmean(each, axis=1, keepdims=True))
    length = np.sqrt((centred**2).sum(axis=1))
    return np.asarray(centred / np.where(length > 0, length, 1.0)[:, None])
