"""Pictures for notebooks: each takes a loaded sweep, draws on ``ax`` (None: on a figure of its own) and returns the Axes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from llmsweep.errors import UsageError, nearest

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from llmsweep.api.comparing import Comparison
    from llmsweep.api.money import LocalOrCloud
    from llmsweep.api.recorded import Sweep

__all__ = [
    "budgets",
    "ceilings",
    "cells",
    "cost_curve",
    "differences",
    "pass_rate",
    "tasks",
    "tokens",
    "ttft",
]


def pass_rate(sweep: Sweep, axis: str | None = None, *, ax: Axes | None = None) -> Axes:
    """Pass rate against one axis (None: the first that was swept), 95 % intervals, all else as in the recommended cell.

    Raises UsageError for an axis that was not swept.
    """
    from llmsweep.analysis.frame import varied
    from llmsweep.analysis.plots.axes import Shown, axis_panel
    from llmsweep.analysis.plots.canvas import rates
    from llmsweep.analysis.wording import axis_name

    swept = {axis_name(name): name for name in varied(sweep.episodes)}
    if axis is not None and axis not in swept:
        raise UsageError(f"axis {axis!r} was not swept; {nearest(axis, swept)}")
    word = axis or next(iter(swept), "temperature")
    panel = ax or _panel(6.4, 4.2)
    shown = Shown(sweep.beliefs, sweep.recommendation.cell_id)
    data = sweep.episodes[sweep.episodes["cell_id"].isin(shown.beliefs.cells)]
    axis_panel(panel, data, swept.get(word, word), sweep.baseline, shown)
    rates(panel)
    panel.set_ylabel("pass rate (mean over tasks)")
    if panel.get_legend_handles_labels()[0]:
        panel.legend(frameon=False, fontsize=8)
    return _titled(panel, f"Pass rate against {word}, 95 % intervals", sweep)


def cells(sweep: Sweep, *, ax: Axes | None = None) -> Axes:
    """Every cell's pass rate with its 95 % interval, the best first; filled: in the tie group; ringed: recommended."""
    from matplotlib.ticker import PercentFormatter

    from llmsweep.analysis.plots.canvas import BLUE, GREY, light

    table = sweep.cells[sweep.cells["estimate"].notna()].sort_values("estimate", ascending=False)
    panel = ax or _panel(7.6, 1.4 + 0.3 * len(table))
    light(panel, along="x")
    for y, row in enumerate(_rows(table)):
        colour = BLUE if row.tied else GREY
        panel.hlines(y, row.est_low, row.est_high, color=colour, lw=1.6, zorder=2)
        panel.plot(row.estimate, y, "o", ms=7, color=colour, mfc=colour if row.tied else "white", zorder=3)
        if row.recommended:
            panel.plot(row.estimate, y, "o", ms=13, mfc="none", mec="black", zorder=4)
    names = [f"{row.label}  {row.passes}/{row.episodes}" for row in _rows(table)]
    panel.set_yticks(range(len(table)), names, fontsize=8.5)
    panel.set_ylim(len(table) - 0.5, -0.5)
    panel.set_xlim(left=0)
    panel.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    panel.set_xlabel("pass rate (mean over tasks), 95 %; filled: may be the best; ringed: recommended")
    return _titled(panel, "Cells by pass rate", sweep)


def tokens(sweep: Sweep, *, ax: Axes | None = None) -> Axes:
    """Mean tokens an episode against pass rate, with the Pareto front and the recommended cell."""
    from llmsweep.analysis.plots.costs import left_out, tokens_panel

    panel = ax or _panel(9.2, 5.0)
    key = tokens_panel(panel, sweep.episodes, sweep.cells, sweep.baseline, sweep.recommendation.cell_id)
    if key:
        _beside(panel, key)
    return _titled(panel, f"Tokens against pass rate, 95 % intervals{left_out(sweep.cells)}", sweep)


