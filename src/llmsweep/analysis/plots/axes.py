"""Pass rate against the axes: what a change of each setting does."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from llmsweep.analysis.cells import axis_effects
from llmsweep.analysis.frame import varied
from llmsweep.analysis.plots.canvas import BLUE, GREY, LIGHT, floats, light, rates, title
from llmsweep.analysis.wording import axis_name, level_name

TO_SCALE = {"temperature", "top_p"}
"""Axes whose levels stand at their value; the others stand side by side, in order."""
NOMINAL = {"protocol", "prompt"}
"""Axes whose levels have no order."""
NOWHERE = object()
"""The baseline's level where it did not run: no level at all, not even none."""


def plot_axes(data: pd.DataFrame, baseline_cell_id: str, *, suite: str | None = None) -> Figure:
    """Pass rate against every varied axis, one panel each, with 95 % intervals and the tiers as faint lines."""
    axes = varied(data) or ["temperature"]
    columns = 2 if len(axes) == 4 else min(3, len(axes))
    rows = math.ceil(len(axes) / columns)
    figure = Figure(figsize=(max(6.4, 4.0 * columns), 0.9 + 3.3 * rows), layout="constrained")
    panels = figure.subplots(rows, columns, sharey=True, squeeze=False)
    base = data[data["cell_id"] == baseline_cell_id]
    for panel, axis in zip(panels.flat, axes, strict=False):
        _axis_panel(panel, data, axis, NOWHERE if base.empty else base[axis].iloc[0])
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


def _axis_panel(panel: Axes, data: pd.DataFrame, axis: str, base: Any) -> None:
    effects = axis_effects(data, axis)
    places = {
        level: float(level) if axis in TO_SCALE else float(i) for i, level in enumerate(effects["level"])
    }
    light(panel)
    _tiers(panel, data, axis, places)
    passed, xs = floats(effects["rate"]), list(places.values())
    arms = [passed - floats(effects["low"]), floats(effects["high"]) - passed]
    # A line between names that have no order would show a trend that is not there.
    line = "" if axis in NOMINAL else "-"
    panel.errorbar(xs, passed, arms, color=BLUE, marker="o", ms=6, capsize=3, lw=1.8, ls=line, zorder=3)
    ticks = []
    for (level, x), rate, episodes in zip(places.items(), passed, effects["episodes"], strict=True):
        is_base = bool(pd.isna(level) if pd.isna(base) else pd.notna(level) and level == base)
        ticks.append(f"{level_name(level)}\nn {episodes}{' (base)' if is_base else ''}")
        if is_base:
            panel.plot(x, float(rate), "o", ms=11, mfc="none", mec="black", zorder=4)
    panel.set_xticks(xs, ticks, fontsize=9)
    panel.margins(x=0.18)
    unit = {"max_tokens": " (tokens)", "seconds_budget": " (s)", "context": " (tokens)"}.get(axis, "")
    panel.set_xlabel(f"{axis_name(axis)}{unit}")


def _tiers(panel: Axes, data: pd.DataFrame, axis: str, places: dict[Any, float]) -> None:
    """A faint line for each of two to four tiers."""
    tiers = sorted(int(tier) for tier in data["tier"].dropna().unique())
    if not 1 < len(tiers) <= 4 or axis in NOMINAL:
        return
    for tier, dashes in zip(tiers, ("-", "--", "-.", ":"), strict=False):
        effects = axis_effects(data[data["tier"] == tier], axis)
        if list(effects["level"]) == list(places):
            xs = list(places.values())
            panel.plot(xs, effects["rate"], color=LIGHT, lw=1.3, ls=dashes, zorder=1, label=f"tier {tier}")
