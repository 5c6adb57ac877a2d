"""The verb `results`: the table and the recommendation again, from the log alone."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from llmsweep import manifest
from llmsweep.cli.progress import say
from llmsweep.store import find_logs, read_episodes


def run(args: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="llmsweep results", description="Look at results without running anything."
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    show = verbs.add_parser("show", help="print the table and the recommendation from the log alone")
    show.add_argument("dir", type=Path, help="a results folder, or one model's folder in it")
    show.add_argument("--write", action="store_true", help="write the plots and recommended/ again too")
    chosen = parser.parse_args(args)
    return max(conclude(folder, write=chosen.write, plots=chosen.write) for folder in find_logs(chosen.dir))


def conclude(folder: Path, *, write: bool, plots: bool) -> int:
    """Print one model's table and recommendation from its log.

    With ``write`` the recommendation goes to recommended/<model>.yaml beside the folder, and with
    ``plots`` the pictures into it. 0, also when nothing could be recommended: that is a result too.
    """
    from rich.console import Console

    from llmsweep.analysis.frame import frame
    from llmsweep.analysis.recommend import cells_table, recommend
    from llmsweep.analysis.report import recommendation_yaml, render

    about = manifest.read(folder)
    episodes = list(about.current(read_episodes(folder)))
    if not any(episode.passed is not None for episode in episodes):
        say(f"{folder}: no scored episode yet; the sweep's command goes on with it")
        return 0
    data = frame(episodes)
    verdict = recommend(data, about.baseline.id, about.strategy, about.suite, owed=about.owed)
    render(cells_table(data, about.baseline.id), verdict, Console(soft_wrap=False))
    if write:
        cells = {episode.cell_id: episode.cell for episode in episodes}
        path = folder.parent / "recommended" / f"{about.model}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(recommendation_yaml(verdict, cells[verdict.cell_id]), encoding="utf-8")
        say(f"recommendation: {path}")
        if plots:
            from llmsweep.analysis.plots import write_plots

            write_plots(data, verdict, about.baseline.id, folder / "plots")
            say(f"plots: {folder / 'plots'}")
    return 0