def ttft(sweep: Sweep, *, ax: Axes | None = None) -> Axes:
    """Time to first token of each episode, a row a cell; of many cells a row a level of every axis."""
    from llmsweep.analysis.plots.ttft import ttft_groups, ttft_key, ttft_panel

    groups = ttft_groups(sweep.episodes, sweep.baseline)
    panel = ax or _panel(8.4, 1.9 + 0.42 * len(groups))
    ttft_panel(panel, groups)
    panel.legend(
        handles=ttft_key(), frameon=False, fontsize=8, ncols=4, loc="upper left", bbox_to_anchor=(0, -0.3)
    )
    return _titled(panel, "Time to first token, warm model", sweep)


def tasks(sweep: Sweep, *, ax: Axes | None = None) -> Axes:
    """Task by cell: the share of attempts that passed; white: not tried. Easy tasks first, the best cells first."""
    import numpy as np

    table = sweep.tasks
    order = sweep.cells.sort_values("estimate", ascending=False)["label"].tolist()
    wide = table.pivot_table(index="task_id", columns="label", values="rate", dropna=False)[order]
    wide = wide.loc[wide.mean(axis=1).sort_values(ascending=False, kind="stable").index]
    panel = ax or _panel(3.2 + 0.28 * len(order), 1.9 + 0.17 * len(wide))
    drawn = panel.imshow(np.ma.masked_invalid(wide.to_numpy()), aspect="auto", cmap="cividis", vmin=0, vmax=1)
    panel.set_yticks(range(len(wide)), [str(name).rpartition("/")[2] for name in wide.index], fontsize=7)
    panel.set_xticks(range(len(order)), order, rotation=40, ha="right", fontsize=7)
    panel.figure.colorbar(drawn, ax=panel, label="share of attempts that passed", fraction=0.06)
    return _titled(panel, "Pass rate by task and cell", sweep)


def ceilings(sweep: Sweep, *, ax: Axes | None = None) -> Axes:
    """How each cell's scored episodes ended: passed, or failed by which ceiling. Only capability cannot be mended by settings."""
    from llmsweep.analysis.cells import CEILINGS
    from llmsweep.analysis.plots.canvas import BLUE, GREEN, GREY, RED, light

    table = sweep.cells
    panel = ax or _panel(7.6, 1.7 + 0.32 * len(table))
    light(panel, along="x")
    left = table["passes"].astype("float64") * 0
    names = {"passes": ("passed", GREEN)} | {
        f"ceiling_{kind}": (f"{kind} ceiling", colour)
        for kind, colour in zip(CEILINGS, (BLUE, "#56B4E9", "#E69F00", RED), strict=True)
    }
    for column, (name, colour) in names.items():
        share = table[column] / table["episodes"]
        if share.any():
            panel.barh(range(len(table)), share, left=left, color=colour, label=name, height=0.7)
        left = left + share
    panel.set_yticks(range(len(table)), table["label"], fontsize=8.5)
    panel.set_ylim(len(table) - 0.4, -0.6)
    panel.set_xlim(0, 1)
    panel.set_xlabel("share of scored episodes", color=GREY)
    panel.legend(
        frameon=False,
        fontsize=8,
        ncols=5,
        loc="upper left",
        bbox_to_anchor=(0, -0.02 - 0.9 / (1.7 + 0.32 * len(table))),
    )
    return _titled(panel, "How episodes ended", sweep)


