"""How two models' outcomes on the same tasks go together."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from llmsweep.analysis.cascades.plans import Pair


class Joint(NamedTuple):
    """Shares of pairs of attempts, one of each model at the same task: ``both`` solved it, only one, ``neither``.

    ``phi``: their correlation, 0 where outcomes are independent, NaN where one model always or never solves.
    """

    both: float
    local: float
    frontier: float
    neither: float
    phi: float


def joint_table(pair: Pair) -> Joint:
    """The mean over tasks of each task's own table: p_i q_i, p_i (1 - q_i), and so on; unbiased, since the attempts of
    two models at one task are independent given the task.
    """
    p, q = pair.local.rates, pair.frontier.rates
    both = float((p * q).mean())
    one, other = float(p.mean()), float(q.mean())
    spread = one * (1 - one) * other * (1 - other)
    phi = (both - one * other) / math.sqrt(spread) if spread > 1e-15 else math.nan
    return Joint(
        both, one - both, other - both, float(((1 - p) * (1 - q)).mean()), float(np.clip(phi, -1, 1))
    )
