"""The tornado: what local saves a task as each uncertain input goes from one end of its range to the other."""

from __future__ import annotations

from collections.abc import Callable

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from llmsweep.analysis.costs.tornado import Bar, Tornado
from llmsweep.analysis.costs.verdict import count, dollars
from llmsweep.analysis.plots.canvas import BLUE, GREY, RED, light
from llmsweep.analysis.wording import amount, percent

_MOST = 14
_LEAST = 0.002
"""Bars below this share of the widest one would not be seen."""
_NAMES = {
    "years": "years of use",
    "residual": "share it sells for",
    "finance": "interest a year",
    "kwh_dollars": "electricity, a kWh",
    "pue": "PUE",
    "idle_watts": "watts idle",
    "watts": "watts busy",
    "upkeep_hours": "upkeep, hours a month",
    "wage_hour": "wage, an hour",
    "dollars_hour": "rent, an hour",
    "price": "price of the machine",
    "review": "review of a result",
    "fix": "fix of a failed task",
    "damage": "damage of a wrong result",
    "verifier": "a check",
    "accept_right": "right results accepted",
    "accept_wrong": "wrong results accepted",
    "local_solved": "local pass rate",
    "cloud_solved": "cloud pass rate",
    "cloud_dollars": "a cloud attempt",
    "seconds": "seconds of an attempt",
    "tasks": "tasks a month",
}
_MONEY = (
    "kwh_dollars",
    "wage_hour",
    "dollars_hour",
    "price",
    "review",
    "fix",
    "damage",
    "verifier",
    "cloud_dollars",
)
_SHARES = ("residual", "finance", "accept_right", "accept_wrong", "local_solved", "cloud_solved")


def plot_tornado(found: Tornado, about: str) -> Figure:
    """A bar an input, the widest on top, with its ends and, beside them, P(local cheaper) at each."""
    widest = max((_width(bar) for bar in found.bars), default=0.0)
    bars = [bar for bar in found.bars[:_MOST] if _width(bar) >= _LEAST * widest]
    figure = Figure(figsize=(10.6, 1.9 + 0.42 * len(bars)), layout="constrained")
    panel: Axes = figure.subplots()
    light(panel, along="x")
    for row, bar in enumerate(bars):
        _bar(panel, bar, -row)
    panel.axvline(0, color="black", lw=1.2, zorder=3)
    panel.axvline(found.saved, color=GREY, lw=1.2, ls="--", zorder=2)
    panel.set_yticks(
        [-row for row in range(len(bars))], [_name(bar).replace("$", r"\$") for bar in bars], fontsize=9
    )
    panel.set_ylim(-len(bars) + 0.4, 0.7)
    ends = [0.0, found.saved, *(end for bar in bars for end in bar.saved)]
    room = 0.2 * (max(ends) - min(ends)) or 1.0
    panel.set_xlim(min(ends) - room, max(ends) + room)
    panel.set_xlabel("dollars that a task saves when done locally; left of 0 the cloud is cheaper")
    panel.xaxis.set_major_locator(MaxNLocator(7))
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value)))
    panel.legend(
        handles=[
            Patch(color=RED, alpha=0.75, lw=0, label="turns the answer within its range"),
            Patch(color=BLUE, alpha=0.75, lw=0, label="does not"),
            Line2D([], [], color=GREY, lw=1.2, ls="--", label="today"),
        ],
        framealpha=1.0,
        edgecolor="none",
        fontsize=8,
        loc="lower right" if found.saved < 0 else "lower left",
    )
    figure.suptitle(
        f"What the answer hangs on, at {count(found.tasks)} tasks a month: each input alone over its range\n"
        f"{about}\nP(local cheaper): {percent(found.likely)} by the recorded episodes alone,"
        f" {percent(found.likely_all)} with every input in doubt. Beside each end: its value, and that probability there.",
        fontsize=10,
        x=0.01,
        ha="left",
    )
    return figure


def _bar(panel: Axes, bar: Bar, y: float) -> None:
    low, high = bar.saved
    panel.barh(y, low - high, left=high, height=0.55, color=_colour(bar), alpha=0.75, zorder=1)
    ends = sorted(((low, bar.low, bar.likely[0]), (high, bar.high, bar.likely[1])), key=lambda end: end[0])
    for (x, value, likely), side in zip(ends, ("right", "left"), strict=True):
        panel.annotate(
            f"{_value(bar.name, value)} ({percent(likely)})",
            (x, y),
            xytext=(-4 if side == "right" else 4, 0),
            textcoords="offset points",
            ha=side,
            va="center",
            fontsize=8,
            bbox={"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none"},
            zorder=4,
            parse_math=False,
        )


def _width(bar: Bar) -> float:
    return abs(bar.saved[1] - bar.saved[0])


def _tick(value: float) -> str:
    """Escaped: two dollars in one text would be taken for mathematics."""
    return rf"{'−' if value < 0 else ''}\${abs(value):,g}"


def _colour(bar: Bar) -> str:
    """By whether the bar crosses 0: those inputs decide."""
    return RED if min(bar.saved) < 0 < max(bar.saved) else BLUE


def _name(bar: Bar) -> str:
    return f"{_NAMES[bar.name]} ({_value(bar.name, bar.today)})"


def _value(name: str, value: float) -> str:
    kind: Callable[[float], str] = dollars if name in _MONEY else amount
    return f"{100 * value:.0f} %" if name in _SHARES else kind(value)