def budgets(
    sweep: Sweep,
    kind: Literal["turns", "tokens", "seconds"] = "turns",
    cell: str | None = None,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Pass rate against a budget of one cell (None: the recommended one), read off episodes that ran under the largest one.

    Raises UsageError where there is no such curve, saying why.
    """
    from llmsweep.analysis.plots.budgets import TITLES, curve_panel
    from llmsweep.analysis.plots.canvas import light, rates

    if kind not in TITLES:
        raise UsageError(f"kind={kind!r}: there is no such budget; {nearest(kind, TITLES)}")
    id = sweep.cell(cell)
    found = sweep.budget_curves.get(id)
    if found is None:
        raise UsageError(
            f"{sweep.folder}: no curve: run llmsweep budgets {sweep.folder} --all, which grades the kept workspaces."
        )
    if kind not in found.curves:
        raise UsageError(f"{sweep.folder}: no curve of {kind}: {found.absent[kind]}.")
    panel = ax or _panel(6.4, 4.2)
    light(panel)
    curve_panel(panel, found.curves[kind])
    rates(panel)
    panel.set_xlabel(TITLES[kind])
    panel.set_ylabel("pass rate (mean over tasks)")
    panel.legend(frameon=False, fontsize=8)
    name = sweep.cells.set_index("cell_id")["label"][id]
    return _titled(panel, f"Pass rate against {kind}: {name}", sweep)


def differences(comparison: Comparison, *, ax: Axes | None = None) -> Axes:
    """Second less first sweep, a row a pair of cells, paired over common tasks, 95 % intervals; filled: without 0.

    Pairs with fewer common tasks than can be compared are left out, and the title says how many.
    """
    from matplotlib.ticker import PercentFormatter

    from llmsweep.analysis.plots.canvas import BLUE, GREY, light
    from llmsweep.analysis.stats import COMPARABLE

    enough = comparison.cells["tasks"] >= COMPARABLE
    table = comparison.cells[enough]
    panel = ax or _panel(7.6, 1.6 + 0.34 * len(table))
    light(panel, along="x")
    panel.axvline(0, color="black", lw=1)
    for y, row in enumerate(_rows(table)):
        sure = row.diff_low > 0 or row.diff_high < 0
        panel.hlines(y, row.diff_low, row.diff_high, color=BLUE if sure else GREY, lw=1.8)
        panel.plot(row.diff, y, "o", ms=7, color=BLUE if sure else GREY, mfc=BLUE if sure else "white")
    names = [
        f"{row.label}  (+{row.better} −{row.worse} of {row.tasks})" for row in table.itertuples(index=False)
    ]
    panel.set_yticks(range(len(table)), names, fontsize=8.5)
    panel.set_ylim(len(table) - 0.5, -0.5)
    panel.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=""))
    panel.set_xlabel("pass rate, second less first, points")
    first, second = comparison.first, comparison.second
    few = int((~enough).sum())
    note = f"; {few} pairs with fewer than {COMPARABLE} left out" if few else ""
    panel.set_title(
        f"{second.folder.parent.name} less {first.folder.parent.name}, {len(comparison.tasks)} common tasks{note}",
        fontsize=10,
        loc="left",
    )
    return panel


def cost_curve(found: LocalOrCloud, *, ax: Axes | None = None) -> Axes:
    """Dollars for a task until it is done, with people, against tasks a month: the machine, the cloud, where they cross."""
    from llmsweep.analysis.plots.cost_curve import full_panel, key

    panel = ax or _panel(8.0, 4.6)
    full_panel(panel, found.curve, found.scene, found.verdict)
    panel.set_ylabel("dollars a task, done")
    panel.legend(
        handles=[one for one in key(found.verdict) if "naive" not in str(one.get_label())],
        frameon=False,
        fontsize=8,
    )
    panel.set_title(found.verdict.word, fontsize=10, loc="left", pad=38)
    return panel


def _rows(table: pd.DataFrame) -> Iterator[Any]:
    """With the columns as attributes; typed as anything, which pandas' own tuples are not."""
    return iter(table.itertuples(index=False))


def _panel(wide: float, high: float) -> Axes:
    """By pyplot, so that a notebook shows it by itself."""
    from matplotlib import pyplot

    panel: Axes = pyplot.subplots(figsize=(wide, high), dpi=75, layout="constrained")[1]
    return panel


def _titled(panel: Axes, what: str, sweep: Sweep) -> Axes:
    from llmsweep.analysis.plots.canvas import about

    panel.set_title(f"{what}\n{about(sweep.episodes, sweep.suite)}", fontsize=10, loc="left")
    return panel


def _beside(panel: Axes, key: Sequence[object]) -> None:
    panel.legend(handles=list(key), loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize=8.5)
