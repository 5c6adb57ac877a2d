"""The curves of one cell on a terminal: a compact table a kind, what suffices, and what to raise."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from llmsweep.analysis.wording import amount, percent, plural, points

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from llmsweep.analysis.budgets import CellBudgets, Curve, Point, Rate

ROWS = 12
LEGEND = (
    "at: passing when the budget ends it; by: passed then or after an earlier turn\n"
    "change: of at, in points to the largest budget (95 % for tasks like these); none: no budget\n"
    "uncut: episodes that end by themselves within it; tokens: mean that an episode takes under it"
)


def show(label: str, found: CellBudgets, console: Console) -> None:
    from llmsweep.analysis.budgets import chosen_budgets

    console.print(f"\n[bold]{label}[/bold] ({found.cell.id}): {_on(found)}")
    for curve in found.curves.values():
        console.print(_table(curve))
    for kind, why in found.absent.items():
        console.print(f"no curve of {kind}: {why}")
    if found.bounds:
        console.print(_bounds(found))
        console.print(
            "max_tokens: a bound, no estimate: each episode with a call as long as that counts as failed"
        )
    console.print(LEGEND)
    chosen = chosen_budgets(found)
    for sentence in chosen.why:
        console.print(f"- {sentence}")
    seconds = found.curves.get("seconds")
    if seconds is not None and seconds.enough is not seconds.points[-1]:
        console.print(f"- seconds: {amount(seconds.enough.budget)} suffice on this machine")
    if found.undone:
        console.print(f"- {plural(found.undone, 'failed episode')} had passed after an earlier turn")
    if chosen.caveat:
        console.print(f"Ceiling: {chosen.caveat}")


def _on(found: CellBudgets) -> str:
    left = (
        f"; {plural(found.left_out, 'episode')} left out: not every turn is graded" if found.left_out else ""
    )
    return f"{plural(found.episodes, 'episode')} on {plural(found.tasks, 'task')}{left}"


def _new_table(*headings: str) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _table(curve: Curve) -> Table:
    table = _new_table(curve.kind, "at", "95 %", "by", "95 %", "change", "95 %", "uncut", "tokens")
    for point in _fewer(curve):
        mark = "> " if point is curve.enough else ""
        change = point.change
        known = not math.isnan(change.value) and point is not curve.points[-1]
        table.add_row(
            f"{mark}{_budget(curve, point)}",
            percent(point.at.value),
            _range(point.at),
            percent(point.by.value),
            _range(point.by),
            points(change.value) if known else "",
            f"{points(change.low)} to {points(change.high)}" if known else "",
            percent(point.uncut),
            amount(point.tokens),
            style="bold" if point is curve.enough else None,
        )
    return table


def _fewer(curve: Curve) -> list[Point]:
    """Those at which something changes, and the last; of many only some."""
    kept: list[Point] = []
    for point in curve.points:
        same = bool(kept) and (point.at, point.by, point.uncut) == (kept[-1].at, kept[-1].by, kept[-1].uncut)
        if not same or point is curve.points[-1]:
            kept.append(point)
    step = -(-len(kept) // ROWS)
    return [p for i, p in enumerate(reversed(kept)) if i % step == 0 or p is curve.enough][::-1]


def _budget(curve: Curve, point: Point) -> str:
    if not curve.bounded and point is curve.points[-1]:
        return "none"
    return amount(point.budget) if curve.kind == "seconds" else f"{point.budget:,.0f}"


def _bounds(found: CellBudgets) -> Table:
    table = _new_table("max_tokens", "at least", "95 %", "calls as long")
    for smaller, bound in zip((None, *found.bounds), found.bounds, strict=False):
        same = smaller is not None and (bound.rate, bound.calls) == (smaller.rate, smaller.calls)
        if same and bound is not found.bounds[-1]:
            continue
        table.add_row(
            f"{bound.max_tokens:,}", percent(bound.rate.value), _range(bound.rate), percent(bound.calls)
        )
    return table


def _range(rate: Rate) -> str:
    return f"{100 * rate.low:.0f}–{100 * rate.high:.0f}"
