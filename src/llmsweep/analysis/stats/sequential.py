"""Tests and bounds that hold however often one looks: betting against a mean of bounded observations.

**What one observation is.** The mean that is tested is always that over the suite's tasks, of each task's own mean.
Tasks differ and are run again and again, so that it matters how observations come by. Two designs are valid:

1. *A task drawn at random, with replacement, for every observation* (``block`` 1), with fresh seeds. Whatever happened
   before, the next observation's mean is that over the suite: the sampling unit is the draw of a task, and tasks may
   differ as they like. One may look after every observation.
2. *Complete passes over all tasks, in any order* (``block``: how many tasks), with fresh seeds that do not depend on each
   other. The sampling unit is the pass; one may look after each. The bets stay the same within a pass, so that what a
   pass multiplies the capital by is, on average, the product over tasks of 1 + bet x (task's mean - tested mean). That
   is at most 1 where the tasks' mean is at most the tested one, however they differ: a geometric mean is never above the
   arithmetic one. Observations that begin a pass and do not complete it are left out.

Not valid: the tasks one after the other, looked at before a pass is complete (easy ones first would count as proof);
the same recorded baseline episodes in every pass (they are no fresh observations); leaving out what is slow to finish
(that may be what failed): use the observations up to the first one that is missing.

**The bet.** An observation Y in [0, 1], a mean m to refute: capital 1 is multiplied by 1 + c (Y / m - 1), an expected
loss where the mean is at most m. Several fixed fractions c share the capital from the start (a mixture, as in Robbins
1970 and Cover's universal portfolio 1991; Waudby-Smith & Ramdas 2024 call it a grid of martingales), so that nothing must
be guessed beforehand. By Ville's inequality it reaches 1 / alpha at any time with probability at most alpha.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from llmsweep.analysis.stats.interval import LEVEL, Floats

FRACTIONS: Floats = np.geomspace(0.03, 0.9, 9)
"""Shares of the capital that are staked; a large one soon refutes what is far off, a small one later what is near."""
STEPS = 20
"""Halvings that find a bound: to within one millionth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequential:
    """What ``n`` observations say so far. ``low``, ``high``: a two-sided confidence sequence of the mean difference, of all
    bounds so far the narrowest (were ``low`` above ``high``, the mean would not have stayed the same).

    ``decision``: "noninferior" (a loss of more than the margin is ruled out), "inferior" (it is proven), or neither.
    ``p``: anytime-valid, of the hypothesis that the loss is larger than the margin; its inverse is the largest capital
    so far. A decision is one-sided and only one of the two can be wrong, so each has the whole error 1 - level; the
    interval gives half of it to each side and may leave the margin a little later.
    """

    low: float
    high: float
    n: int
    decision: Literal["noninferior", "inferior", "undecided"]
    p: float


def noninferiority(differences: Floats, margin: float, level: float = LEVEL, *, block: int = 1) -> Sequential:
    """Whether a candidate is at most ``margin`` below the baseline on average, from paired ``differences`` in [-1, 1].

    ``differences``: candidate minus baseline in the order they were planned; what an observation and a ``block`` must be
    stands above. The first decision stays, also where more observations followed. ValueError where a difference is
    outside [-1, 1] or missing, or the margin outside [0, 1).
    """
    if not 0 <= margin < 1:
        raise ValueError(f"margin is {margin}: it must be at least 0 and below 1")
    values = _unit((np.asarray(differences, dtype=np.float64) + 1) / 2, block)
    edge, needed = (1 - margin) / 2, math.log(1 / (1 - level))
    gains, losses = _log_capital(values, edge, block), _log_capital(1 - values, 1 - edge, block)
    above, below = _first(gains >= needed), _first(losses >= needed)
    inside = 1 - (1 - level) / 2
    return Sequential(
        low=2 * _refuted_below(values, inside, block) - 1,
        high=1 - 2 * _refuted_below(1 - values, inside, block),
        n=len(values),
        decision="undecided" if above == below else "noninferior" if above < below else "inferior",
        p=math.exp(-max(0.0, float(gains.max(initial=0.0)))),
    )


def lower_bound(values: Floats, level: float = LEVEL, *, block: int = 1) -> float:
    """What the mean of values in [0, 1] is not below, with probability ``level`` at all times at once (one-sided)."""
    return _refuted_below(_unit(np.asarray(values, dtype=np.float64), block), level, block)


def upper_bound(values: Floats, level: float = LEVEL, *, block: int = 1) -> float:
    """What the mean of values in [0, 1] is not above; as `lower_bound`."""
    return 1 - _refuted_below(1 - _unit(np.asarray(values, dtype=np.float64), block), level, block)


def _unit(values: Floats, block: int) -> Floats:
    """The values of complete blocks; ValueError where one is outside [0, 1] or missing."""
    if block < 1:
        raise ValueError(f"block is {block}: it must be at least 1")
    if not bool(((values >= 0) & (values <= 1)).all()):
        raise ValueError("an observation is missing or out of range")
    return values[: len(values) // block * block]


def _refuted_below(values: Floats, level: float, block: int) -> float:
    """The largest mean such that all below it have been refuted at some time: capital falls as the tested mean rises."""
    needed, low, high = math.log(1 / (1 - level)), 0.0, 1.0
    for _ in range(STEPS if len(values) else 0):
        middle = (low + high) / 2
        if _log_capital(values, middle, block).max() >= needed:
            low = middle
        else:
            high = middle
    return low


def _log_capital(values: Floats, mean: float, block: int) -> Floats:
    """Logarithm of the capital after each block, of bets that the mean is above ``mean``."""
    # Outcomes take few values, logarithms are dear.
    kinds, which = np.unique(values, return_inverse=True)
    growth = np.log1p(FRACTIONS * (kinds[:, None] / mean - 1))[which].cumsum(axis=0)[block - 1 :: block]
    top = growth.max(axis=1, initial=-math.inf)
    return np.asarray(top + np.log(np.exp(growth - top[:, None]).mean(axis=1)))


def _first(crossed: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    """Where it first holds; the length where it never does."""
    return int(crossed.argmax()) if crossed.any() else len(crossed)
