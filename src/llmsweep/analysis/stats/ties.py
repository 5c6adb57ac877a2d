"""Which cells cannot be told from the best."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from llmsweep.analysis.stats.differences import smoothed
from llmsweep.analysis.stats.interval import DRAWS, LEVEL, Floats
from llmsweep.analysis.stats.simultaneous import COMPARABLE, directions
from llmsweep.analysis.stats.student import student_quantile


def tie_group(rates: Floats, level: float = LEVEL, draws: int = DRAWS, seed: int = 0) -> NDArray[np.bool_]:
    """Which cells cannot be told from the best: a set that holds the best one with probability ``level``.

    ``rates``: cells x tasks. Multiple comparisons with the best (Hsu 1981): a cell leaves when another beats
    it beyond chance, where the critical value is that of its largest statistic over all rivals at once, by
    a multiplier bootstrap over tasks (Chernozhukov, Chetverikov & Kato 2013) with Student's tails. Only the
    best cell's own test can go wrong, so no further correction is due. Pairs are compared on the tasks that
    both have; a cell without a comparable rival stays.
    """
    random = np.random.default_rng(seed)
    tasks = rates.shape[1]
    multipliers = random.standard_normal((draws, tasks))
    stays = np.ones(len(rates), dtype=np.bool_)
    for cell in range(len(rates)):
        ahead = np.delete(rates, cell, axis=0) - rates[cell]
        common = (~np.isnan(ahead)).sum(axis=1)
        ahead, common = ahead[common >= COMPARABLE], common[common >= COMPARABLE]
        if len(ahead) == 0:
            continue
        middle, error = smoothed(ahead)
        freedom = int(common.min()) + 1
        largest = (multipliers @ directions(ahead).T).max(axis=1) / np.sqrt(
            random.chisquare(freedom, draws) / freedom
        )
        critical = max(float(np.quantile(largest, level)), student_quantile(level, freedom))
        stays[cell] = bool((middle / error).max() <= critical)
    return stays
