"""Whether a choice held on fresh seeds: paired with what it is to replace, by a test that may be looked at any time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count, takewhile
from typing import Literal

import numpy as np
import pandas as pd

from llmsweep.analysis.frame import scored
from llmsweep.belief.verdict import Terms
from llmsweep.types import FRESH


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """``value``: mean difference to the cell called ``against``, over ``pairs`` of episodes on fresh seeds; ``low``,
    ``high``: a confidence sequence, valid however often it was looked at. ``decision``: whether a loss of more than
    delta is ruled out, proven, or neither.
    """

    decision: Literal["noninferior", "inferior", "undecided"]
    value: float
    low: float
    high: float
    pairs: int
    against: str


def held(
    data: pd.DataFrame, chosen: str, baseline_cell_id: str, labels: pd.Series[str], terms: Terms
) -> Held | None:
    """None where the chosen cell has no pair on fresh seeds.

    Its partner is the baseline, or, where the baseline itself was chosen, the cell that ran most beside it. A pair is
    the two episodes of one repeat, on a task that was drawn at random for it: differences are then independent, and
    their mean is that of the suite.
    """
    fresh = scored(data[data["fresh"]])
    mine = fresh[fresh["cell_id"] == chosen].set_index("repeat")["passed"]
    others = fresh[fresh["cell_id"] != chosen]
    if mine.empty or others.empty:
        return None
    against = baseline_cell_id if chosen != baseline_cell_id else others["cell_id"].value_counts().index[0]
    theirs = others[others["cell_id"] == against].set_index("repeat")["passed"]
    # Up to the first pair that is not whole: of a batch that was cut off the quick ones would be left, no fair sample.
    both = set(mine.index) & set(theirs.index)
    common = list(takewhile(both.__contains__, count(FRESH)))
    if not common:
        return None
    differences = mine.loc[common].to_numpy(np.float64) - theirs.loc[common].to_numpy(np.float64)
    from llmsweep.analysis.stats import noninferiority

    found = noninferiority(differences, terms.delta, terms.confidence)
    return Held(
        decision=found.decision,
        value=float(differences.mean()),
        low=found.low,
        high=found.high,
        pairs=len(common),
        against=str(labels.get(against, against)),
    )
