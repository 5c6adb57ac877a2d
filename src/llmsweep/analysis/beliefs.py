"""What the episodes of a frame make one believe of its cells: the model of `llmsweep.belief`, as it is for a sweep that runs."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from llmsweep.analysis.frame import AXES, scored
from llmsweep.analysis.wording import axis_name
from llmsweep.belief.costs import Costs
from llmsweep.belief.posterior import Posterior
from llmsweep.belief.verdict import Evidence, Terms, Verdict, judge

BESIDE = ("seed", "context")
"""Columns that name a cell without being axes of a space."""


@dataclass(frozen=True, slots=True)
class Beliefs:
    """Of ``cells`` (ids, in order) and ``tasks`` (likewise), the order of every array. ``currency``: what an episode
    costs is counted in tokens, or in seconds where one did not report its tokens.
    """

    cells: list[str]
    tasks: list[str]
    posterior: Posterior
    costs: Costs
    verdict: Verdict
    currency: str

    @property
    def chosen(self) -> str:
        """The cell to ship."""
        return self.cells[self.verdict.chosen]

    @property
    def belief(self) -> float:
        """The probability that it is right."""
        return float(self.verdict.belief[self.verdict.chosen])

    def ahead(self, cell: str, of: str) -> tuple[float, float, float]:
        """How far one cell's rate on these tasks is above another's: expected, and the bounds of 95 %."""
        draws = self.verdict.draws
        each = draws[:, self.cells.index(cell)] - draws[:, self.cells.index(of)]
        low, high = np.quantile(each, [0.025, 0.975])
        return float(each.mean()), float(low), float(high)

    def table(self, baseline_cell_id: str) -> pd.DataFrame:
        """By cell: ``estimate`` of the pass rate on these tasks with ``est_low`` and ``est_high`` (95 %, credible);
        ``est_diff`` to the baseline, with its bounds likewise, NaN where it did not run and in its own row; ``belief``: the probability that the cell is a right choice; ``apart``: that it is worse than the best one;
        ``tied``: that is not believed.
        """
        low, high = np.quantile(self.verdict.draws, [0.025, 0.975], axis=0)
        nowhere = (math.nan,) * 3
        known = baseline_cell_id in self.cells
        away = [
            self.ahead(cell, baseline_cell_id) if known and cell != baseline_cell_id else nowhere
            for cell in self.cells
        ]
        return pd.DataFrame(
            {
                "estimate": self.posterior.mean,
                "est_low": np.minimum(low, self.posterior.mean),
                "est_high": np.maximum(high, self.posterior.mean),
                "est_diff": [each[0] for each in away],
                "est_diff_low": [each[1] for each in away],
                "est_diff_high": [each[2] for each in away],
                "belief": self.verdict.belief,
                "apart": self.verdict.apart,
                "tied": self.verdict.apart < self.verdict.terms.confidence,
            },
            index=pd.Index(self.cells, name="cell"),
        )


def believe(
    data: pd.DataFrame, terms: Terms, *, among: Collection[str] = (), settles: bool = True
) -> Beliefs:
    """From the scored episodes that may choose (none of the confirmation). ``among``: ids of the cells to choose from,
    none named: all. ``settles``: a greedy cell, if it has no second attempt at any task, answers the same way each time.
    """
    rows = scored(data)
    rows = rows[rows["cell_id"].isin(among)] if among else rows
    cells, tasks = sorted(rows["cell_id"].unique()), sorted(data["task_id"].unique())
    currency = "seconds" if rows["tokens"].isna().any() else "tokens"
    spent = "duration_s" if currency == "seconds" else "tokens"
    evidence = _evidence(rows, cells, tasks, spent, settles)
    return Beliefs(cells, tasks, *judge(evidence, terms), currency)


def _evidence(rows: pd.DataFrame, cells: list[str], tasks: list[str], spent: str, settles: bool) -> Evidence:
    shape = (len(tasks), len(cells))
    passes, attempts = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    paid = np.zeros(shape)
    place = (
        pd.Categorical(rows["task_id"], categories=tasks).codes,
        pd.Categorical(rows["cell_id"], categories=cells).codes,
    )
    np.add.at(attempts, place, 1)
    np.add.at(passes, place, rows["passed"].to_numpy(dtype=np.int64))
    np.add.at(paid, place, rows[spent].to_numpy(dtype=np.float64))
    kinds = rows.drop_duplicates("cell_id").set_index("cell_id").loc[cells]
    levels = {
        axis_name(axis): [_plain(value) for value in kinds[axis]] for axis in AXES if axis not in BESIDE
    }
    greedy = (kinds["temperature"] == 0) | (kinds["top_k"] == 1) | (kinds["min_p"] >= 1)  # as Cell.greedy
    certain = greedy.fillna(False).to_numpy(dtype=np.bool_) & (attempts.max(axis=0) <= 1) & settles
    return Evidence(levels, passes, attempts, paid, certain)


def _plain(value: Any) -> Any:
    """A level as a cell has it: NA is None, and numbers are Python's."""
    if pd.isna(value):
        return None
    return value.item() if isinstance(value, np.generic) else value
