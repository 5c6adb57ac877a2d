"""Pass rate against budgets, read off episodes that ran under the largest one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator, PercentFormatter

from llmsweep.analysis.budgets import CellBudgets, Curve
from llmsweep.analysis.plots.canvas import BLUE, GREEN, GREY, LIGHT, RED, light
from llmsweep.analysis.wording import plural

MOST_CELLS = 4
TITLES = {
    "turns": "turns",
    "tokens": "tokens, input and output",
    "seconds": "seconds of completions and actions",
}


def plot_budgets(found: Mapping[str, CellBudgets], about: str) -> Figure:
    """A row a cell (label -> its curves; the first four), a panel a kind: passing at with its 95 % interval, passed by,
    and the smallest budget that cannot be told from the largest; then the lower bounds for max_tokens. ``about``: model and suite.
    """
    shown = dict(list(found.items())[:MOST_CELLS])
    kinds = [kind for kind in TITLES if any(kind in cell.curves for cell in shown.values())]
    figure = Figure(figsize=(1.2 + 3.4 * (len(kinds) + 1), 1.0 + 3.2 * len(shown)), layout="constrained")
    panels = figure.subplots(len(shown), len(kinds) + 1, sharey=True, squeeze=False)
    for row, (label, cell) in zip(panels, shown.items(), strict=True):
        for panel, kind in zip(row, kinds, strict=False):
            light(panel)
            if kind in cell.curves:
                curve_panel(panel, cell.curves[kind])
            else:
                panel.text(0.5, 0.5, "no curve", ha="center", color=GREY, transform=panel.transAxes)
            panel.set_xlabel(TITLES[kind])
        _bounds(row[-1], cell)
        row[0].set_ylabel(f"{label}\npass rate (mean over tasks)")
    scale(panels.flat, shown.values())
    panels.flat[0].legend(frameon=False, fontsize=8, loc="best")
    first = next(iter(shown.values()))
    figure.suptitle(
        "Pass rate against budgets, by cutting episodes short, 95 % intervals\n"
        f"{about}: {plural(first.episodes, 'episode')} of the first cell, {plural(first.tasks, 'task')}",
        fontsize=11,
        x=0.01,
        ha="left",
    )
    return figure


def curve_panel(panel: Axes, curve: Curve) -> None:
    """Passing at with its 95 % interval, passed by, and the smallest that is enough."""
    xs = [point.budget for point in curve.points]
    at = [point.at for point in curve.points]
    panel.fill_between(xs, [r.low for r in at], [r.high for r in at], color=BLUE, alpha=0.15, lw=0, zorder=1)
    panel.plot(
        xs,
        [point.by.value for point in curve.points],
        color=GREEN,
        lw=1.4,
        ls="--",
        zorder=2,
        label="passed by",
    )
    panel.plot(xs, [r.value for r in at], color=BLUE, lw=1.9, marker="o", ms=4, zorder=3, label="passing at")
    enough = curve.enough
    panel.plot(
        enough.budget,
        enough.at.value,
        "o",
        ms=11,
        mfc="none",
        mec=RED,
        mew=1.6,
        ls="none",
        zorder=4,
        label="enough",
    )
    if curve.kind == "turns":
        panel.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
        if len(xs) == 1:
            panel.set_xlim(0, 2)
    else:
        _logarithmic(panel, xs)


def _bounds(panel: Axes, cell: CellBudgets) -> None:
    light(panel)
    panel.set_xlabel("max_tokens (lower bound)")
    if not cell.bounds:
        return
    xs = [float(bound.max_tokens) for bound in cell.bounds]
    rates = [bound.rate for bound in cell.bounds]
    panel.fill_between(xs, [r.low for r in rates], [1.0] * len(xs), color=LIGHT, alpha=0.25, lw=0, zorder=1)
    panel.plot(xs, [r.value for r in rates], color=GREY, lw=1.6, marker="^", ms=5, zorder=3, label="at least")
    panel.legend(frameon=False, fontsize=8, loc="best")
    _logarithmic(panel, xs)


def _logarithmic(panel: Axes, xs: list[float]) -> None:
    """A scale of ratios with few, plain numbers."""
    panel.set_xscale("log")
    step = max(1, -(-len(xs) // 5))
    panel.xaxis.set_major_locator(FixedLocator(xs[::-1][::step][::-1]))
    panel.xaxis.set_minor_locator(NullLocator())
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _short(value)))


def _short(value: float) -> str:
    return f"{value / 1000:g}k" if value >= 10_000 else f"{value:,.0f}" if value >= 10 else f"{value:g}"


def scale(panels: Any, cells: Iterable[CellBudgets]) -> None:
    """From 0 to 25, 50 or 100 %, whatever holds all curves with their intervals."""
    high = 0.0
    for cell in cells:
        points = [point for curve in cell.curves.values() for point in curve.points]
        high = max(
            [high, *(max(p.at.high, p.by.value) for p in points), *(b.rate.value for b in cell.bounds)]
        )
    top = next((end for end in (0.25, 0.5) if high <= end), 1.0)
    for panel in panels:
        panel.set_ylim(-0.04 * top, 1.04 * top)
        panel.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
