"""Judges the knobs of drawing, from temperature to seed, by texts that differ in nothing else; pure functions of calls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from statistics import fmean
from typing import Any

from llmsweep.probe.interview import Call, refusals
from llmsweep.probe.report import Finding, Verdict, word
from llmsweep.probe.wire import places

_TIMES, _CHARS = 2, 12
"""Texts that stay alike so much longer than unrelated ones do are one text with a disturbance."""
_OFF = {"top_p": 1, "top_k": 0, "min_p": 0, "repeat_penalty": 1}
"""The value of a knob with which it does nothing."""
_OFTEN = 3
"""A text that has one word so often repeats itself."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Answers to one question under settings that differ in the seed alone; at least two have the first seed."""

    calls: Sequence[Call]

    @property
    def refusal(self) -> str | None:
        return next((call.refusal for call in self.calls if call.refusal), None)

    @property
    def texts(self) -> list[str]:
        return [call.text for call in self.calls]

    @property
    def distinct(self) -> int:
        return len(set(self.texts))

    @property
    def said_something(self) -> bool:
        return bool(self.calls) and all(self.texts)

    @property
    def by_seed(self) -> dict[int | None, list[str]]:
        found: dict[int | None, list[str]] = {}
        for call in self.calls:
            found.setdefault(call.sampling.seed, []).append(call.text)
        return found

    @property
    def repeated(self) -> list[str]:
        """The texts of the seed that was asked for more than once."""
        return max(self.by_seed.values(), key=len)

    @property
    def is_repeatable(self) -> bool:
        return len(set(self.repeated)) == 1

    @property
    def alike_repeated(self) -> float:
        """Characters for which texts of one seed stay the same, on average."""
        return _alike(combinations(self.repeated, 2))

    @property
    def alike_across(self) -> float:
        """Characters for which texts of different seeds stay the same, on average."""
        groups = combinations(self.by_seed.values(), 2)
        return _alike(pair for one, other in groups for pair in product(one, other))

    @property
    def counted(self) -> str:
        return f"{len(self.calls)} calls with {len(self.by_seed)} seeds gave {_texts(self.distinct)}"


def judge_temperature(
    values: Sequence[float], cold: Drawn, hot: Drawn, calls: Sequence[Call]
) -> list[Finding]:
    """``cold``: at temperature 0; ``hot``: at a high one; either may be empty. ``calls``: all that asked for one."""
    refused = refusals(calls, "temperature")
    findings = [_refused("temperature", v, refused[v]) for v in values if v in refused]
    rest = tuple(v for v in values if v not in refused)
    if not rest:
        return findings
    where = places(calls, "temperature")
    if not where:
        return [*findings, _absent("temperature", rest)]
    sent = f"sent as {where[0]}"
    if 0 in rest and _is_drawn(cold, hot):
        evidence = f"{sent}, but at temperature 0 {cold.counted}"
        return [*findings, Finding(knob="temperature", values=rest, verdict="ignored", evidence=evidence)]
    warm = tuple(v for v in rest if v)
    if warm and _is_frozen(cold, hot):
        evidence = f"{sent}, but {hot.counted} at {_at(hot)}: the text of temperature 0"
        findings.append(Finding(knob="temperature", values=warm, verdict="ignored", evidence=evidence))
        rest = tuple(v for v in rest if not v)
    if rest:
        findings.append(_temperature_acts(rest, cold, hot, sent))
    return findings


def judge_seed(cold: Drawn, hot: Drawn, calls: Sequence[Call]) -> Finding:
    """Whether the seed decides what is drawn above temperature 0. See `judge_temperature`."""
    where = places(calls, "seed")
    if not where:
        evidence = "no request holds it: the server draws by itself, and no repeat can be drawn again"
        return Finding(knob="seed", verdict="unsupported", evidence=evidence, note=True)
    sent = f"sent as {where[0]}"
    if not hot.calls or not hot.said_something:
        why = "nothing was drawn above temperature 0" if not hot.calls else "no text came"
        return Finding(knob="seed", verdict="unknown", evidence=f"{sent}; {why}")
    if hot.distinct == 1:
        if cold.calls and cold.texts[0] == hot.texts[0]:
            evidence = f"{sent}; {hot.counted}, that of temperature 0: nothing is drawn"
            return Finding(knob="seed", verdict="unknown", evidence=evidence)
        evidence = f"{sent}, but {hot.counted} at {_at(hot)}"
        return Finding(knob="seed", verdict="ignored", evidence=evidence)
    if not hot.is_repeatable and _is_chance(hot):
        evidence = (
            f"{sent}, but at {_at(hot)} {len(hot.repeated)} calls with one seed gave"
            f" {_texts(len(set(hot.repeated)))}, as unlike as with different seeds"
        )
        return Finding(knob="seed", verdict="ignored", evidence=evidence)
    return Finding(knob="seed", verdict="honoured", evidence=f"{sent}; {hot.counted} at {_at(hot)}")


