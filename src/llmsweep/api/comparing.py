"""Two recorded sweeps on the tasks that both ran: cells paired by their settings, outcomes paired by task."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from llmsweep.analysis.cells import Counts, count
from llmsweep.analysis.frame import AXES, choosing, scored
from llmsweep.analysis.stats import Difference, Floats, holm, paired_difference, spread
from llmsweep.api.columns import typed
from llmsweep.api.recorded import Sweep
from llmsweep.errors import UsageError, nearest

SERVED = ("context", "seed")
"""Columns of a cell that two servers of one setting may have differently."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """``cells``: one row a pair of cells, columns("differences"). ``same_machine``: whether seconds and TTFT of both were
    measured on one machine; where not, their difference is the machines' too.
    """

    first: Sweep
    second: Sweep
    tasks: tuple[str, ...]
    cells: pd.DataFrame
    same_machine: bool


def compare(
    first: Sweep,
    second: Sweep,
    pair: Literal["settings", "recommended"] = "settings",
    *,
    ignore: Collection[str] = (),
    same_texts: bool = True,
) -> Comparison:
    """``pair``: cells of equal settings (window, seed and the axes of ``ignore`` apart), or the recommended cell of each.

    Only tasks whose files are the same in both count; ``same_texts=False`` goes by their names alone, so that a difference
    may be the tasks' own. Raises UsageError where there are none, or no cells to pair.
    """
    tasks = _common(first, second, same_texts)
    pairs = _pairs(first, second, pair, ignore)
    sides = [_Side(sweep, tasks) for sweep in (first, second)]
    names = second.cells.set_index("cell_id")["label"] if pair == "recommended" else None
    rows = [_row(sides[0], sides[1], one, other, names) for one, other in pairs]
    table = pd.DataFrame(rows)
    table["p"] = holm(table["p"].tolist())
    machines = {str(name) for sweep in (first, second) for name in sweep.episodes["machine"].unique()}
    return Comparison(first, second, tasks, typed(table, "differences"), len(machines) == 1)


def _common(first: Sweep, second: Sweep, same_texts: bool) -> tuple[str, ...]:
    ours, theirs = first.manifest.tasks, second.manifest.tasks
    ran = set(first.episodes["task_id"]) & set(second.episodes["task_id"])
    common = tuple(sorted(task for task in ran if not same_texts or ours.get(task) == theirs.get(task)))
    if not common:
        why = (
            "their tasks have the same names and other files (same_texts=False goes by the names)"
            if ran
            else "they ran other tasks"
        )
        raise UsageError(f"{first.folder} and {second.folder} cannot be compared: {why}.")
    return common


def _pairs(first: Sweep, second: Sweep, pair: str, ignore: Collection[str]) -> list[tuple[str, str]]:
    if pair == "recommended":
        return [(first.recommendation.cell_id, second.recommendation.cell_id)]
    if pair != "settings":
        raise UsageError(f"pair={pair!r}: it must be settings or recommended.")
    for axis in ignore:
        if axis not in AXES:
            raise UsageError(f"ignore={axis!r}: there is no such axis; {nearest(axis, AXES)}")
    axes = [axis for axis in AXES if axis not in (*SERVED, *ignore)]
    ours, theirs = (_settings(sweep, axes) for sweep in (first, second))
    found = [(cell, theirs[key]) for key, cell in ours.items() if key in theirs]
    if not found:
        apart = [
            axis
            for place, axis in enumerate(axes)
            if not {key[place] for key in ours} & {key[place] for key in theirs}
        ]
        raise UsageError(
            f"{first.folder} and {second.folder} have no cell with equal settings"
            f"{' (they differ in ' + ', '.join(apart) + ')' if apart else ''}; ignore=[...] leaves axes out of account,"
            " pair='recommended' compares the cell that each recommends."
        )
    return found


def _settings(sweep: Sweep, axes: Sequence[str]) -> Mapping[tuple[Any, ...], str]:
    rows = sweep.cells[["cell_id", *axes]].astype("object")
    return {
        tuple(None if pd.isna(value) else value for value in row[1:]): str(row[0])
        for row in rows.itertuples(index=False, name=None)
    }


class _Side:
    """One sweep's episodes on the common tasks."""

    def __init__(self, sweep: Sweep, tasks: tuple[str, ...]) -> None:
        data = choosing(sweep.episodes)
        self.data = data[data["task_id"].isin(tasks)]
        self.counts: Counts = count(self.data)
        self.labels = sweep.cells.set_index("cell_id")["label"]

    def rates(self, cell: str) -> Floats:
        """By task, NaN where the cell has no scored episode of it."""
        return np.asarray(self.counts.rates[self.counts.cells.index(cell)])

    def costs(self, cell: str, side: str) -> dict[str, float]:
        rows = scored(self.data)
        rows = rows[rows["cell_id"] == cell]
        ttft = rows["ttft_s"].to_numpy(dtype=np.float64, na_value=np.nan)
        return {
            f"tokens_{side}": float(rows["tokens"].to_numpy(dtype=np.float64, na_value=np.nan).mean()),
            f"seconds_{side}": float(rows["duration_s"].mean()),
            f"ttft_{side}": spread(ttft).median,
        }


def _row(first: _Side, second: _Side, one: str, other: str, names: pd.Series[str] | None) -> dict[str, Any]:
    before, after = first.rates(one), second.rates(other)
    both = ~np.isnan(before) & ~np.isnan(after)
    found: Difference = paired_difference(after, before)
    label = str(first.labels[one])
    if names is not None:
        label = f"{label} | {names[other]}"
    mean = [float(np.mean(part[both])) if both.any() else float("nan") for part in (before, after)]
    return {
        **{"label": label, "cell_first": one, "cell_second": other},
        **{"rate_first": mean[0], "rate_second": mean[1]},
        **first.costs(one, "first"),
        **second.costs(other, "second"),
        **{"diff": found.value, "diff_low": found.low, "diff_high": found.high, "p": found.p},
        **{"tasks": found.tasks, "better": int((after > before).sum()), "worse": int((after < before).sum())},
    }
