"""The verb `results`: the table and the recommendation again, from the log alone, and single episodes to read."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from llmsweep.cli.progress import say
from llmsweep.errors import UsageError, nearest
from llmsweep.policy import Trigger
from llmsweep.store import find_logs
from llmsweep.types import Ceiling, Stop

if TYPE_CHECKING:
    from llmsweep.cli.views import Views

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
    show.add_argument(
        "--write",
        action="store_true",
        help="write the plots, the report, the card and recommended/ again too",
    )
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
            conclude(folder, write=chosen.write, plots=chosen.write, report=chosen.write, grade=0)
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


def conclude(folder: Path, *, write: bool, plots: bool, report: bool, grade: int) -> int:
    """Print one model's table and recommendation from its log.

    With ``write`` the recommendation goes to recommended/<model>.yaml beside the folder and its finding card to
    <model>.md, with ``plots`` the pictures and with ``report`` the page into it. ``grade``: so many kept workspaces of
    the recommended cell may be graded for its budgets, which runs hidden tests. 0, also when nothing could be
    recommended: that is a result too.
    """
    from rich.console import Console

    from llmsweep.analysis.report import render
    from llmsweep.cli.tiers_shown import show_tiers
    from llmsweep.cli.views import views

    if (found := views(folder, grade=grade)) is None:
        say(f"{folder}: no scored episode yet; the sweep's command goes on with it")
        return 0
    render(found.table, found.recommendation, Console(soft_wrap=False))
    if policy := found.about.policy:
        labels = {str(cell): str(name) for cell, name in found.table["label"].items()}
        show_tiers(policy, found.episodes, labels)
    if write:
        _write(found, plots=plots, report=report)
    return 0


def _write(found: Views, *, plots: bool, report: bool) -> None:
    """The recommendation as a config, its card, the pictures and the page."""
    from llmsweep.analysis.report import recommendation_yaml
    from llmsweep.cli.card import write_card
    from llmsweep.cli.report import write_report

    path = found.folder.parent / "recommended" / f"{found.about.model}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(recommendation_yaml(found.recommendation, found.cell), encoding="utf-8")
    say(f"recommendation: {path}")
    say(f"card: {write_card(found, found.folder)}")
    if plots:
        from llmsweep.analysis.plots import write_plots

        where = found.folder / "plots"
        write_plots(found.data, found.recommendation, found.about.baseline.id, where, found.beliefs)
        say(f"plots: {where}")
    if report:
        write_report(found.folder, found)
