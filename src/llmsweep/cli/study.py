"""What a search leaves to look at: its study as a file, and its Pareto front in words."""

from __future__ import annotations

from llmsweep.cli.build import Sweep
from llmsweep.cli.progress import label, say
from llmsweep.store import EpisodeLog
from llmsweep.sweep.optuna_search import search_of
from llmsweep.sweep.optuna_trials import Tried

LINES = 12
"""Cells of the front that are said; the study has all."""


def keep_study(sweep: Sweep, log: EpisodeLog) -> None:
    """Write the study of a sweep by `optuna`; nothing where another strategy ran."""
    if (search := search_of(sweep.strategy)) is None:
        return
    from llmsweep.sweep.optuna_write import STUDY, write_study

    path = sweep.folder / STUDY
    write_study(path, search, log.table, name=f"{sweep.suite.name} {sweep.model.name}")
    if not search.plan.single:
        front = search.front(log.table)
        for one in front[:LINES]:
            say(f"front: {label(one.cell, sweep.baseline)}: {_measured(one)}")
        if len(front) > LINES:
            say(f"front: and {len(front) - LINES} more")
    say(f"study: {path} (to look at it: optuna-dashboard {path})")


def _measured(one: Tried) -> str:
    tokens = "tokens not reported" if one.tokens is None else f"{one.tokens:.0f} tokens"
    return f"passed {100 * one.rate:.0f} % of {len(one.rows)}, {tokens}, {one.seconds:.2f} s"
