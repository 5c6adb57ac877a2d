"""The money of a filter's report in sentences: what is known, what was left open, the verdict, what would turn it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from llmsweep.analysis.costs.verdict import dollars
from llmsweep.analysis.wake.tuning import positives_needed, shown_by_none_missed
from llmsweep.analysis.wording import percent, plural

if TYPE_CHECKING:
    from llmsweep.analysis.costs.scene import Figure
    from llmsweep.analysis.wake.report import Report
    from llmsweep.analysis.wake.worth import Worth

_NAMES = {
    "cycle": "a cycle (X)",
    "call": "a decision (f)",
    "miss": "a miss (M)",
    "signal": "the signal rate (s)",
    "recall": "recall (t)",
    "false_wake": "the false-wake rate (u)",
}
_SHARES = ("signal", "recall", "false_wake")


def money_lines(found: Report) -> Iterator[str]:
    """What went in, what came out, and what is missing for the rest."""
    worth, rule = found.worth, found.chosen.chosen.rule
    terms = worth.terms
    decision = f"a decision (f) costs {dollars(worth.call)}"
    if rule.calls > 1:
        decision += f", {rule.calls} calls"
    yield decision
    for name, value, key in (
        ("a main cycle (X)", terms.cycle, "cycle=0.56 or cycle=DIR"),
        ("a missed real trigger (M)", terms.miss, "miss=5"),
    ):
        if value is None:
            yield f"{name}: not given, and none is assumed ({key})"
        else:
            why = f", {terms.cycle_why}" if key.startswith("cycle") else ", as said"
            yield f"{name} costs {dollars(value)}{why}"
    if terms.signal is None:
        yield "the share of real triggers (s): not given, and that of the labelled file is none of your traffic (signal=0.2)"
    else:
        yield f"the share of real triggers (s) is {percent(terms.signal)}, as said"
    yield from _results(worth)


def _results(worth: Worth) -> Iterator[str]:
    stakes = worth.stakes
    if stakes is not None and worth.cost is not None and worth.precision is not None:
        yield (
            f"with the filter {_figure(worth.cost)}, misses counted; without it {dollars(stakes.without)}; an ideal filter"
            f" {dollars(stakes.ideal)}"
        )
        if not math.isnan(worth.precision.value):
            yield f"of the wakes {_shares(worth.precision)} are for real work (precision)"
    if worth.tolerable is not None:
        yield _tolerable(worth)
    if worth.pays is not None:
        yield _signal(worth)
    if worth.miss is not None and worth.terms.miss is None:
        yield _miss(worth.miss)


def _tolerable(worth: Worth) -> str:
    missed = 1 - float(worth.recall[0])
    tolerable = worth.tolerable
    assert tolerable is not None
    if tolerable >= 1:
        return "any miss rate is tolerable (m* is above 100 %): a miss is not much dearer than a cycle, and most is noise"
    if tolerable < 0:
        return "no miss rate is tolerable (m*): a filter that misses nothing would not pay either"
    return f"tolerable miss rate (m*) {fine(tolerable)}; it misses {fine(missed)}"


def _signal(worth: Worth) -> str:
    assert worth.pays is not None
    if worth.pays.where == "always":
        return "it pays at any signal rate: there is no break-even"
    if worth.pays.where == "never":
        return "no break-even: it pays at no signal rate"
    side = "fewer" if worth.pays.where == "below" else "more"
    shown = worth.signal
    interval = f" (95 %: {fine(shown.low)} to {fine(shown.high)})" if shown and side == "fewer" else ""
    return f"break-even signal rate {fine(worth.pays.at)}{interval}: it pays where {side} of the triggers are real"


def _miss(most: float) -> str:
    if most < 0:
        return "it does not pay whatever a miss costs: it saves less than it costs"
    if math.isinf(most):
        return "it missed nothing here, so that it pays whatever a miss costs, as far as these triggers tell"
    return f"break-even cost of a miss {dollars(most)}: it pays where missing a real trigger costs less"


def verdict_line(found: Report) -> str:
    """In one or two sentences."""
    worth = found.worth
    if worth.word == "open":
        return _open(worth)
    if worth.saved is None:
        return "no break-even. At no signal rate does it save as much as it costs."
    shown = f"{_figure(worth.saved)} of {dollars(found.worth.terms.cycle or 0.0)} a trigger"
    return {
        "pays": f"it pays. Saved: {shown}.",
        "does not pay": f"it does not pay. Saved: {shown}.",
        "no break-even": f"no break-even: it pays at no signal rate. Saved: {shown}.",
        "not distinguishable": f"not distinguishable from no filter. Saved: {shown}.",
    }[worth.word]


def _open(worth: Worth) -> str:
    terms = worth.terms
    if math.isnan(worth.call):
        return "open: what a call costs is not known; say it with call=0.001, or give the model a price or the host its watts."
    if terms.cycle is None:
        return "open: say what a main cycle costs (cycle=0.56, or cycle=DIR of a recorded sweep), a miss (miss=5) and your signal rate (signal=0.2)."
    missing = [key for key, value in (("miss=5", terms.miss), ("signal=0.2", terms.signal)) if value is None]
    found = [
        text
        for text in (
            _signal(worth) if worth.pays else "",
            _miss(worth.miss) if worth.miss is not None and terms.miss is None else "",
        )
        if text
    ]
    return f"open, since {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not given. {' '.join(f'{t[0].upper()}{t[1:]}.' for t in found)}".strip()


def turning_lines(worth: Worth) -> list[str]:
    """What each input alone would have to be for the other verdict, with today's value."""
    if worth.turns is None or worth.stakes is None:
        return []
    stakes = worth.stakes
    today = {
        "cycle": stakes.cycle,
        "call": stakes.call,
        "miss": stakes.miss,
        "signal": stakes.signal,
        "recall": float(worth.recall[0]),
        "false_wake": float(worth.false_wake[0]),
    }
    told = [
        f"{_NAMES[name]} at {_value(name, value)} (now {_value(name, today[name])})"
        for name, value in worth.turns.items()
        if not math.isnan(value)
    ]
    return told or ["no input alone: none that it can have would"]


