"""Pass rates of the same episodes under several budgets: the mean over tasks, with intervals over tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from llmsweep.analysis.budgets.cut import Run
from llmsweep.analysis.stats import Floats, Ints, mean_rate, rate_interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share, the mean over tasks, with its 95 % interval for tasks like these."""

    value: float
    low: float
    high: float


class PerTask:
    """Which episode is of which task, so that outcomes (one an episode) become rates."""

    def __init__(self, runs: Sequence[Run]) -> None:
        names = sorted({run.episode.task_id for run in runs})
        place = {name: i for i, name in enumerate(names)}
        self._place = np.array([place[run.episode.task_id] for run in runs], dtype=np.int64)
        self.attempts: Ints = np.bincount(self._place, minlength=len(names))

    def shares(self, outcomes: NDArray[np.bool_]) -> Floats:
        """Each task's pass rate."""
        return np.asarray(self._passes(outcomes) / self.attempts)

    def rate(self, outcomes: NDArray[np.bool_]) -> Rate:
        """The mean over tasks; the interval is a bootstrap over them, see `rate_interval`."""
        passes = self._passes(outcomes)
        interval = rate_interval(passes, self.attempts)
        return Rate(value=mean_rate(passes, self.attempts), low=interval.low, high=interval.high)

    def _passes(self, outcomes: NDArray[np.bool_]) -> Ints:
        return np.bincount(self._place[outcomes], minlength=len(self.attempts))
