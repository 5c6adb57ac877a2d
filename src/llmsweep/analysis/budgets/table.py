"""The curves as one table, for a CSV file."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from llmsweep.analysis.budgets.curves import CellBudgets

COLUMNS = [
    *("cell_id", "cell", "kind", "budget", "what"),
    *("at", "at_low", "at_high", "by", "by_low", "by_high"),
    *("change", "change_low", "change_high", "enough", "uncut", "tokens", "episodes", "tasks"),
]


def budgets_table(found: Mapping[str, CellBudgets]) -> pd.DataFrame:
    """One row a cell (its label is the key), kind and budget. ``what``: `rate`, or `bound` for max_tokens, where ``at``
    is no more than a lower bound; ``at`` passing at the budget, ``by`` passed by then, ``change`` of ``at`` to the
    largest budget, all shares with 95 % intervals; ``enough``: the smallest that cannot be told from the largest;
    ``uncut``: share of episodes that end by themselves within it (of a bound: share of calls that do); ``tokens``:
    mean of an episode. NaN where nothing is known.
    """
    rows = [row for label, cell in found.items() for row in _rows(label, cell)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _rows(label: str, found: CellBudgets) -> Iterator[dict[str, Any]]:
    about = {"cell_id": found.cell.id, "cell": label, "episodes": found.episodes, "tasks": found.tasks}
    for kind, curve in found.curves.items():
        for point in curve.points:
            yield {
                **about,
                **{"kind": kind, "budget": point.budget, "what": "rate"},
                **{"at": point.at.value, "at_low": point.at.low, "at_high": point.at.high},
                **{"by": point.by.value, "by_low": point.by.low, "by_high": point.by.high},
                **{"change": point.change.value, "change_low": point.change.low},
                **{"change_high": point.change.high, "enough": point is curve.enough},
                **{"uncut": point.uncut, "tokens": point.tokens},
            }
    for bound in found.bounds:
        yield {
            **about,
            **{"kind": "max_tokens", "budget": bound.max_tokens, "what": "bound"},
            **{"at": bound.rate.value, "at_low": bound.rate.low, "at_high": bound.rate.high},
            **{"enough": False, "uncut": 1 - bound.calls, "tokens": math.nan},
        }