def judge_repeats(*drawn: Drawn) -> list[Finding]:
    """A note for each temperature at which the same seed gives other texts: batches and caches do that too."""
    notes = []
    for one in drawn:
        if one.said_something and not one.is_repeatable:
            evidence = (
                f"not reproducible here: {len(one.repeated)} calls with one seed gave"
                f" {_texts(len(set(one.repeated)))}, the same for the first {one.alike_repeated:.0f} characters"
            )
            values = (one.calls[0].sampling.temperature,)
            notes.append(
                Finding(
                    knob="repeats at temperature",
                    values=values,
                    verdict="unsupported",
                    evidence=evidence,
                    note=True,
                )
            )
    return notes


def judge_narrowing(
    knob: str, values: Sequence[float], narrow: Drawn | None, hot: Drawn, calls: Sequence[Call]
) -> list[Finding]:
    """``hot``: at a high temperature with all tokens to choose from; ``narrow``: with a value of the knob that leaves
    one of them, None where that was not asked.
    """
    findings, rest, sent = _sent(knob, values, calls)
    if not rest:
        return findings
    if narrow is None:
        evidence = f"{sent}; its effect was not tried"
        return [*findings, Finding(knob=knob, values=rest, verdict="honoured", evidence=evidence)]
    if not narrow.calls:
        evidence = f"{sent}; its effect could not be tried"
        return [*findings, Finding(knob=knob, values=rest, verdict="unknown", evidence=evidence)]
    little = word(getattr(narrow.calls[0].sampling, knob))
    if not (narrow.said_something and hot.said_something) or hot.distinct == 1:
        evidence = f"{sent}; no two texts differ with which to compare"
        return [*findings, Finding(knob=knob, values=rest, verdict="unknown", evidence=evidence)]
    if _is_drawn(narrow, hot):
        evidence = f"{sent}, but with {knob}={little} {narrow.counted}"
        return [*findings, _without_effect(knob, rest, evidence)]
    evidence = f"{sent}; with {knob}={little} {narrow.counted}, with {word(getattr(hot.calls[0].sampling, knob))} {_texts(hot.distinct)}"
    return [*findings, Finding(knob=knob, values=rest, verdict="honoured", evidence=evidence)]


def judge_penalty(
    values: Sequence[float], pairs: Sequence[tuple[Drawn, Drawn]], calls: Sequence[Call]
) -> list[Finding]:
    """``pairs``: a text that should repeat itself, twice without a penalty, and once with a high one.

    One pair that differs is proof; only where all are the same and one repeats itself the penalty is ignored.
    """
    knob = "repeat_penalty"
    findings, rest, sent = _sent(knob, values, calls)
    if not rest:
        return findings
    judged = [_penalised(*pair) for pair in pairs if all(one.said_something for one in pair)]
    for wanted in ("honoured", "ignored", "unknown"):
        for verdict, shown in judged:
            if verdict == wanted == "ignored":
                return [*findings, _without_effect(knob, rest, f"{sent}, but {shown}")]
            if verdict == wanted:
                evidence = f"{sent}; {shown}"
                return [*findings, Finding(knob=knob, values=rest, verdict=verdict, evidence=evidence)]
    evidence = f"{sent}; its effect could not be tried"
    return [*findings, Finding(knob=knob, values=rest, verdict="unknown", evidence=evidence)]


