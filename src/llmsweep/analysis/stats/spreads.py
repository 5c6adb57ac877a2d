"""Medians and tails of what episodes cost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from llmsweep.analysis.stats.interval import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Median and 95th percentile of the ``known`` values (NaN when there are none); ``missing`` were not reported."""

    median: float
    p95: float
    known: int
    missing: int


def spread(values: Sequence[float] | Floats) -> Spread:
    """Median and p95 of what is known; NaN is not reported and is counted."""
    every = np.asarray(values, dtype=np.float64)
    known = every[~np.isnan(every)]
    median, p95 = np.quantile(known, [0.5, 0.95]) if len(known) else (math.nan, math.nan)
    return Spread(median=float(median), p95=float(p95), known=len(known), missing=len(every) - len(known))
