"""From a log's current episodes to what follows from them, in one way for the command line and for notebooks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from llmsweep.analysis.beliefs import Beliefs, believe
from llmsweep.analysis.budgets import Chosen
from llmsweep.analysis.cells import cells_table
from llmsweep.analysis.frame import choosing, frame
from llmsweep.analysis.recommend import Recommendation, recommend
from llmsweep.belief.verdict import Terms
from llmsweep.manifest import Manifest
from llmsweep.types import Episode


@dataclass(frozen=True, slots=True, kw_only=True)
class Concluded:
    """``data``: of `frame`; ``table``: of `cells_table`."""

    data: pd.DataFrame
    beliefs: Beliefs
    recommendation: Recommendation
    table: pd.DataFrame


def concluded(
    about: Manifest, episodes: Sequence[Episode], budgets: Callable[[str], Chosen | None] | None = None
) -> Concluded:
    """``episodes``: those that ``about`` takes for current; ``budgets``: see `recommend`. Raises UsageError when none is scored."""
    data = frame(episodes)
    terms = Terms(about.delta, about.confidence)
    beliefs = believe(choosing(data), terms, among=about.cells, settles=about.settles)
    found = recommend(
        data,
        about.baseline.id,
        about.strategy,
        about.suite,
        owed=about.owed,
        beliefs=beliefs,
        budgets=budgets,
    )
    return Concluded(
        data=data,
        beliefs=beliefs,
        recommendation=found,
        table=cells_table(data, about.baseline.id, beliefs),
    )
