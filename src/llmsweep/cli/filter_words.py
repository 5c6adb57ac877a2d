"""A filter's report in words: the cells, the choice on the held-out part, the money, the verdict and what would turn it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from llmsweep.analysis.costs.verdict import dollars
from llmsweep.analysis.wake.tables import confusion
from llmsweep.analysis.wording import amount, percent, plural
from llmsweep.cli.columns import Column, console, fitted, item
from llmsweep.cli.filter_worth import caveats, fine, money_lines, turning_lines, verdict_line

if TYPE_CHECKING:
    from rich.console import Console

    from llmsweep.analysis.wake.report import Report, Row
    from llmsweep.analysis.wake.rules import Rate

MOST = 8
"""Cells that are listed one by one."""


def print_report(found: Report, notes: Sequence[str]) -> None:
    out = console()
    _print_head(out, found)
    out.print(_table(found, out.width))
    out.print()
    by = (
        "the lowest cost a trigger"
        if found.by == "money"
        else f"the fewest false wakes at {_share(found.required)} recall"
    )
    out.print(
        f"Chosen on the tuning part, by {by}: {found.chosen.label}; {found.chosen.chosen.rule}.",
        soft_wrap=True,
    )
    out.print("On the held-out part, which chose nothing:")
    out.print(_confusion(found))
    for line in _rates(found):
        item(out, line)
    out.print()
    out.print("Money, a trigger:")
    for line in [*money_lines(found), *(f"assumed: {note}" for note in notes)]:
        item(out, line)
    out.print()
    out.print(f"Verdict: {verdict_line(found)}", soft_wrap=True)
    for heading, lines in (
        ("What alone would turn it:", turning_lines(found.worth)),
        ("Mind:", caveats(found)),
    ):
        if lines:
            out.print(heading)
        for line in lines:
            item(out, line)


def _print_head(out: Console, found: Report) -> None:
    about = found.about
    tune = sum(trigger.part == "tune" for trigger in about.triggers)
    held = len(about.triggers) - tune
    out.print(
        f"{about.model} as wake filter on {len(about.triggers)} triggers of {about.source}: {tune} to tune, {held} held"
        f" out ({about.parted})",
        soft_wrap=True,
    )
    heard = found.chosen.heard
    score = (
        "probability of wake by the server's logprobs"
        if heard.scored
        else "share of repeats that say wake (no logprobs here)"
    )
    form = "nothing but the prompt" if heard.form == "text" else f"the server ({heard.form})"
    out.print(f"score: {score}; the answer's form is held by {form}", soft_wrap=True)


def _table(found: Report, width: int) -> object:
    rows = sorted(found.rows, key=lambda row: row is not found.chosen)[:MOST]
    return fitted(
        [
            Column("", [">" if row is found.chosen else "" for row in rows], left=True),
            Column("cell", [row.label for row in rows], left=True),
            Column("rule", [_rule(row) for row in rows], left=True),
            Column("tune: recall", [_share(row.chosen.recall) for row in rows], rank=2),
            Column("false wakes", [_share(row.chosen.false_wake) for row in rows], rank=2),
            Column("held out: recall", [_share(row.recall.value) for row in rows]),
            Column("95 %", [_range(row.recall) for row in rows], rank=1),
            Column("false wakes ", [_share(row.false_wake.value) for row in rows]),
            Column("95 % ", [_range(row.false_wake) for row in rows], rank=1),
            Column("neither", [str(row.neither) for row in rows], rank=4),
            Column("s", [amount(row.clocks.seconds.median) for row in rows], rank=3),
            Column("$ a call", [dollars(row.money.dollars) for row in rows], rank=5),
        ],
        width,
    )


def _rule(row: Row) -> str:
    rule = row.chosen.rule
    if rule.kind == "score":
        return f"p >= {rule.threshold:.3g}"
    return "as said" if rule.kind == "verdict" else f"{rule.threshold:.0f} of {rule.calls} votes"


def _confusion(found: Report) -> object:
    counts = confusion(found)
    return fitted(
        [
            Column("", ["  real", "  noise"], left=True),
            Column("triggers", [str(len(found.real.made)), str(len(found.noise.made))]),
            Column("woken", [str(counts[label]["wake"]) for label in ("wake", "skip")]),
            Column("skipped", [str(counts[label]["skip"]) for label in ("wake", "skip")]),
        ],
        80,
    )


def _rates(found: Report) -> Iterator[str]:
    row = found.chosen
    decisions = int(found.real.made.sum() + found.noise.made.sum())
    yield f"recall {_told(row.recall, 'real trigger')}; false-wake rate {_told(row.false_wake, 'noise trigger')}"
    chosen, recall, false_wake = found.at_recall
    reached = "" if chosen.met else ", which no rule reaches there, so the nearest"
    yield (
        f"at {_share(found.required)} recall on the tuning part{reached} ({chosen.rule}): false-wake rate"
        f" {_told(false_wake, 'noise trigger')}, recall {_told(recall, 'real trigger')}"
    )
    if row.consistent.triggers:
        yield (
            f"consistency: all calls about a trigger said the same for {_told(row.consistent, 'trigger')};"
            f" up to {plural(row.heard.repeats, 'call')} each"
        )
    else:
        yield "consistency is not known: no trigger was asked about twice (repeats=3)"
    clocks = row.clocks
    yield (
        f"a call takes {amount(clocks.seconds.median)} s (median; p95 {amount(clocks.seconds.p95)}), TTFT"
        f" {amount(clocks.ttft.median)} s (p95 {amount(clocks.ttft.p95)}), with {row.heard.calls[0].concurrency} in flight;"
        f" reads {amount(clocks.read)} and writes {amount(clocks.made)} tokens (mean)"
    )
    yield f"a call costs {dollars(row.money.dollars)}, basis {row.money.basis}: {row.money.why}"
    answers = len(row.heard.calls)
    yield (
        f"{row.neither} of {answers:,} answers of this cell were neither wake nor skip; such a one wakes, since missing work"
        f" costs more ({plural(decisions, 'decision')} above are of the held-out part)"
    )
    broken = sum(one.heard.broken for one in found.rows)
    yield f"{plural(broken, 'fault')} beside them (infrastructure; not scored, still owed)"


def _told(of: Rate, noun: str) -> str:
    return f"{_share(of.value)} (95 %: {_range(of)}; {plural(of.triggers, noun)})"


def _share(value: float) -> str:
    """A digit after the point only near the ends, where it would hide a few misses."""
    if math.isnan(value):
        return "n/a"
    return fine(value) if 0.95 < value < 1 or 0 < value < 0.05 else percent(value)


def _range(of: Rate) -> str:
    return f"{100 * of.low:.0f}–{100 * of.high:.0f}"
