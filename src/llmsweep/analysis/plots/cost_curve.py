"""Local against cloud: what a solved task, a task with people, and a month cost, naive and honest in one picture."""

from __future__ import annotations

import math
import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, MaxNLocator, NullLocator

from llmsweep.analysis.costs.scene import Scene
from llmsweep.analysis.costs.verdict import Verdict
from llmsweep.analysis.plots.canvas import BLUE, GREEN, GREY, RED, floats, light
from llmsweep.analysis.plots.cost_texts import Told, inches, paragraphs, verdict_lines, write
from llmsweep.analysis.stats import Floats

_COLOURS = {"local": BLUE, "cloud": RED}
WIDE, HEAD, PANELS, FOOT = 13.2, 1.85, 3.6, 0.62
"""Inches: of the picture, of what stands above the panels, of these, and of what belongs to their lower axis."""


def plot_cost_curve(table: pd.DataFrame, scene: Scene, found: Verdict, told: Told) -> Figure:
    """``table``: of `curve_table`; the verdict and what it rests on stand below the panels.

    The band is local's, against the cloud's line: where it holds the line, the two cannot be told apart.
    """
    texts = (paragraphs(verdict_lines(found), 100), paragraphs(["What it rests on", *told.rests], 108))
    below = max(2.0, *(inches(text) for text in texts)) + 0.15
    high = HEAD + PANELS + FOOT + below
    figure = Figure(figsize=(WIDE, high))
    above = figure.add_gridspec(
        1, 3, left=0.066, right=0.985, top=1 - HEAD / high, bottom=(below + FOOT) / high, wspace=0.22
    )
    panels = [figure.add_subplot(above[0, column]) for column in range(3)]
    _per_solved(panels[0], table)
    _full(panels[1], table, _least(found))
    _month(panels[2], table)
    for panel in panels:
        _along(panel, table, scene, found)
    if found.break_even.value <= found.capacity.value:
        # With people, so not where the machine and tokens alone cross.
        for panel in panels[1:]:
            panel.axvline(found.break_even.value, color=GREEN, lw=1.6, zorder=2)
    for text, x in zip(texts, (0.012, 0.505), strict=True):
        write(figure, text, (x, below / high))
    _head(figure, told, found)
    return figure


def _per_solved(panel: Axes, table: pd.DataFrame) -> None:
    for side, colour in _COLOURS.items():
        _line(panel, table, f"{side}_naive", colour, "--")
        _line(panel, table, f"{side}_solved", colour)
    cloud = floats(table["cloud_solved"])
    cloud = np.where(np.isfinite(cloud), cloud, np.nan)
    _band(panel, table, cloud * floats(table["ratio_low"]), cloud * floats(table["ratio_high"]))
    _dollars(panel, logarithmic=True)
    _title(panel, "a solved task: machine or tokens alone")
    nothing = [side for side in _COLOURS if np.isinf(floats(table[f"{side}_solved"])).any()]
    if nothing:
        note = f"{' and '.join(nothing)}: nothing passed, so no line"
        panel.text(0.03, 0.03, note, transform=panel.transAxes, fontsize=9, color=GREY)


def _least(found: Verdict) -> float:
    """The fewest tasks a month that the scale of dollars is made for."""
    asked = [found.asked / 2] if found.asked else []
    return min([found.capacity.value / 10, found.break_even.value / 2, *asked])


def full_panel(panel: Axes, table: pd.DataFrame, scene: Scene, found: Verdict) -> None:
    """What a task costs until it is done, with people, on both sides; the band is local's against the cloud's line."""
    _full(panel, table, _least(found))
    _along(panel, table, scene, found)
    if found.break_even.value <= found.capacity.value:
        panel.axvline(found.break_even.value, color=GREEN, lw=1.6, zorder=2)


