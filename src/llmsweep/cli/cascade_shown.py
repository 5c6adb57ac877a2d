"""What `cost cascade` prints and writes: the plans, what independence would claim, the verdicts, the doubts."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from llmsweep.cli.columns import Column, console, fitted, item
from llmsweep.cli.progress import say

if TYPE_CHECKING:
    from rich.table import Table

    from llmsweep.analysis.cascades import Line, Study
    from llmsweep.analysis.costs.scene import Figure
    from llmsweep.analysis.stats import Interval
    from llmsweep.cli.cascade_sides import Sides


def show(found: Study, of: Sides, unit: str) -> None:
    from llmsweep.analysis.cascades import doubts, sentences
    from llmsweep.analysis.wording import percent, plural

    out = console()
    s, a = found.asked.terms().accept
    out.print(f"[bold]{of.about}[/bold]: {plural(len(found.pair.tasks), 'common task')}")
    for line in of.said:
        item(out, line)
    out.print(f"\nThe verifier accepts {percent(s)} of right and {percent(a)} of wrong tries:")
    out.print(_plans(found, unit, out.width))
    out.print(
        f"{unit} a task; * on the front: no plan and no random mix of plans solves as much for less; wrong: accepted"
        " although wrong; up: escalated",
        style="dim",
    )
    out.print("\nMeasured together, and in brackets what independence would have claimed:")
    out.print(_claims(found, unit, out.width))
    out.print(
        "band: solved over the verifier's band; to mixes: points above the best random mix of single models at that cost",
        style="dim",
    )
    out.print()
    for line in sentences(found, unit):
        item(out, line)
    out.print("\nCaveats:")
    for line in (*doubts(found), *of.notes):
        item(out, line)


def write(folder: Path, found: Study, of: Sides, unit: str, assume: str | None = None) -> None:
    """cascade.csv, cascade.png and .svg; ``assume``: stands on the picture."""
    from llmsweep.analysis.cascades import study_table
    from llmsweep.analysis.plots.cascades import plot_cascades

    folder.mkdir(parents=True, exist_ok=True)
    table = study_table(found).assign(unit=unit, local=of.said[0], frontier=of.said[1])
    table.to_csv(folder / "cascade.csv", index=False)
    figure = plot_cascades(found, of.about, unit, assume)
    for ending, metadata in (("png", {}), ("svg", {"Date": None})):
        figure.savefig(folder / f"cascade.{ending}", dpi=150, metadata=metadata)
    say(f"written: {folder / 'cascade.csv'}, {folder / 'cascade.png'}")


def _plans(found: Study, unit: str, width: int) -> Table:
    from llmsweep.analysis.wording import percent

    lines = found.lines
    people = [Column("with people", [_cost(line.full.value, unit) for line in lines], rank=1)]
    columns = [
        Column("", [f"{'*' if line.front else ' '} {line.plan.label}" for line in lines], left=True),
        Column("cost", [_cost(line.cost.value, unit) for line in lines]),
        Column("95 %", [_ends(line.cost, unit) for line in lines], rank=2),
        Column("solved", [percent(line.solved.value) for line in lines]),
        Column("95 %", [_percents(line.solved) for line in lines]),
        Column("wrong", [percent(line.wrong.value) for line in lines]),
        Column("up", [_escalated(line) for line in lines]),
        *(people if unit == "dollars" else []),
    ]
    return fitted(columns, width)


def _claims(found: Study, unit: str, width: int) -> Table:
    from llmsweep.analysis.wording import percent

    lines = [line for line in found.lines if line.plan.name != "frontier"]

    def both(measured: float, claim: float) -> str:
        return f"{percent(measured)} ({percent(claim)})"

    columns = [
        Column("", [f"  {line.plan.label}" for line in lines], left=True),
        Column("solved", [both(line.solved.value, line.claim.solved) for line in lines]),
        Column("band", [_band(line.range_solved) for line in lines], rank=1),
        Column(
            "cost", [f"{_cost(line.cost.value, unit)} ({_cost(line.claim.cost, unit)})" for line in lines]
        ),
        Column("wrong", [both(line.wrong.value, line.claim.wrong) for line in lines], rank=2),
        Column("to mixes", [_above(line) for line in lines]),
    ]
    return fitted(columns, width)


def _cost(value: float, unit: str) -> str:
    from llmsweep.analysis.cascades.evidence import money

    return money(value, unit).removesuffix(f" {unit}")


def _escalated(line: Line) -> str:
    from llmsweep.analysis.wording import percent

    return percent(float(line.plan.escalated.mean())) if line.plan.name == "cascade" else ""


def _above(line: Line) -> str:
    from llmsweep.analysis.wording import points

    if line.above is None or math.isnan(line.above.value):
        return ""
    ends = (
        f" ({points(line.above.low)} to {points(line.above.high)})" if math.isfinite(line.above.low) else ""
    )
    return f"{points(line.above.value)}{ends}"


def _percents(one: Figure) -> str:
    return f"{100 * one.low:.0f}–{100 * one.high:.0f}"


def _band(one: Interval) -> str:
    """Empty where the verifier does not matter, or is known."""
    return "" if one.high - one.low < 0.005 else f"{100 * one.low:.0f}–{100 * one.high:.0f}"


def _ends(one: Figure, unit: str) -> str:
    return "" if math.isnan(one.low) else f"{_cost(one.low, unit)}–{_cost(one.high, unit)}"