def caveats(found: Report) -> list[str]:
    """What the figures cannot tell."""
    lines = []
    positives, required = len(found.real.made), found.required
    needed = positives_needed(required)
    if positives < needed:
        lines.append(
            f"{plural(positives, 'real trigger')} held out cannot show {fine(required)} recall: with none of them missed it"
            f" would be {fine(shown_by_none_missed(positives))} or more (95 %); {needed} would show it."
        )
    if found.about.source == "gatekeeper":
        lines.append(
            "These triggers are invented and half of them are real: take rates from here at most, never a signal rate, and"
            " label some of your own (triggers=FILE.jsonl)."
        )
    chosen = found.chosen.chosen
    if not found.at_recall[0].met:
        lines.append(f"No rule of the chosen cell reaches {fine(required)} recall on the tuning part.")
    if chosen.recall == chosen.false_wake == 1.0:
        lines.append("The chosen rule wakes for everything: this filter tells nothing apart.")
    if found.chosen.heard.form == "json_schema" and found.chosen.neither > len(found.chosen.heard.calls) / 20:
        lines.append(
            "The server was asked to hold answers to a form and many are of none: it may pass over the wish"
            " (provider.answer_form=text asks in plain words), or max_tokens cuts them."
        )
    return lines


def _value(name: str, value: float) -> str:
    return fine(value) if name in _SHARES else dollars(value)


def _figure(of: Figure) -> str:
    return f"{dollars(of.value)} (95 %: {dollars(of.low)} to {dollars(of.high)})"


def _shares(of: Figure) -> str:
    return f"{fine(of.value)} (95 %: {fine(of.low)} to {fine(of.high)})"


def fine(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".0 %", " %")
