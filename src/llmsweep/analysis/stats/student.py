"""Student's t without a library that takes longer to load than all these statistics take to compute."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from llmsweep.analysis.stats.interval import LEVEL, Floats, Interval


def mean_interval(values: Floats, level: float = LEVEL) -> Interval:
    """Student's interval of a mean, one value a task (tokens, seconds); NaN is left out, below two values it is unbounded."""
    known = values[~np.isnan(values)]
    if len(known) < 2:
        return Interval(low=-math.inf, high=math.inf)
    half = (
        student_quantile((1 + level) / 2, len(known) - 1) * float(known.std(ddof=1)) / math.sqrt(len(known))
    )
    return Interval(low=float(known.mean()) - half, high=float(known.mean()) + half)


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
