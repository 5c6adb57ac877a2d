"""The share of replays that choose right against episodes, as a short table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from llmsweep.analysis.contests import Run, curve

POINTS = 120


def points(runs: Sequence[Run]) -> list[tuple[int, float]]:
    """Episodes and the share of ``runs`` that are right then, at POINTS places from where every run has a choice on.

    What a run chose last holds from its end on.
    """
    first = max(float(run.episodes[0]) for run in runs)
    last = max(float(run.episodes[-1]) for run in runs)
    grid = np.unique(np.round(np.linspace(first, max(first, last), POINTS)))
    shares = curve([run.episodes for run in runs], runs, grid).mean(axis=0)
    return [(int(at), round(float(share), 4)) for at, share in zip(grid, shares, strict=True)]
