"""Pass rate against the axes: what a change of each setting does."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from llmsweep.analysis.beliefs import Beliefs, believe
from llmsweep.analysis.cells import axis_slice
from llmsweep.analysis.frame import choosing, varied
from llmsweep.analysis.plots.canvas import BLUE, GREY, LIGHT, floats, light, rates, title
from llmsweep.analysis.wording import axis_name, level_name
from llmsweep.belief.verdict import Terms

TO_SCALE = {"temperature", "top_p"}
"""Axes whose levels stand at their value; the others stand side by side, in order."""
NOMINAL = {"protocol", "prompt"}
"""Axes whose levels have no order."""


class Shown(NamedTuple):
    """What the picture is about: the belief in all cells, and the recommended one."""

    beliefs: Beliefs
    cell_id: str


def plot_axes(
    data: pd.DataFrame, baseline_cell_id: str, shown: Shown | None = None, *, suite: str | None = None
) -> Figure:
    """Pass rate against every varied axis, one panel each, all else as in the recommended cell; 95 % intervals, and the
    tiers as faint lines.

    Rates are those of the belief model, as in the table. Where the recommended cell has fewer neighbours along an axis
    than the baseline, as in ofat, the baseline's are shown. ``shown``: None forms the belief from all cells and shows
    the neighbours of the baseline.
    """
    shown = shown or Shown(believe(choosing(data), Terms()), baseline_cell_id)
    rows_of = data[data["cell_id"].isin(shown.beliefs.cells)]
    axes = varied(rows_of) or ["temperature"]
    columns = 2 if len(axes) == 4 else min(3, len(axes))
    rows = math.ceil(len(axes) / columns)
    figure = Figure(figsize=(max(6.4, 4.0 * columns), 0.9 + 3.3 * rows), layout="constrained")
    panels = figure.subplots(rows, columns, sharey=True, squeeze=False)
    for panel, axis in zip(panels.flat, axes, strict=False):
        axis_panel(panel, rows_of, axis, baseline_cell_id, shown)
    top = max(rates(panel) for panel in panels.flat[: len(axes)])
    panels.flat[0].set_ylim(-0.04 * top, 1.04 * top)
    if with_tiers := [panel for panel in panels.flat if panel.get_legend_handles_labels()[0]]:
        with_tiers[0].legend(frameon=False, fontsize=8, labelcolor=GREY, loc="best")
    for panel in panels.flat[len(axes) :]:
        panel.set_visible(False)
    for row in panels:
        row[0].set_ylabel("pass rate (mean over tasks)")
    what = axis_name(axes[0]) if len(axes) == 1 else "each axis"
    title(figure, f"Pass rate against {what}, 95 % intervals", data, suite)
    return figure


def axis_panel(panel: Axes, data: pd.DataFrame, axis: str, baseline_cell_id: str, shown: Shown) -> None:
    """One axis, all else as in the recommended cell, or as in the baseline where that has more neighbours along it."""
    cells = axis_slice(data, axis, [shown.cell_id, baseline_cell_id])
    table = shown.beliefs.table(baseline_cell_id).loc[cells["cell_id"]]
    xs = [float(level) if axis in TO_SCALE else float(i) for i, level in enumerate(cells["level"])]
    light(panel)
    _tiers(panel, data, axis, xs, [shown.beliefs.cells.index(cell) for cell in cells["cell_id"]], shown)
    passed = floats(table["estimate"])
    arms = [passed - floats(table["est_low"]), floats(table["est_high"]) - passed]
    # A line between names that have no order would show a trend that is not there.
    line = "" if axis in NOMINAL else "-"
    panel.errorbar(xs, passed, arms, color=BLUE, marker="o", ms=6, capsize=3, lw=1.8, ls=line, zorder=3)
    ticks = []
    counts = data.dropna(subset=["passed"]).groupby("cell_id")["passed"].agg(["sum", "count"])
    for level, cell, x, rate in zip(cells["level"], cells["cell_id"], xs, passed, strict=True):
        passes, episodes = counts.loc[cell] if cell in counts.index else (0, 0)
        ticks.append(
            f"{level_name(level)}\n{int(passes)}/{int(episodes)}{' (base)' if cell == baseline_cell_id else ''}"
        )
        if cell == shown.cell_id:
            panel.plot(x, float(rate), "o", ms=11, mfc="none", mec="black", zorder=4)
    panel.set_xticks(xs, ticks, fontsize=9)
    panel.margins(x=0.18)
    unit = {"max_tokens": " (tokens)", "seconds_budget": " (s)", "context": " (tokens)"}.get(axis, "")
    panel.set_xlabel(f"{axis_name(axis)}{unit}")


def _tiers(
    panel: Axes, data: pd.DataFrame, axis: str, xs: list[float], columns: list[int], shown: Shown
) -> None:
    """A faint line for each of two to four tiers."""
    of_task = data.dropna(subset=["tier"]).groupby("task_id")["tier"].first()
    tiers = sorted({int(tier) for tier in of_task})
    if not 1 < len(tiers) <= 4 or axis in NOMINAL:
        return
    for tier, dashes in zip(tiers, ("-", "--", "-.", ":"), strict=False):
        rows = [i for i, task in enumerate(shown.beliefs.tasks) if of_task.get(task) == tier]
        passed = shown.beliefs.posterior.rates[np.ix_(rows, columns)].mean(axis=0)
        panel.plot(xs, passed, color=LIGHT, lw=1.3, ls=dashes, zorder=1, label=f"tier {tier}")