def _penalised(plain: Drawn, hard: Drawn) -> tuple[Verdict, str]:
    """What one pair shows."""
    text = hard.texts[0]
    under = f"with repeat_penalty={word(hard.calls[0].sampling.repeat_penalty)}"
    if text in plain.texts:
        if _repeats_itself(text):
            return "ignored", f"{under} a text repeats itself as it does without: {text[:24]!r}"
        return "unknown", f"{under} a text is the same as without, but it repeats nothing"
    alike = _alike((one, text) for one in plain.texts)
    if plain.is_repeatable or _is_longer(plain.alike_repeated, alike):
        return "honoured", f"{under} the text {text[:24]!r} came, without one {plain.texts[0][:24]!r}"
    return "unknown", f"texts with and without a penalty differ at {_at(plain)}, but those without differ too"


def _sent(
    knob: str, values: Sequence[float], calls: Sequence[Call]
) -> tuple[list[Finding], tuple[float, ...], str]:
    """Findings about the values that were refused or are in no request, the other values, and where those were sent."""
    refused = refusals(calls, knob)
    findings = [_refused(knob, v, refused[v]) for v in values if v in refused]
    rest = tuple(v for v in values if v not in refused)
    where = places(calls, knob)
    if rest and not where:
        return [*findings, _absent(knob, rest)], (), ""
    return findings, rest, f"sent as {where[0]}" if where else ""


def _without_effect(knob: str, values: tuple[float, ...], evidence: str) -> Finding:
    """The value that should do nothing is not blamed: the server's default, which is in force, may be just that."""
    acting = tuple(v for v in values if v != _OFF[knob])
    if not acting:
        evidence = f"{evidence}: the server's own default is in force"
        return Finding(knob=knob, values=values, verdict="ignored", evidence=evidence, note=True)
    return Finding(knob=knob, values=acting, verdict="ignored", evidence=evidence)


def _repeats_itself(text: str) -> bool:
    words = text.split()
    return any(words.count(one) >= _OFTEN for one in set(words))


def _temperature_acts(values: tuple[float, ...], cold: Drawn, hot: Drawn, sent: str) -> Finding:
    drawn = [one for one in (cold, hot) if one.calls]
    if not drawn:
        evidence = f"{sent}; its effect could not be tried"
        return Finding(knob="temperature", values=values, verdict="unknown", evidence=evidence)
    if not all(one.said_something for one in drawn):
        return Finding(knob="temperature", values=values, verdict="unknown", evidence=f"{sent}; no text came")
    evidence = "; ".join([sent, *(f"at {_at(one)} {one.counted}" for one in drawn)])
    return Finding(knob="temperature", values=values, verdict="honoured", evidence=evidence)


def _is_drawn(cold: Drawn, hot: Drawn) -> bool:
    """Texts that should be one text are drawn: every seed has its own, and more than a disturbance tells them apart."""
    firsts = [texts[0] for texts in cold.by_seed.values()]
    if not cold.said_something or len(firsts) < 2 or len(set(firsts)) < len(firsts):
        return False
    if cold.is_repeatable:
        return True
    return hot.said_something and not _is_longer(cold.alike_across, hot.alike_across)


def _is_frozen(cold: Drawn, hot: Drawn) -> bool:
    """All seeds give at a high temperature the one text of temperature 0."""
    return bool(cold.calls) and hot.said_something and hot.distinct == 1 and hot.texts[0] == cold.texts[0]


def _is_chance(hot: Drawn) -> bool:
    """No two texts of one seed are the same, nor alike for longer than those of different seeds."""
    if len(set(hot.repeated)) < len(hot.repeated):
        return False
    return not _is_longer(hot.alike_repeated, hot.alike_across)


def _is_longer(alike: float, by_chance: float) -> bool:
    return alike > _TIMES * by_chance + _CHARS


def _alike(pairs: Iterable[tuple[str, str]]) -> float:
    lengths = [_common(one, other) for one, other in pairs]
    return fmean(lengths) if lengths else 0.0


def _common(one: str, other: str) -> int:
    differing = (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(differing, min(len(one), len(other)))


def _at(drawn: Drawn) -> str:
    return f"temperature {word(drawn.calls[0].sampling.temperature)}"


def _texts(count: int) -> str:
    return "one text" if count == 1 else f"{count} texts"


def _refused(knob: str, value: Any, words: str) -> Finding:
    return Finding(knob=knob, values=(value,), verdict="unsupported", evidence=words)


def _absent(knob: str, values: tuple[Any, ...]) -> Finding:
    return Finding(knob=knob, values=values, verdict="ignored", evidence="no request holds it")