def _full(panel: Axes, table: pd.DataFrame, least: float) -> None:
    """``least``: the fewest tasks a month that the scale of dollars is made for."""
    for side, colour in _COLOURS.items():
        _line(panel, table, f"{side}_full", colour)
    cloud = floats(table["cloud_full"])
    low, high = cloud - floats(table["saved_high"]), cloud - floats(table["saved_low"])
    _band(panel, table, low, high)
    # Where the machine is almost idle its line leaves the picture: what happens near the cloud's is what matters.
    near = table["tasks_month"].to_numpy() >= least
    ends = np.concatenate([part[near] for part in (cloud, low, high, floats(table["local_full"]))])
    ends = ends[np.isfinite(ends)]
    bottom, top = float(ends.min()), float(ends.max())
    room = 0.15 * (top - bottom) or 0.5 * top or 1.0
    panel.set_ylim(max(0.0, bottom - room), top + room)
    _dollars(panel, logarithmic=False)
    _title(panel, "a task done, with people: review, fix, damage")


def _month(panel: Axes, table: pd.DataFrame) -> None:
    for side, colour in _COLOURS.items():
        _line(panel, table, f"{side}_month_naive", colour, "--")
        _line(panel, table, f"{side}_month_full", colour)
    _dollars(panel, logarithmic=True)
    _title(panel, "a month: naive, and with people")


def _title(panel: Axes, text: str) -> None:
    panel.set_title(text, fontsize=10.5, loc="left", pad=40)


def _line(panel: Axes, table: pd.DataFrame, name: str, colour: str, dashes: str = "-") -> None:
    values = floats(table[name])
    shown = np.isfinite(values) & (values > 0)
    if shown.any():
        wide = 1.5 if dashes == "--" else 2.2
        panel.plot(table["tasks_month"][shown], values[shown], color=colour, ls=dashes, lw=wide, zorder=4)


def _band(panel: Axes, table: pd.DataFrame, low: Floats, high: Floats) -> None:
    shown = np.isfinite(low) & ~np.isnan(high)
    # An end without bound goes out of the picture.
    top = np.where(np.isfinite(high), high, 1e3 * np.abs(low) + 1e6)
    panel.fill_between(
        table["tasks_month"][shown], low[shown], top[shown], color=BLUE, alpha=0.16, lw=0, zorder=1
    )


def _dollars(panel: Axes, *, logarithmic: bool) -> None:
    light(panel)
    if logarithmic and panel.lines:
        panel.set_yscale("log")
        low, high = _ends(panel)
        panel.set_ylim(low / 1.6, high * 1.6)
        panel.yaxis.set_major_locator(LogLocator(numticks=7))
        panel.yaxis.set_minor_locator(NullLocator())
    else:
        panel.yaxis.set_major_locator(MaxNLocator(6))
    panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _money(value)))


def _ends(panel: Axes) -> tuple[float, float]:
    """Of the lines alone: a band without bound must not squeeze them."""
    values = np.concatenate([np.asarray(line.get_ydata(), dtype=np.float64) for line in panel.lines])
    return float(values.min()), float(values.max())


def _money(value: float) -> str:
    """Escaped: two dollars in one text would be taken for mathematics."""
    if value >= 1e6:
        return rf"\${value / 1e6:g}M"
    if value >= 1e4:
        return rf"\${value / 1e3:g}k"
    plain = f"{value:,.0f}" if value >= 10 else f"{value:.7f}".rstrip("0").rstrip(".")
    return rf"\${plain}"


