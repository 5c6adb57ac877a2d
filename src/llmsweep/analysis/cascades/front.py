"""Which plans are worth it: those that neither another plan nor a coin tossed between two others beats in cost and in tasks solved."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from llmsweep.analysis.stats import Floats

NEAR = 1e-9
"""Differences of this size are rounding."""


def pareto(cost: Floats, solved: Floats) -> NDArray[np.bool_]:
    """Of plans, one entry each: no other costs at most as much and solves at least as much, one of both for less or more."""
    cheaper, dearer = cost[:, None] <= cost[None, :] + NEAR, cost[:, None] < cost[None, :] - NEAR
    as_good, better = solved[:, None] >= solved[None, :] - NEAR, solved[:, None] > solved[None, :] + NEAR
    beaten = (cheaper & as_good & (dearer | better)).any(axis=0)
    return np.asarray(~beaten)


def hull(cost: Floats, solved: Floats) -> list[int]:
    """The upper hull of all plans and their random mixes, from the cheapest to the one that solves most: indices by cost.

    A plan that is on the Pareto front but not here is beaten by a mix of two others.
    """
    front = [int(i) for i in np.flatnonzero(pareto(cost, solved))]
    corners: list[int] = []
    for i in sorted(front, key=lambda i: (cost[i], -solved[i], i)):
        if corners and abs(cost[i] - cost[corners[-1]]) <= NEAR:
            continue
        while len(corners) > 1 and _under(corners[-2], corners[-1], i, cost, solved):
            corners.pop()
        corners.append(i)
    return corners


def _under(one: int, middle: int, other: int, cost: Floats, solved: Floats) -> bool:
    """Whether a mix of ``one`` and ``other`` solves as much as ``middle`` at its cost."""
    share = (cost[middle] - cost[one]) / (cost[other] - cost[one])
    return bool(solved[one] + share * (solved[other] - solved[one]) >= solved[middle] - NEAR)


def mixed(cost: Floats, solved: Floats, at: Floats) -> Floats:
    """The most that random mixes of plans solve at the cost ``at``: with the share w for the dearer of two plans, w so that
    the mix costs as much. ``cost``, ``solved``: draws x plans; ``at``: draws. NaN where even the cheapest costs more.
    """
    best = np.full(len(at), np.nan)
    for i in range(cost.shape[1]):
        best = np.fmax(best, np.where(cost[:, i] <= at + NEAR, solved[:, i], np.nan))
        for j in range(cost.shape[1]):
            between = (cost[:, i] <= at) & (at < cost[:, j])
            gap = np.where(between, cost[:, j] - cost[:, i], 1.0)
            share = (at - cost[:, i]) / gap
            value = solved[:, i] + share * (solved[:, j] - solved[:, i])
            best = np.fmax(best, np.where(between, value, np.nan))
    return best
