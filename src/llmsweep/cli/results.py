"""The verb `results`: the table and the recommendation again, from the log alone, and single episodes to read."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from llmsweep import manifest
from llmsweep.cli.progress import say
from llmsweep.errors import UsageError, nearest
from llmsweep.policy import Trigger
from llmsweep.store import find_logs, read_episodes
from llmsweep.types import Ceiling, Stop

WIDE = 140
"""Columns of a list that goes into a file or another program."""
OUTCOMES = ("passed", "failed", "unscored")


def run(args: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="llmsweep results", description="Look at results without running anything."
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    show = verbs.add_parser("show", help="print the table and the recommendation from the log alone")
    show.add_argument("dir", type=Path, help="a results folder, or one model's folder in it")
    show.add_argument("--write", action="store_true", help="write the plots and recommended/ again too")
    listing = verbs.add_parser("episodes", help="a line for each episode, with its key")
    listing.add_argument("dir", type=Path, nargs="?", default=Path("results"), help="default: %(default)s")
    for name, what in _FILTERS.items():
        listing.add_argument(f"--{name}", metavar=name.upper(), help=f"only those with this {what}")
    reading = verbs.add_parser("episode", help="read one episode: its turns, actions, observations, verdict")
    reading.add_argument("key", help="the key, or its first digits")
    reading.add_argument("dir", type=Path, nargs="?", default=Path("results"), help="default: %(default)s")
    reading.add_argument("--full", action="store_true", help="every text whole")
    reading.add_argument("--reasoning", action="store_true", help="the reasoning too, not only its beginning")
    chosen = parser.parse_args(args)
    if chosen.verb == "show":
        return max(
            conclude(folder, write=chosen.write, plots=chosen.write, grade=0)
            for folder in find_logs(chosen.dir)
        )
    return _read(chosen)


_FILTERS = {
    "task": "task",
    "cell": "cell's name (12 digits)",
    "outcome": "outcome: passed, failed or unscored",
    "stop": "stop",
    "ceiling": "ceiling",
    "handoff": "reason for a handoff (policy=tiered), none: those without one",
}


def _read(chosen: argparse.Namespace) -> int:
    """The verbs `episodes` and `episode`."""
    from llmsweep.cli.columns import console
    from llmsweep.cli.episode import View, find_episode, show_episode, show_list

    if not chosen.dir.is_dir():
        raise UsageError(f"{chosen.dir}: there is no such folder; name the one with the results.")
    if chosen.verb == "episodes":
        for name, known in (
            ("outcome", OUTCOMES),
            ("stop", get_args(Stop)),
            ("ceiling", get_args(Ceiling)),
            ("handoff", (*get_args(Trigger), "none")),
        ):
            value = getattr(chosen, name)
            if value is not None and value not in known:
                raise UsageError(f"--{name} {value}: there is no such {name}; {nearest(value, known)}")
        show_list(chosen.dir, {name: getattr(chosen, name) for name in _FILTERS}, console(WIDE))
        return 0
    log, episode = find_episode(chosen.dir, chosen.key)
    show_episode(log, episode, View(full=chosen.full, reasoning=chosen.reasoning), console(WIDE))
    return 0


def conclude(folder: Path, *, write: bool, plots: bool, grade: int) -> int:
    """Print one model's table and recommendation from its log.

    With ``write`` the recommendation goes to recommended/<model>.yaml beside the folder, and with
    ``plots`` the pictures into it. ``grade``: so many kept workspaces of the recommended cell may be graded for its
    budgets, which runs hidden tests. 0, also when nothing could be recommended: that is a result too.
    """
    from rich.console import Console

    from llmsweep.analysis.concluded import concluded
    from llmsweep.analysis.report import recommendation_yaml, render
    from llmsweep.cli.budget_curves import recommended_budgets
    from llmsweep.cli.tiers_shown import show_tiers

    about = manifest.read(folder)
    episodes = list(about.current(read_episodes(folder)))
    if not any(episode.passed is not None for episode in episodes):
        say(f"{folder}: no scored episode yet; the sweep's command goes on with it")
        return 0
    found = concluded(
        about,
        episodes,
        # Cut short, a tiered episode would have been handed over at another time: no smaller budget can be read off it.
        None if about.policy else lambda cell: recommended_budgets(folder, about, episodes, cell, most=grade),
    )
    table, verdict = found.table, found.recommendation
    render(table, verdict, Console(soft_wrap=False))
    if about.policy:
        show_tiers(about.policy, episodes, {str(cell): str(name) for cell, name in table["label"].items()})
    if write:
        cells = {episode.cell_id: episode.cell for episode in episodes}
        path = folder.parent / "recommended" / f"{about.model}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(recommendation_yaml(verdict, cells[verdict.cell_id]), encoding="utf-8")
        say(f"recommendation: {path}")
        if plots:
            from llmsweep.analysis.plots import write_plots

            write_plots(found.data, verdict, about.baseline.id, folder / "plots", found.beliefs)
            say(f"plots: {folder / 'plots'}")
    return 0
