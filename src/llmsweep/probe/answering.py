"""Judges what every answer shows beside its text: its length, its streaming, its tool calls, the context window."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from llmsweep.probe.interview import Call, refusals
from llmsweep.probe.report import Finding, Verdict
from llmsweep.probe.wire import places

_AT_ONCE = 0.05
"""Share of an answer's seconds in which all of its pieces came, below which they were held back until its end."""
_TIMED_S, _SLOW_S = 0.02, 0.1
"""Answers quicker than this tell nothing about streaming; those slower tell when they are held back."""
_PIECES, _SEVERAL, _LONG_CHARS = 4, 3, 40
_NEARLY = 0.95


def judge_max_tokens(values: Sequence[int], calls: Sequence[Call]) -> list[Finding]:
    """By all calls: none may be longer, and those that were cut must say so."""
    refused = refusals(calls, "max_tokens")
    findings = [
        Finding(knob="max_tokens", values=(v,), verdict="unsupported", evidence=refused[v])
        for v in values
        if v in refused
    ]
    rest = tuple(v for v in values if v not in refused)
    if not rest:
        return findings
    where = places(calls, "max_tokens")
    if not where:
        return [
            *findings,
            Finding(knob="max_tokens", values=rest, verdict="ignored", evidence="no request holds it"),
        ]
    verdict, evidence, note = _length(calls)
    evidence = f"sent as {where[0]}; {evidence}"
    return [*findings, Finding(knob="max_tokens", values=rest, verdict=verdict, evidence=evidence, note=note)]


def _length(calls: Sequence[Call]) -> tuple[Verdict, str, bool]:
    """Verdict, evidence, and whether it is a note."""
    cut, full = 0, set()
    for call in calls:
        most = call.sampling.max_tokens
        if call.overran:
            return "ignored", f"more than {len(call.pieces_s)} pieces came for max_tokens={most}", False
        if call.completion is None:
            continue
        said = call.completion.usage.output_tokens
        if said is not None and said > most:
            return "ignored", f"{said} tokens came for max_tokens={most}", False
        cut += call.completion.stop_reason == "length"
        if said == most and call.completion.stop_reason == "stop":
            full.add(most)
    if cut:
        return (
            "honoured",
            f"none of {len(calls)} answers is longer, {cut} were cut and finished as length",
            False,
        )
    if len(full) > 1:
        lengths = " and ".join(str(tokens) for tokens in sorted(full))
        return (
            "unsupported",
            f"answers were cut at {lengths} tokens, but the server calls them finished",
            True,
        )
    return "unknown", "no answer was long enough to be cut", False