def _along(panel: Axes, table: pd.DataFrame, scene: Scene, found: Verdict) -> None:
    """The scale of volumes below, of utilisation above; the ceiling, the break-even, the user's own point."""
    least, most = float(table["tasks_month"].min()), float(table["tasks_month"].max())
    panel.set_xscale("log")
    panel.set_xlim(least, most)
    panel.set_xlabel("tasks a month")
    panel.xaxis.set_major_locator(LogLocator(numticks=7))
    panel.xaxis.set_minor_locator(NullLocator())
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _count(value)))
    capacity = found.capacity.value
    if math.isfinite(capacity):
        _utilisation(panel, scene, capacity)
        panel.axvspan(capacity, most, color="#EEEEEE", zorder=0)
        panel.axvline(capacity, color=GREY, lw=1.2, zorder=2)
    if found.asked is not None:
        panel.axvline(found.asked, color="black", lw=1.2, ls=":", zorder=2)
        row = table.iloc[(table["tasks_month"] - found.asked).abs().argmin()]
        for line in panel.lines:
            xs, ys = (
                np.asarray(line.get_xdata(), dtype=np.float64),
                np.asarray(line.get_ydata(), dtype=np.float64),
            )
            if len(xs) > 2 and xs.min() <= row["tasks_month"] <= xs.max():
                y = float(np.interp(row["tasks_month"], xs, ys))
                panel.plot(row["tasks_month"], y, "o", ms=6, color=line.get_color(), mec="white", zorder=6)


def _utilisation(panel: Axes, scene: Scene, capacity: float) -> None:
    """A scale of the share of the machine's time, on top."""
    top = panel.twiny()
    top.set_xscale("log")
    top.set_xlim(panel.get_xlim())
    marks = {
        share: scene.machine.attempts(share, float(scene.local.seconds[0]))
        for share in (1e-5, 1e-4, 1e-3, 0.01, 0.1, 1.0)
    }
    low, high = panel.get_xlim()
    shown = {share: at for share, at in marks.items() if low <= at <= high}
    top.xaxis.set_major_locator(FixedLocator(list(shown.values())))
    top.xaxis.set_minor_locator(NullLocator())
    top.set_xticklabels([f"{100 * share:g} %" for share in shown], fontsize=8, color=GREY)
    top.tick_params(axis="x", color=GREY, length=3)
    top.spines[["right", "top", "left", "bottom"]].set_visible(False)
    panel.annotate(
        "share of the machine's time",
        (0.0, 1.0),
        xytext=(0, 22),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=8,
        color=GREY,
    )


def _count(value: float) -> str:
    if value >= 1e6:
        return f"{value / 1e6:g}M"
    return f"{value / 1e3:g}k" if value >= 1e4 else f"{value:,g}"


def _head(figure: Figure, told: Told, found: Verdict) -> None:
    high = float(figure.get_figheight())
    figure.text(
        0.012, 1 - 0.13 / high, "Local or cloud: what a task costs", fontsize=13, va="top", weight="bold"
    )
    figure.text(0.012, 1 - 0.41 / high, told.about, fontsize=10, va="top", parse_math=False)
    if told.assumed:
        figure.text(
            0.988,
            1 - 0.13 / high,
            textwrap.fill(f"Assumed, not measured: {told.assumed}", 80),
            color=RED,
            fontsize=9,
            weight="bold",
            va="top",
            ha="right",
            parse_math=False,
        )
    handles = key(found)
    figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(0.006, 1 - 0.57 / high),
        ncols=len(handles),
        frameon=False,
        fontsize=8.6,
        columnspacing=1.3,
        handlelength=1.8,
    )


def key(found: Verdict) -> list[Line2D | Patch]:
    """What the lines mean."""
    handles: list[Line2D | Patch] = [
        Line2D([], [], color=BLUE, lw=2.2, label="local"),
        Line2D([], [], color=RED, lw=2.2, label="cloud"),
        Line2D([], [], color="black", lw=2.2, label="honest: failures count"),
        Line2D([], [], color="black", lw=1.5, ls="--", label="naive: every attempt counts as solved"),
        Patch(color=BLUE, alpha=0.2, lw=0, label="local against cloud, paired, 95 %"),
        Line2D([], [], color=GREY, lw=1.2, label="one machine is full"),
    ]
    if found.break_even.value <= found.capacity.value:
        handles.append(Line2D([], [], color=GREEN, lw=1.6, label="break-even"))
    if found.asked is not None:
        handles.append(Line2D([], [], color="black", lw=1.2, ls=":", label="your tasks"))
    return handles
