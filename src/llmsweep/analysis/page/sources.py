"""What a page is made of: the views of one log that the terminal shows too, and what was recorded beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from llmsweep.analysis.beliefs import Beliefs
from llmsweep.analysis.budgets import CellBudgets
from llmsweep.analysis.recommend import Recommendation
from llmsweep.manifest import Manifest
from llmsweep.types import Episode


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """Dollars of an attempt, mean by cell id. ``basis``: what they rest on, or why there are none."""

    attempt: Mapping[str, float]
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """By cell id; None: no episode of the cell is graded turn by turn. ``note``: what is missing and what would mend it."""

    found: Mapping[str, CellBudgets | None]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands in files beside the log, as plain values: the latest probe, every run's environment, every run's envelope; ``spent``: what all episodes of the log took, in words."""

    spent: str
    probe: Mapping[str, Any] | None
    runs: Sequence[Mapping[str, Any]]
    envelopes: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """``folder``: the model's, as the user calls it, for the commands that the page shows; ``data``: the frame of
    ``episodes``, which are the log's current ones; ``table``: of `cells_table`; ``faults``: what broke, in the log's order.
    """

    folder: Path
    about: Manifest
    episodes: Sequence[Episode]
    data: pd.DataFrame
    beliefs: Beliefs
    recommendation: Recommendation
    table: pd.DataFrame
    curves: Curves
    money: Money
    beside: Beside
