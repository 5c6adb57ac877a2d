"""Time to first token: where it lies, how far it scatters, and what a cold model costs."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator

from llmsweep.analysis.cells import labels
from llmsweep.analysis.frame import scored, varied
from llmsweep.analysis.plots.canvas import BLUE, GREY, NAMED, RED, floats, light, title
from llmsweep.analysis.wording import axis_name, level_name

LOG_FROM = 20.0
"""Ratio of the longest to the shortest time from which a linear scale hides the short ones."""


def plot_ttft(data: pd.DataFrame, baseline_cell_id: str, *, suite: str | None = None) -> Figure:
    """Time to the first token of each episode, a row a cell, or a row a level of every axis where cells are many."""
    groups = ttft_groups(data, baseline_cell_id)
    figure = Figure(figsize=(8.4, 1.9 + 0.42 * len(groups)), layout="constrained")
    panel: Axes = figure.subplots()
    ttft_panel(panel, groups)
    figure.legend(handles=ttft_key(), loc="outside lower center", ncols=4, frameon=False, fontsize=8.5)
    title(figure, "Time to first token, first turn of each episode on a warm model", data, suite)
    return figure


def ttft_panel(panel: Axes, groups: list[tuple[str, pd.DataFrame]]) -> None:
    """A row a group of `ttft_groups`."""
    light(panel, along="x")
    random = np.random.default_rng(0)
    every = [floats(rows[name]) for _, rows in groups for name in ("ttft_s", "ttft_cold_s")]
    known = np.concatenate([*(values[~np.isnan(values)] for values in every), np.empty(0)])
    log = len(known) > 0 and known.min() > 0 and known.max() / known.min() > LOG_FROM
    for y, (_, rows) in enumerate(groups):
        _times(panel, y, rows, random)
        warm = floats(rows["ttft_s"])
        missing = int(np.isnan(warm).sum())
        text = f"n {len(warm) - missing}" + (f", NA {missing}" if missing else "")
        panel.annotate(
            text, (1.01, y), xycoords=("axes fraction", "data"), va="center", fontsize=8, color=GREY
        )
    panel.set_yticks(range(len(groups)), [name for name, _ in groups])
    panel.set_ylim(len(groups) - 0.5, -0.5)
    if log:
        panel.set_xscale("log")
        panel.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        panel.xaxis.set_minor_formatter(FuncFormatter(lambda *_: ""))
    elif len(known):
        panel.set_xlim(left=0)
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    panel.set_xlabel(f"time to first token, s{' (log scale)' if log else ''}")


def ttft_groups(data: pd.DataFrame, baseline_cell_id: str) -> list[tuple[str, pd.DataFrame]]:
    """The scored episodes of each cell, or of each level of every axis where cells are many, with its name."""
    data = scored(data)
    names = labels(data, baseline_cell_id)
    if len(names) <= NAMED:
        order = _order(data, baseline_cell_id)
        return [(str(names[cell]), data[data["cell_id"] == cell]) for cell in order]
    return [
        (f"{axis_name(axis)} {level_name(level)}", rows)
        for axis in varied(data)
        for level, rows in data.groupby(axis, dropna=False, sort=True)
    ]


def _order(data: pd.DataFrame, baseline_cell_id: str) -> list[str]:
    """Cells as the table orders them: the baseline first, then by the axes' levels."""
    cells = data.drop_duplicates("cell_id").set_index("cell_id")
    rest = cells.sort_values(varied(data) or ["temperature"], kind="stable").index
    return sorted(map(str, rest), key=lambda cell: cell != baseline_cell_id)


def _times(panel: Axes, y: int, rows: pd.DataFrame, random: np.random.Generator) -> None:
    """One row: each warm episode a dot, each cold one a diamond, a bar at the median and a tick at p95."""
    warm, cold = floats(rows["ttft_s"]), floats(rows["ttft_cold_s"])
    warm, cold = warm[~np.isnan(warm)], cold[~np.isnan(cold)]
    if len(warm):
        jitter = random.uniform(-0.24, 0.24, len(warm))
        panel.plot(
            warm,
            y + jitter,
            "o",
            ms=3.5,
            color=BLUE,
            alpha=0.35 if len(warm) < 200 else 0.18,
            mec="none",
            zorder=2,
        )
        panel.vlines(np.quantile(warm, 0.5), y - 0.34, y + 0.34, color="black", lw=2.4, zorder=4)
        panel.vlines(np.quantile(warm, 0.95), y - 0.22, y + 0.22, color="black", lw=1.2, zorder=4)
    if len(cold):
        panel.plot(cold, np.full(len(cold), float(y)), "D", ms=6, mfc="none", mec=RED, mew=1.5, zorder=5)


def ttft_key() -> list[Line2D]:
    """What the marks mean."""
    return [
        Line2D([], [], ls="none", marker="o", ms=5, color=BLUE, alpha=0.5, mec="none", label="episode, warm"),
        Line2D([], [], ls="none", marker="|", ms=12, mew=2.4, color="black", label="median"),
        Line2D([], [], ls="none", marker="|", ms=8, mew=1.2, color="black", label="p95"),
        Line2D(
            [], [], ls="none", marker="D", ms=6, mfc="none", mec=RED, label="cold (model was loaded for it)"
        ),
    ]
