"""Cost against tasks solved: two models, the cascades of them, what random mixes give, and what independence would claim."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from llmsweep.analysis.cascades import Line, Study
from llmsweep.analysis.cascades.front import hull
from llmsweep.analysis.costs.scene import Figure as Figures
from llmsweep.analysis.costs.verdict import dollars
from llmsweep.analysis.plots.canvas import BLUE, GREEN, GREY, RED, light
from llmsweep.analysis.wording import percent, plural

_LOOKS = {"local": ("o", BLUE), "cascade": ("D", GREEN), "frontier": ("s", "black")}
_SIZE = 13


def plot_cascades(found: Study, about: str, unit: str = "dollars", assume: str | None = None) -> Figure:
    """Every plan a dot with its 95 % intervals, the number of local tries in it; the front of all plans and their random
    mixes; the mixes of the single models, which a cascade must beat; hollow: what independence would have claimed.
    ``about``: the two models; ``assume``: what was assumed and not measured.
    """
    figure = Figure(figsize=(9.6, 5.6), layout="constrained")
    panel: Axes = figure.subplots()
    light(panel)
    _lines(panel, found)
    for line in found.lines:
        _dot(panel, line)
    _scale(panel, found, unit)
    figure.legend(
        handles=list(_legend(found)), loc="outside lower center", ncols=3, frameon=False, fontsize=8.5
    )
    assumed = f"\nassumed, not measured: {assume}" if assume else ""
    figure.suptitle(f"{_title(found)}\n{about}: {_on(found)}{assumed}", fontsize=11, x=0.01, ha="left")
    return figure


def _title(found: Study) -> str:
    s, a = found.asked.terms().accept
    return f"Cost and tasks solved, 95 % intervals; the verifier accepts {percent(s)} of right and {percent(a)} of wrong tries"


def _on(found: Study) -> str:
    pair = found.pair
    return (
        f"{plural(len(pair.tasks), 'task')}, {int(pair.local.attempts.sum())} local and"
        f" {plural(int(pair.frontier.attempts.sum()), 'frontier attempt')}"
    )


def _lines(panel: Axes, found: Study) -> None:
    for name in ("local", "cascade"):
        mine = [line for line in found.lines if line.plan.name == name]
        panel.plot(*_places(mine), color=_LOOKS[name][1], lw=0.9, zorder=2)
    single = [line for line in found.lines if line.plan.name != "cascade"]
    panel.plot(*_places(_corners(single)), color=GREY, ls="--", lw=1.3, zorder=1)
    panel.plot(
        *_places(_corners(found.lines)), color=GREEN, lw=5, alpha=0.28, zorder=1, solid_capstyle="round"
    )


def _places(lines: Sequence[Line]) -> tuple[list[float], list[float]]:
    return [line.cost.value for line in lines], [line.solved.value for line in lines]


def _corners(lines: Sequence[Line]) -> list[Line]:
    cost, solved = (np.array(values, dtype=np.float64) for values in _places(lines))
    return [lines[i] for i in hull(cost, solved)]


def _dot(panel: Axes, line: Line) -> None:
    marker, color = _LOOKS[line.plan.name]
    x, y = line.cost.value, line.solved.value
    panel.errorbar(
        x,
        y,
        xerr=_arms(line.cost),
        yerr=_arms(line.solved),
        ecolor=color,
        elinewidth=1.0,
        alpha=0.35,
        fmt="none",
        zorder=2,
    )
    size = _SIZE - (2 if marker == "D" else 0)
    panel.plot(x, y, marker, ms=size, color=color, mec="white", mew=0.9, zorder=6)
    letter = "F" if line.plan.name == "frontier" else str(line.plan.k)
    panel.text(
        x, y, letter, color="white", ha="center", va="center_baseline", fontsize=8, weight="bold", zorder=7
    )
    claim = line.claim
    if max(abs(claim.solved - y), abs(claim.cost - x) / max(x, 1e-12)) > 0.002:
        panel.plot([x, claim.cost], [y, claim.solved], color=RED, lw=1.0, ls=":", zorder=4)
        panel.plot(claim.cost, claim.solved, marker, ms=size - 4, mfc="white", mec=RED, mew=1.4, zorder=5)


def _arms(one: Figures) -> list[list[float]] | None:
    if not (math.isfinite(one.low) and math.isfinite(one.high)):
        return None
    return [[max(0.0, one.value - one.low)], [max(0.0, one.high - one.value)]]


def _scale(panel: Axes, found: Study, unit: str) -> None:
    ends = [
        value
        for line in found.lines
        for value in (line.solved.low, line.solved.high, line.solved.value, line.claim.solved)
        if math.isfinite(value)
    ]
    low, high = math.floor(10 * min(ends)) / 10, math.ceil(10 * max(ends)) / 10
    panel.set_ylim(max(-0.02, low), min(1.02, high))
    panel.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    panel.set_xlim(left=0)
    panel.xaxis.set_major_locator(MaxNLocator(6))
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value, unit)))
    panel.set(xlabel=f"{unit} a task, without people", ylabel="solved (mean over tasks)")


def _tick(value: float, unit: str) -> str:
    """Plain and short."""
    if unit == "dollars":
        return dollars(value) if 0 < value < 0.001 else f"${value:g}"
    return f"{value:,.0f}" if value >= 1000 else f"{value:g}"


def _legend(found: Study) -> Iterator[Line2D]:
    most = max(line.plan.k for line in found.lines)
    counts = "1 try" if most == 1 else f"1 to {most} tries"
    names = {
        "local": f"local alone, {counts}",
        "cascade": f"cascade: {counts}, then frontier",
        "frontier": "frontier alone",
    }
    for name, text in names.items():
        marker, color = _LOOKS[name]
        yield Line2D([], [], ls="none", marker=marker, ms=9, color=color, mec="white", label=text)
    yield Line2D([], [], color=GREEN, lw=5, alpha=0.28, label="front: no plan or mix is better")
    yield Line2D([], [], color=GREY, ls="--", lw=1.3, label="random mixes of single models")
    yield Line2D(
        [],
        [],
        ls=":",
        color=RED,
        marker="D",
        ms=7,
        mfc="white",
        mec=RED,
        label="what independence would claim",
    )