def judge_streaming(calls: Sequence[Call]) -> Finding:
    """Whether pieces come as they are made: without that, the time to the first one says nothing."""
    pieced = [c for c in calls if c.completion and len(c.pieces_s) >= _PIECES and c.duration_s > _TIMED_S]
    slow = [c for c in pieced if c.duration_s >= _SLOW_S]
    whole = [c for c in calls if c.completion and len(c.text) > _LONG_CHARS and c.duration_s >= _SLOW_S]
    if not pieced and len(whole) >= _SEVERAL and all(len(c.pieces_s) == 1 for c in whole):
        evidence = f"{len(whole)} answers came in one piece each: the time to the first token cannot be seen"
        return Finding(knob="streaming", verdict="ignored", evidence=evidence)
    judged = slow if len(slow) >= _SEVERAL else pieced
    # The middle one: a busy machine draws the pieces of a single answer apart, or together.
    typical = sorted(judged, key=_spread)[len(judged) // 2] if judged else None
    if typical is None or (_spread(typical) < _AT_ONCE and judged is not slow):
        evidence = "the answers were too short or quick to tell"
        return Finding(knob="streaming", verdict="unknown", evidence=evidence)
    spread_s = typical.pieces_s[-1] - typical.pieces_s[0]
    evidence = (
        f"{len(typical.pieces_s)} pieces within {spread_s:.2f} of an answer's {typical.duration_s:.2f} s"
    )
    if _spread(typical) < _AT_ONCE:
        evidence += ": answers are held back until their end, and the time to the first token says nothing"
        return Finding(knob="streaming", verdict="ignored", evidence=evidence)
    return Finding(knob="streaming", verdict="honoured", evidence=evidence)


def judge_tools(call: Call, name: str) -> Finding:
    """Whether the call of the tool ``name`` came as a call. A model that makes none proves nothing."""
    if call.refusal is not None:
        return Finding(knob="protocol", values=("native",), verdict="unsupported", evidence=call.refusal)
    calls = call.completion.message.tool_calls if call.completion else ()
    if any(_is_object(made.arguments) for made in calls):
        evidence = f"asked to, it called {calls[0].name} with {calls[0].arguments[:60]}"
        return Finding(knob="tool calls", verdict="honoured", evidence=evidence)
    if calls:
        evidence = f"a call came, but its arguments are no JSON object: {calls[0].arguments[:60]!r}"
        return Finding(knob="tool calls", verdict="unknown", evidence=evidence)
    if (found := _call_as_text(call.text, name)) is not None:
        evidence = (
            f"the call came as text that the server did not parse: {found[:80]!r}; look for its tool parser"
            " (llama-server --jinja, vLLM --tool-call-parser)"
        )
        return Finding(knob="tool calls", verdict="ignored", evidence=evidence)
    evidence = f"asked to call a tool, the model said {call.text[:40]!r}: it may be too weak"
    return Finding(knob="tool calls", verdict="unknown", evidence=evidence)


def judge_context(context: int, over: Call, under: Call | None, expected: tuple[int, int]) -> Finding:
    """``over``, ``under``: a prompt just too long for the window and one that just fits, of ``expected`` tokens."""
    too_long, fitting = expected
    verdict: Verdict = "ignored"
    if over.refusal is not None:
        verdict, evidence = (
            "unknown",
            f"a prompt of about {too_long} tokens was refused in other words: {over.refusal}",
        )
    elif over.completion is None or over.completion.stop_reason != "context":
        evidence = _taken(over, too_long)
    elif under is not None and (under.completion is None or under.completion.stop_reason == "context"):
        evidence = f"a prompt of about {fitting} tokens was refused as too long"
    elif under is not None and (under.input_tokens or fitting) < _NEARLY * fitting:
        evidence = _taken(under, fitting)
    else:
        verdict, evidence = _both_sides(context, over, under, expected)
    return Finding(knob="context", verdict=verdict, evidence=f"{context} tokens are said; {evidence}")


def _both_sides(
    context: int, over: Call, under: Call | None, expected: tuple[int, int]
) -> tuple[Verdict, str]:
    evidence = f"a prompt of about {expected[0]} was refused as too long"
    if under is not None:
        return "honoured", f"{evidence}, one of {under.input_tokens or expected[1]} was not"
    if over.exchange is not None and re.search(rf"\b{context}\b", over.exchange.reply):
        return "honoured", f"{evidence}, and the refusal names {context}"
    return "unknown", f"{evidence}; one that just fits was not tried"


def _taken(call: Call, expected: int) -> str:
    said = call.input_tokens
    if said is None:
        return f"a prompt of about {expected} was answered, and how much of it was read is not said"
    if said < _NEARLY * expected:
        return f"a prompt of about {expected} was answered, and only {said} tokens of it were read: cut without a word"
    return f"a prompt of {said} was answered: the window is larger"


def _spread(call: Call) -> float:
    return (call.pieces_s[-1] - call.pieces_s[0]) / call.duration_s


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text or "{}"), dict)
    except ValueError:
        return False


def _call_as_text(text: str, name: str) -> str | None:
    """The first whole JSON object in a text that names the tool, None where there is none."""
    decoder = json.JSONDecoder()
    for start in (match.start() for match in re.finditer(r"\{", text)):
        try:
            value, end = decoder.raw_decode(text, start)
        except ValueError:
            continue
        if isinstance(value, dict) and name in json.dumps(value):
            return text[start:end]
    return None
