"""Whether infrastructure broke more often in some cells than in others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from llmsweep.analysis.stats.interval import Floats, Ints

SHUFFLES = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Uneven:
    """``p``: how often chance alone makes the cells' faults differ as much or more. ``worst``: the row of the cell with
    the most faults beyond its share, None where there was no fault or nothing to compare.
    """

    p: float
    worst: int | None


def uneven_faults(faults: Ints, attempts: Ints, shuffles: int = SHUFFLES, seed: int = 0) -> Uneven:
    """A permutation test that faults do not depend on the cell.

    ``faults``, ``attempts`` (those that broke included): cells x tasks, or one entry a cell. Each task's faults are dealt
    out anew to its attempts, whatever their cell: a task that breaks everywhere accuses no cell. The statistic is the
    sum over cells of (faults - expected)² / variance, p is (1 + those as large) / (1 + shuffles), which keeps its level
    exactly (Phipson & Smyth 2010). Faults that come in bursts (a server was down for an hour) are not independent:
    p is then too small, unless the cells ran in random order and the burst is short.
    """
    broken, tried = (np.asarray(part, dtype=np.int64).reshape(len(part), -1) for part in (faults, attempts))
    total, share = tried.sum(axis=0), broken.sum(axis=0)
    telling = (share > 0) & (share < total)
    broken, tried, total, share = broken[:, telling], tried[:, telling], total[telling], share[telling]
    expected = (tried * share / total).sum(axis=1)
    spread = (tried * (total - tried) * share * (total - share) / (total**2 * (total - 1.0))).sum(axis=1)
    compared = spread > 0
    if compared.sum() < 2:
        return Uneven(p=1.0, worst=None)

    def beyond(counts: Ints) -> Floats:
        return np.asarray((counts - expected)[..., compared] / np.sqrt(spread[compared]))

    random = np.random.default_rng(seed)
    dealt = np.zeros((shuffles, len(tried)), dtype=np.int64)
    for task in range(len(total)):
        dealt += random.multivariate_hypergeometric(
            tried[:, task], share[task], size=shuffles, method="marginals"
        )
    seen = beyond(broken.sum(axis=1))
    # Sums of the same squares in another order differ in the last digit.
    larger = (beyond(dealt) ** 2).sum(axis=1) >= (seen**2).sum() * (1 - 1e-9)
    return Uneven(
        p=float((1 + larger.sum()) / (1 + shuffles)), worst=int(np.flatnonzero(compared)[seen.argmax()])
    )
