"""What a search leaves to look at: its study as a file, and its Pareto front in words."""

from __future__ import annotations

from llmsweep.analysis.wording import belief, plural
from llmsweep.cli.build import Sweep
from llmsweep.cli.progress import label, say
from llmsweep.store import EpisodeLog
from llmsweep.sweep.check import Check
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


def scope(sweep: Sweep) -> str:
    """What the strategy chooses from, in words: its cells, or the space and the trials of a search."""
    if (search := search_of(sweep.strategy)) is None:
        return plural(len(sweep.strategy.cells), "cell")
    return f"{plural(search.plan.trials, 'trial')} in the space of {', '.join(sweep.design.space)}"


def goal(sweep: Sweep) -> str:
    """Until when episodes are proposed, in words; empty where it is known beforehand how many are owed."""
    if sweep.strategy.fixed:
        return ""
    if isinstance(sweep.strategy, Check):
        return " next, until the check is answered"
    return f" next, until a choice is believed at {belief(sweep.design.confidence)}"


def stage(sweep: Sweep, log: EpisodeLog) -> str:
    """How far a search has come, in words; empty where another strategy runs."""
    if (search := search_of(sweep.strategy)) is None:
        return ""
    replay = search.replay(log.table)
    if replay.ended:
        return "finalists and baseline, on episodes of their own"
    done = sum(one.state in ("complete", "pruned") for one in replay.tried)
    best = next(iter(replay.front), None)
    found = "" if best is None else f", best {label(best.cell, sweep.baseline)} with {100 * best.rate:.0f} %"
    return f"search: {done} of {plural(search.plan.trials, 'trial')} done{found}"


def _measured(one: Tried) -> str:
    tokens = "tokens not reported" if one.tokens is None else f"{one.tokens:.0f} tokens"
    return f"passed {100 * one.rate:.0f} % of {len(one.rows)}, {tokens}, {one.seconds:.2f} s"
