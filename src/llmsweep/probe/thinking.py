"""Judges reasoning and its echo: whether it comes when it should, and whether earlier reasoning is read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from llmsweep.probe.interview import Call
from llmsweep.probe.report import Finding, word
from llmsweep.probe.wire import differences, places, says

_GREW, _STAYED = 0.5, 0.1
"""Shares of the reasoning's tokens by which the next prompt must grow, and by which it may without having it."""
_TOKEN_CHARS = 4
_TOLD = ("temperature", "top_p", "top_k", "min_p", "repeat_penalty", "max_tokens", "seed")


def judge_reasoning(value: bool | str, calls: Sequence[Call]) -> Finding:
    """``calls``: all that asked for this value, alone or with others."""
    refusal = next((call.refusal for call in calls if call.refusal), None)
    answered = [call for call in calls if call.completion and (call.text or call.reasons)]
    reasoned = [call for call in answered if call.reasons]
    if refusal is not None and not answered:
        return _of(value, "unsupported", refusal)
    if not answered:
        return _of(value, "unknown", "no text came")
    if value is False:
        if reasoned:
            return _of(
                value,
                "ignored",
                f"it is off, but {len(reasoned)} of {len(answered)} answers {_how(reasoned[0])}",
            )
        return _of(value, "honoured", f"none of {len(answered)} answers reasoned")
    if reasoned:
        return _of(value, "honoured", f"{len(reasoned)} of {len(answered)} answers {_how(reasoned[0])}")
    return _of(value, "ignored", f"it is on, but none of {len(answered)} answers reasoned")


def spare_levels(findings: Sequence[Finding]) -> list[Finding]:
    """A level may mean hardly any reasoning: one that shows none is believed where another value shows some."""
    if not any(f.verdict == "honoured" and f.values != (False,) for f in findings):
        return list(findings)
    return [
        replace(f, verdict="unknown", evidence="none of its answers reasoned, as a level may mean")
        if f.verdict == "ignored" and isinstance(f.values[0], str)
        else f
        for f in findings
    ]


def judge_switch(calls: Mapping[bool | str, Call], seen: Sequence[Call]) -> list[Finding]:
    """The values whose requests are the same as the first one's: they never reached the wire. ``calls``: one a value."""
    (first, one), *others = calls.items()
    told = [place for knob in _TOLD for place in places(seen, knob)]
    same = []
    for value, call in others:
        if one.exchange is None or call.exchange is None:
            continue
        if not differences(one.exchange.request, call.exchange.request, told):
            evidence = f"its request is the same as that of reasoning={word(first)}"
            same.append(_of(value, "ignored", evidence))
    return same


def judge_levels(calls: Mapping[str, Call], again: Call) -> Finding:
    """Whether levels differ in what they do. ``again``: the first one's question once more."""
    levels = list(calls)
    amounts = ", ".join(f"{name} {_amount(call)}" for name, call in calls.items())
    twins = [(a, b) for i, a in enumerate(levels) for b in levels[i + 1 :] if calls[a].text == calls[b].text]
    if twins:
        one, other = twins[0]
        values = tuple(dict.fromkeys(b for _, b in twins))
        evidence = f"{one} and {other} gave the same text ({_amount(calls[one])})"
        return Finding(knob="reasoning", values=values, verdict="ignored", evidence=evidence)
    if again.text != calls[levels[0]].text:
        evidence = f"texts differ ({amounts}), but one level's own differ too"
        return Finding(knob="reasoning levels", verdict="unknown", evidence=evidence)
    return Finding(knob="reasoning levels", verdict="honoured", evidence=f"all texts differ: {amounts}")


def judge_echo(reasoning: bool | str, first: Call, on: Call | None, off: Call | None) -> list[Finding]:
    """``first``: the turn that reasoned; ``on``, ``off``: the next one with its reasoning sent back, and without."""
    where: dict[str, Any] = {"reasoning": reasoning}
    if not first.reasons:
        words = "no reasoning came that could be sent back"
        return [_echo(value, "unknown", words, where) for value in (False, True)]
    findings = []
    if off is not None:
        findings.append(_echo_off(first, off, where))
    if on is not None:
        findings.append(_echo_on(first, on, off, where))
    return findings


def _echo_off(first: Call, off: Call, where: Mapping[str, Any]) -> Finding:
    thought = first.completion.message.reasoning if first.completion else None
    if off.refusal is not None:
        return _echo(False, "unsupported", off.refusal, where)
    if not thought or off.exchange is None:
        return _echo(False, "unknown", "the reasoning's text is not known, so it cannot be looked for", where)
    if says(off.exchange.request, thought):
        return _echo(False, "ignored", "the next request holds the reasoning all the same", where)
    return _echo(
        False, "honoured", f"the next request holds none of the {_amount(first)} of reasoning", where
    )


def _echo_on(first: Call, on: Call, off: Call | None, where: Mapping[str, Any]) -> Finding:
    if on.refusal is not None:
        return _echo(True, "unsupported", on.refusal, where)
    thought = (first.completion.message.reasoning or "") if first.completion else ""
    sent = on.exchange is not None and (
        says(on.exchange.request, thought)
        if thought.strip()
        else off is None or off.exchange is None or on.exchange.request != off.exchange.request
    )
    if not sent:
        return _echo(True, "ignored", "the next request does not hold the reasoning", where)
    with_it, without = on.input_tokens, off.input_tokens if off else None
    if with_it is None or without is None:
        return _echo(
            True, "unknown", "the next request holds it; the prompts' tokens were not compared", where
        )
    grew, tokens = with_it - without, _tokens(first)
    evidence = f"the next request holds it; its prompt has {with_it} tokens, without it {without}"
    if grew >= _GREW * tokens:
        return _echo(True, "honoured", evidence, where)
    if grew <= _STAYED * tokens:
        return _echo(True, "ignored", f"{evidence}: the server drops it", where)
    return _echo(True, "unknown", f"{evidence}: less than the {tokens} or so that it has", where)


def _tokens(call: Call) -> int:
    """Of the reasoning: as counted by the server, else about."""
    counted = call.completion.usage.reasoning_tokens if call.completion else None
    return counted or max(1, call.reasoning_chars // _TOKEN_CHARS)


def _how(call: Call) -> str:
    return f"reasoned ({_amount(call)})"


def _amount(call: Call) -> str:
    counted = call.completion.usage.reasoning_tokens if call.completion else None
    if counted:
        return f"{counted} tokens"
    if call.reasoning_chars:
        return f"{call.reasoning_chars} characters"
    return "inside of the answer" if call.reasons else "none"


def _of(value: bool | str, verdict: Any, evidence: str) -> Finding:
    return Finding(knob="reasoning", values=(value,), verdict=verdict, evidence=evidence)


def _echo(value: bool, verdict: Any, evidence: str, where: Mapping[str, Any]) -> Finding:
    return Finding(knob="echo_reasoning", values=(value,), verdict=verdict, evidence=evidence, where=where)
