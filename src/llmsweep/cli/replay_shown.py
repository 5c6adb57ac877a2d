"""What `replay` prints and writes: how soon each strategy is right, and whether it is right as often as it says."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from llmsweep.cli.columns import console
from llmsweep.cli.progress import say

if TYPE_CHECKING:
    from rich.table import Table

    from llmsweep.analysis.contests import Reached, Run, Standing

Results = Mapping[str, Sequence["Run"]]


def show(title: str, described: str, results: Results) -> None:
    from llmsweep.analysis.contests import standing

    standings = [standing(name, runs) for name, runs in results.items()]
    out = console()
    out.print(title)
    out.print(described)
    out.print()
    out.print(_soon(standings))
    out.print(
        "episodes until that share of the runs chooses right, with 95 % intervals by a bootstrap over runs; -: never"
    )
    if any(one.stops for one in standings):
        out.print()
        out.print(_stopped(standings))
        out.print(
            "own stop: runs that ended by themselves; belief of N %: had they ended when it was reached in two looks"
            " running; right with Wilson's 95 % interval"
        )


def write(folder: Path, subject: str, results: Results) -> None:
    """replay.csv: a row a strategy; curves.csv: the share of runs that are right, by episodes; replay.png."""
    from llmsweep.analysis.contest_curve import points
    from llmsweep.analysis.contests import contests_table, plot_contests, standing

    folder.mkdir(parents=True, exist_ok=True)
    contests_table([standing(name, runs) for name, runs in results.items()]).to_csv(
        folder / "replay.csv", index=False
    )
    with (folder / "curves.csv").open("w", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(("strategy", "episodes", "right", "runs"))
        for name, runs in results.items():
            lines.writerows((name, *point, len(runs)) for point in points(runs))
    plot_contests(results, subject).savefig(folder / "replay.png", dpi=150)
    say(f"written: {', '.join(str(folder / name) for name in ('replay.csv', 'curves.csv', 'replay.png'))}")


def _soon(standings: Sequence[Standing]) -> Table:
    shown = _table("strategy", "to 90 %", "to 95 %", "cost to 90 %", "to 95 %", "right at the end", "regret")
    for one in standings:
        shown.add_row(
            one.name,
            *(_reached(figure) for figure in one.episodes),
            *("-" if figure.at is None else _short(figure.at) for figure in one.cost),
            f"{100 * one.finally_right:.0f} %",
            f"{100 * one.regret:.1f} points",
        )
    return shown


def _stopped(standings: Sequence[Standing]) -> Table:
    shown = _table("strategy", "stopped at", "runs", "episodes (median)", "stated", "right")
    for one in standings:
        for stops in one.stops:
            low, high = 100 * stops.within.low, 100 * stops.within.high
            shown.add_row(
                one.name,
                "own stop" if stops.level is None else f"belief of {100 * stops.level:.0f} %",
                f"{stops.count} of {one.runs}",
                f"{stops.episodes:,.0f}",
                "-" if math.isnan(stops.stated) else f"{100 * stops.stated:.1f} %",
                f"{100 * stops.right:.1f} % ({low:.0f}–{high:.0f})",
            )
    return shown


def _table(*headings: str) -> Table:
    from rich.table import Table

    shown = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for place, heading in enumerate(headings):
        shown.add_column(heading, justify="right" if place else "left")
    return shown


def _reached(figure: Reached) -> str:
    if figure.at is None:
        return "-"
    low = "?" if figure.low is None else f"{figure.low:,.0f}"
    return f"{figure.at:,.0f} ({low}–{'' if figure.high is None else f'{figure.high:,.0f}'})"


def _short(cost: float) -> str:
    """Tokens or seconds to three digits: 223k, 1.93M."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if cost >= size:
            digits = max(0, 2 - int(math.log10(cost / size)))
            return f"{cost / size:.{digits}f}{letter}"
    return f"{cost:.0f}"
