"""Below a tiered sweep's table: how often each cell handed over, why, what it cost to hand over, and who solved what."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from llmsweep.policy import Handoff, Tiered
from llmsweep.types import Episode

if TYPE_CHECKING:
    import pandas as pd

    from llmsweep.analysis.tiers import CellTiers

TRIGGERS = {
    "asked": "it asked to",
    "check": "the check failed",
    "radius": "blast radius",
    "looping": "looping",
    "malformed": "malformed answers",
    "gave_up": "gave up",
    "context": "context full",
    "turns": "turns spent",
    "tokens": "tokens spent",
    "seconds": "time spent",
}
"""Trigger -> how a result calls it."""


def described(policy: Tiered) -> str:
    """Who could take over, in one line."""
    cell, sampling = policy.frontier, policy.frontier.sampling
    return (
        f"policy tiered: {cell.model} may take over ({policy.handoff}): temperature {sampling.temperature}, protocol"
        f" {cell.protocol}, prompt {cell.prompt}, max_tokens {sampling.max_tokens}, turns {cell.budget.turns}"
    )


def handed_to(episode: Episode) -> str:
    """The line between the two models' parts of a transcript."""
    policy, handoff = episode.policy, episode.handoff
    assert policy is not None
    assert handoff is not None
    read = "it is also sent the conversation above" if policy.handoff == "conversation" else "by summary"
    return f"handed over to {policy.frontier.model}, {read} ({TRIGGERS[handoff.trigger]})"


def told(handoff: Handoff) -> str:
    """A handoff in one sentence."""
    read = (
        ""
        if handoff.read_tokens is None
        else f"; its first call read {handoff.read_tokens:,} tokens uncached"
    )
    stood = {None: "", True: "; the work passed as it stood", False: "; the work did not pass as it stood"}
    return (
        f"handed over after turn {handoff.after} ({TRIGGERS[handoff.trigger]}: {handoff.reason}){stood[handoff.passed]}{read};"
        f" {handoff.local_s:.1f} s local, {handoff.frontier_s:.1f} s frontier"
    )


def show_tiers(policy: Tiered, episodes: Sequence[Episode], data: pd.DataFrame, baseline: str) -> None:
    from rich.text import Text

    from llmsweep.analysis.cells import labels
    from llmsweep.analysis.frame import choosing
    from llmsweep.analysis.tiers import tiers
    from llmsweep.cli.columns import Column, console, fitted, item

    out = console()
    cells = tiers(episodes)
    names = labels(choosing(data), baseline)
    shown = {one.cell_id: str(names[one.cell_id]) for one in cells}
    first = policy.frontier
    out.print()
    out.print(Text(f"Handed over to {first.model} (policy=tiered, {policy.handoff})", style="bold"))
    columns = [
        Column("cell", [shown[one.cell_id] for one in cells], left=True),
        Column("handed over", [_share(one.handed.some, one.handed.all) for one in cells]),
        Column("95 %", [_range(one) for one in cells], 1),
        Column("passed alone", [str(one.alone) for one in cells]),
        Column("after it", [f"{one.after.some}/{one.after.all}" for one in cells]),
        Column("tokens local", [_amount(one.tokens[0]) for one in cells], 2),
        Column("tokens frontier", [_amount(one.tokens[1]) for one in cells], 2),
        Column("a handoff", [_amount(one.handoff_tokens) for one in cells], 3),
        Column("s local", [_amount(one.seconds[0]) for one in cells], 4),
        Column("s frontier", [_amount(one.seconds[1]) for one in cells], 4),
    ]
    out.print(fitted(columns, out.width))
    legend = (
        "handed over: of the scored episodes, 95 % for tasks like these; after it: passed, of those handed over; tokens and s:"
        " mean an episode of each model; a handoff: tokens that the frontier model's first call read uncached"
    )
    out.print(Text(legend, style="dim"))
    for one in cells:
        for sentence in _sentences(one):
            item(out, f"{shown[one.cell_id]}: {sentence}")


def _sentences(one: CellTiers) -> list[str]:
    from llmsweep.analysis.wording import percent, percent_range, plural

    if not one.handed.some:
        return ["nothing was handed over"]
    why = ", ".join(f"{TRIGGERS[t.name]} {t.episodes} ({t.passed} then passed)" for t in one.triggers)
    after = one.after
    said = [
        f"why: {why}",
        f"of {plural(after.all, 'handoff')} {percent(after.rate)} then passed"
        f" (95 %: {percent_range(after.interval.low, after.interval.high)}), {one.passed - after.some} passed without one",
    ]
    local, frontier = one.tokens
    if not math.isnan(local + frontier) and local + frontier:
        said[-1] += f"; the frontier model took {percent(frontier / (local + frontier))} of the tokens"
    if one.needless:
        said.append(
            f"{one.needless} of {plural(one.judged, 'handoff')} came although the work passed the hidden tests as it stood"
        )
    return said


def _share(some: int, all_: int) -> str:
    from llmsweep.analysis.wording import percent

    return f"{percent(some / all_ if all_ else math.nan)} ({some}/{all_})"


def _range(one: CellTiers) -> str:
    return f"{100 * one.handed.interval.low:.0f}–{100 * one.handed.interval.high:.0f}"


def _amount(value: float) -> str:
    from llmsweep.analysis.wording import amount

    return amount(value)
