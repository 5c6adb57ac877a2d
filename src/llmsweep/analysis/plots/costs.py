"""Tokens against pass rate: what a better cell costs."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from llmsweep.analysis.beliefs import Beliefs
from llmsweep.analysis.cells import cells_table
from llmsweep.analysis.frame import scored
from llmsweep.analysis.plots.canvas import (
    GREEN,
    GREY,
    LIGHT,
    NAMED,
    RED,
    floats,
    light,
    rates,
    root_figure,
    title,
)
from llmsweep.analysis.stats import mean_interval
from llmsweep.analysis.wording import plural

APART = 19
"""Pixels between the middles of a letter and of whatever else stands there."""


class _Dot(NamedTuple):
    """A named cell: where it stands in the figure, and what it is called in the key."""

    x: float
    y: float
    label: str
    role: str


def plot_costs(
    data: pd.DataFrame,
    baseline_cell_id: str,
    recommended: str,
    *,
    suite: str | None = None,
    beliefs: Beliefs | None = None,
) -> Figure:
    """Mean tokens an episode against pass rate, a dot a cell, with 95 % intervals, Pareto front and the recommended cell.

    Rates are those of the belief model, as in the table: what cells of a race passed themselves was of different tasks.
    Cells without reported tokens are left out, and the picture says how many.
    """
    figure = Figure(figsize=(9.2, 5.2), layout="constrained")
    panel: Axes = figure.subplots()
    table = cells_table(data, baseline_cell_id, beliefs)
    handles = tokens_panel(panel, data, table, baseline_cell_id, recommended)
    if handles:
        figure.legend(handles=handles, loc="outside right upper", frameon=False, fontsize=8.5)
    title(figure, f"Tokens against pass rate, 95 % intervals{left_out(table)}", data, suite)
    return figure


def left_out(table: pd.DataFrame) -> str:
    """How many cells are not in the picture, in brackets; empty for none."""
    missing = len(table) - len(_known(table))
    return f" ({plural(missing, 'cell')} without reported tokens left out)" if missing else ""


def tokens_panel(
    panel: Axes, data: pd.DataFrame, table: pd.DataFrame, baseline_cell_id: str, recommended: str
) -> list[Line2D]:
    """The dots of `plot_costs` with letters beside those that matter; what belongs into the key. ``table``: of `cells_table`."""
    table = table.set_index("cell_id", drop=False)
    table = table.assign(rate=table["estimate"], low=table["est_low"], high=table["est_high"])
    known = _known(table)
    light(panel)
    panel.set(xlabel="tokens an episode (mean, input and output)", ylabel="pass rate (mean over tasks)")
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    panel.xaxis.set_major_locator(MaxNLocator(6))
    if known.empty:
        panel.text(0.5, 0.5, "no tokens were reported", ha="center", transform=panel.transAxes)
        return []
    front = pareto(known)
    panel.step(known.loc[front, "tokens_mean"], known.loc[front, "rate"], where="post", color=GREEN, lw=2.2)
    dots = _dots(panel, data, known, front, (baseline_cell_id, recommended))
    rates(panel)
    return _key(panel, dots, known)


def _known(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["tokens_mean"].notna() & table["estimate"].notna()]


def pareto(table: pd.DataFrame) -> list[Any]:
    """The cells that no other beats in both rate and tokens, from the cheapest on."""
    ordered = table.sort_values(["tokens_mean", "rate"], ascending=[True, False], kind="stable")
    before = ordered["rate"].cummax().shift(fill_value=-1.0)
    return list(ordered.index[ordered["rate"] > before])


def _dots(
    panel: Axes, data: pd.DataFrame, table: pd.DataFrame, front: list[Any], special: tuple[str, str]
) -> list[_Dot]:
    """Draw every cell; those that get a name are returned, in the order of their tokens."""
    baseline, recommended = special
    looks: dict[str, dict[str, Any]] = {
        "recommended": {"marker": "*", "ms": 17, "color": RED},
        "baseline": {"marker": "s", "ms": 8, "color": "black"},
        "front": {"marker": "o", "ms": 7, "color": GREEN},
        "": {"marker": "o", "ms": 5, "color": GREY},
    }
    named = []
    for cell, row in table.sort_values("tokens_mean").iterrows():
        role = "front" if cell in front else ""
        role = "recommended" if cell == recommended else "baseline" if cell == baseline else role
        x, y = row["tokens_mean"], row["rate"]
        wide = _token_interval(data, str(cell), x)
        strong = bool(role) or len(table) <= NAMED
        panel.errorbar(
            x,
            y,
            yerr=[[y - row["low"]], [row["high"] - y]],
            xerr=wide,
            ecolor=looks[role]["color"] if strong else LIGHT,
            elinewidth=1.0 if strong else 0.7,
            alpha=0.45 if strong else 0.6,
            fmt="none",
            zorder=2,
        )
        panel.plot(x, y, ls="none", zorder=5 if role else 3, mec="white", mew=0.8, **looks[role])
        if strong:
            named.append(_Dot(x, y, str(row["label"]), role))
    return named


def _token_interval(data: pd.DataFrame, cell: str, mean: float) -> list[list[float]] | None:
    """Both arms of the 95 % interval of a cell's mean tokens, by its task means; None below two tasks."""
    rows = scored(data)
    rows = rows[(rows["cell_id"] == cell) & rows["tokens"].notna()]
    interval = mean_interval(floats(rows.groupby("task_id")["tokens"].mean()))
    if not math.isfinite(interval.low):
        return None
    return [[max(0.0, mean - interval.low)], [max(0.0, interval.high - mean)]]


def _key(panel: Axes, dots: list[_Dot], table: pd.DataFrame) -> list[Line2D]:
    """Letters beside the named dots, where there is room, and what they stand for on its own."""
    figure = root_figure(panel)
    figure.draw_without_rendering()
    place = panel.transData.transform
    taken = [place((x, y)) for x, y in zip(table["tokens_mean"], table["rate"], strict=True)]
    handles = []
    for letter, dot in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", dots, strict=False):
        here = place((dot.x, dot.y))
        ways = [
            (r * math.cos(a), r * math.sin(a))
            for r in (18, 28, 40, 55, 70)
            for a in np.radians([135, 45, 225, 315, 90, 270])
        ]
        room = [min(math.dist(here + way, other) for other in taken) for way in ways]
        chosen = next(
            (way for way, free in zip(ways, room, strict=True) if free > APART), ways[int(np.argmax(room))]
        )
        taken.append(here + chosen)
        points = 72 / figure.dpi
        panel.annotate(
            letter,
            (dot.x, dot.y),
            xytext=(chosen[0] * points, chosen[1] * points),
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=10,
            weight="bold",
            zorder=6,
        )
        role = (
            f"  ← {dot.role}" if dot.role in ("recommended", "baseline") and dot.role not in dot.label else ""
        )
        handles.append(
            Line2D(
                [],
                [],
                ls="none",
                marker=rf"$\mathbf{{{letter}}}$",
                color="black",
                ms=7,
                mew=0,
                label=f"{dot.label}{role}",
            )
        )
    handles.append(Line2D([], [], color=GREEN, lw=1.2, label="Pareto front"))
    handles.append(Line2D([], [], ls="none", marker="*", ms=13, color=RED, label="recommended"))
    if any(dot.role == "baseline" for dot in dots):
        handles.append(Line2D([], [], ls="none", marker="s", ms=7, color="black", label="baseline"))
    return handles
