"""What every statistic speaks in: arrays of floats, a level, an interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEVEL = 0.95
DRAWS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    low: float
    high: float
