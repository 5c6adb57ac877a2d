"""The verb `budgets`: what smaller budgets would have given, from the workspaces that a sweep kept."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from llmsweep import manifest
from llmsweep.cli.progress import say
from llmsweep.errors import UsageError, nearest
from llmsweep.store import find_logs, read_episodes
from llmsweep.types import Episode

if TYPE_CHECKING:
    from llmsweep.manifest import Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``cells``: beginnings of ids; none: the recommended one. ``grade``: also what is not known yet."""

    cells: tuple[str, ...] = ()
    all: bool = False
    grade: bool = True


def run(args: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="llmsweep budgets",
        description="Pass rate against turns, tokens and seconds, by cutting the episodes of a sweep short: nothing is run again"
        " but the hidden tests, on the workspaces that were kept.",
    )
    parser.add_argument("dir", type=Path, help="a results folder, or one model's folder in it")
    parser.add_argument(
        "--cell",
        action="append",
        default=[],
        metavar="ID",
        help="this cell (its first digits); may be repeated",
    )
    parser.add_argument("--all", action="store_true", help="every cell; else the recommended one")
    parser.add_argument(
        "--no-grade", action="store_true", help="grade nothing: only what was graded before is used"
    )
    chosen = parser.parse_args(args)
    asked = Asked(cells=tuple(chosen.cell), all=chosen.all, grade=not chosen.no_grade)
    for folder in find_logs(chosen.dir):
        _show(folder, asked)
    return 0


def _show(folder: Path, asked: Asked) -> None:
    """One model's curves, printed and written."""
    from llmsweep.analysis.budgets import budgets_table
    from llmsweep.analysis.plots.budgets import plot_budgets
    from llmsweep.cli.budget_curves import budgets_of
    from llmsweep.cli.budgets_shown import show
    from llmsweep.cli.columns import console

    about = manifest.read(folder)
    episodes = list(about.current(read_episodes(folder)))
    if not any(episode.passed is not None for episode in episodes):
        say(f"{folder}: no scored episode yet")
        return
    if about.policy:
        say(
            f"{folder}: no curves: its episodes ran under policy=tiered, and with a smaller budget each would have been handed"
            " over at another time; sweep the axis turns or tokens instead (space.turns=[...])"
        )
        return
    names = _chosen_cells(about, episodes, asked)
    found = budgets_of(folder, about, episodes, list(names), grade=asked.grade)
    out = console()
    shown = {names[cell]: curves for cell, curves in found.items() if curves is not None}
    for cell, curves in found.items():
        if curves is None:
            say(f"{names[cell]} ({cell}): no episode whose every turn is graded, so no curve")
        else:
            show(names[cell], curves, out)
    if shown:
        (folder / "plots").mkdir(exist_ok=True)
        figure = plot_budgets(shown, f"{about.model} on {about.suite}")
        for ending, metadata in (("png", {}), ("svg", {"Date": None})):
            figure.savefig(folder / "plots" / f"budgets.{ending}", dpi=150, metadata=metadata)
        budgets_table(shown).to_csv(folder / "budgets.csv", index=False)
        say(f"written: {folder / 'budgets.csv'}, {folder / 'plots' / 'budgets.png'}")


def _chosen_cells(about: Manifest, episodes: list[Episode], asked: Asked) -> dict[str, str]:
    """Cell id -> its name, of those that were asked for. Raises UsageError for one that did not run."""
    from llmsweep.analysis.cells import labels
    from llmsweep.analysis.concluded import concluded
    from llmsweep.analysis.frame import choosing, frame

    data = frame(episodes)
    names = {str(cell): str(name) for cell, name in labels(choosing(data), about.baseline.id).items()}
    if asked.all:
        return names
    if asked.cells:
        return {cell: names[cell] for word in asked.cells for cell in _cells_of(word, names)}
    found = concluded(about, episodes).recommendation
    return {found.cell_id: names[found.cell_id]}


def _cells_of(word: str, names: dict[str, str]) -> list[str]:
    cells = [cell for cell in names if cell.startswith(word)]
    if not cells:
        raise UsageError(f"--cell {word}: there is no such cell; {nearest(word, names)}")
    return cells
