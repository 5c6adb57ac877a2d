"""How far two cells are apart in tokens, seconds and TTFT: paired, with intervals over tasks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from llmsweep.analysis.checks.pairs import Pair
from llmsweep.analysis.checks.verdict import Measure, tokens, ttft
from llmsweep.analysis.stats import mean_interval
from llmsweep.types import Episode


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Means over tasks of each task's mean; ``low``, ``high``: 95 % of the difference, for tasks like these. ``tasks``: that
    have a pair in which both are known.
    """

    theirs: float
    ours: float
    value: float
    low: float
    high: float
    tasks: int


def seconds(episode: Episode) -> float | None:
    """Of the whole episode, sandbox and grading included."""
    return episode.duration_s


MEASURES: Mapping[str, Measure] = {"tokens": tokens, "seconds": seconds, "TTFT s": ttft}
TIMED = ("seconds", "TTFT s")
"""Those that say nothing where machine or streams differ."""


def apart(pairs: Sequence[Pair], measure: Measure) -> Apart:
    each: dict[str, list[tuple[float, float]]] = {}
    for theirs, ours in pairs:
        both = measure(theirs), measure(ours)
        if both[0] is not None and both[1] is not None:
            each.setdefault(theirs.task_id, []).append((both[0], both[1]))
    if not each:
        return Apart(theirs=math.nan, ours=math.nan, value=math.nan, low=-math.inf, high=math.inf, tasks=0)
    means = np.array([np.mean(known, axis=0) for known in each.values()])
    difference = means[:, 1] - means[:, 0]
    bounds = mean_interval(difference)
    return Apart(
        theirs=float(means[:, 0].mean()),
        ours=float(means[:, 1].mean()),
        value=float(difference.mean()),
        low=bounds.low,
        high=bounds.high,
        tasks=len(means),
    )
