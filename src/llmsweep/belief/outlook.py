"""What more episodes would buy: the belief that is to be expected after them, before any of them has run."""

from __future__ import annotations

import math

import numpy as np

from llmsweep.belief.costs import Costs
from llmsweep.belief.posterior import INSIDE, Posterior, normal_draws
from llmsweep.belief.verdict import Terms, right_in

FUTURES, DRAWS = 60, 300
FARTHEST = 64
"""No guess is made beyond this many times the episodes that ran."""


def expected_belief(found: Posterior, costs: Costs, terms: Terms, more: int, seed: int = 0) -> float:
    """Of the choice that would then be made.

    A rough forecast: ``more`` episodes spread as those so far shrink every variance by n / (n + more), and where the
    means will lie is drawn from what is believed now (preposterior analysis, Raiffa & Schlaifer 1961).
    """
    ran = int(found.attempts.sum())
    left = ran / (ran + more)
    centre = np.clip(found.mean, INSIDE, 1 - INSIDE)
    scale = 1 / (centre * (1 - centre))
    covariance = found.covariance * np.outer(scale, scale)
    logit = np.log(centre / (1 - centre))
    futures = logit + math.sqrt(1 - left) * normal_draws(covariance, FUTURES, seed)
    around = math.sqrt(left) * normal_draws(covariance, DRAWS, seed + 1)
    paid = costs.mean + math.sqrt(left) * normal_draws(costs.covariance, DRAWS, seed + 2)
    tried = found.attempts.sum(axis=0) > 0
    beliefs = [
        right_in(1 / (1 + np.exp(-(future + around))), paid, terms).mean(axis=0)[tried].max()
        for future in futures
    ]
    return float(np.mean(beliefs))


def episodes_needed(found: Posterior, costs: Costs, terms: Terms, seed: int = 0) -> int | None:
    """How many more episodes it should take until the choice is believed with the wanted confidence.

    None where that is farther than `FARTHEST` times as many as ran.
    """
    ran = int(found.attempts.sum())
    below, more = 0, max(1, ran // 8)
    while expected_belief(found, costs, terms, more, seed) < terms.confidence:
        below, more = more, more * 2
        if more > FARTHEST * ran:
            return None
    for _ in range(4):
        middle = (below + more) // 2
        if expected_belief(found, costs, terms, middle, seed) < terms.confidence:
            below = middle
        else:
            more = middle
    return more
