"""Which questions are asked, in which order. Nobody is accused on one hearing: what looks ignored is asked again, at more length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import perf_counter

from llmsweep.errors import ProviderError
from llmsweep.probe import answering, drawing, thinking, wire
from llmsweep.probe.drawing import Drawn
from llmsweep.probe.interview import Call, Interview, Question
from llmsweep.probe.report import Finding, ProbeReport, word
from llmsweep.probe.wanted import Wanted
from llmsweep.providers.base import Provider
from llmsweep.types import Message, Sampling, Tool

HOT = 1.0
"""The temperature at which drawing shows, where the space has none of `_HOT_ENOUGH`; every API takes it."""
_HOT_ENOUGH = 0.7
_NARROW = 0.001
_MARKS = {"temperature": 0.8125, "top_p": 0.9375}
"""Values that nothing else in a request has by chance."""
_SEEDS = (72_390_113, 1_618_033, 27_182_818)
_COUNT = "Count from 1 to 100."
_CUTS = (11, 7)
_FEW = 4
_LONG_WORDS = 150
_OVER_S, _UNDER_S = 60.0, 2.0
"""Seconds that reading a prompt may take that should be refused at once, and of one that has to be read."""

ADD = Tool(
    name="add",
    description="Add two whole numbers.",
    parameters={
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "required": ["a", "b"],
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """``seeds``: of the calls that differ in nothing else; ``tokens``: of the texts that are compared,
    ``thought_tokens``: of answers that reason; ``puzzle``: what there is to think about.
    """

    seeds: tuple[int, ...]
    tokens: int
    thought_tokens: int
    puzzle: str


FIRST = Hearing(
    seeds=(_SEEDS[0], _SEEDS[0], _SEEDS[1]), tokens=16, thought_tokens=512, puzzle="What is 17 + 25?"
)
SECOND = Hearing(
    seeds=(_SEEDS[0], _SEEDS[0], *_SEEDS),
    tokens=48,
    thought_tokens=1024,
    # Models that think only where they see need to do so here.
    puzzle="How many primes lie between 1000 and 1100? Think it through step by step before you answer.",
)


def probe(provider: Provider, wanted: Wanted) -> ProbeReport:
    """Ask a provider, which is entered already, about all that is wanted.

    Raises ProviderError where the server fails, which is not what is probed.
    """
    began, at = perf_counter(), datetime.now(UTC).isoformat(timespec="seconds")
    with Interview(provider) as interview:
        asking = _Asking(interview, wanted)
        findings = tuple(asking.everything())
    calls = interview.calls
    usages = [call.completion.usage for call in calls if call.completion]
    return ProbeReport(
        key=wanted.key,
        model=wanted.baseline.model,
        revision=wanted.baseline.revision,
        provider=provider.name,
        at=at,
        seconds=round(perf_counter() - began, 2),
        calls=len(calls),
        input_tokens=sum(usage.input_tokens or 0 for usage in usages),
        output_tokens=sum(usage.output_tokens or 0 for usage in usages),
        findings=findings,
        exchanges=tuple((call.why, call.exchange) for call in calls if call.exchange),
    )


class _Asking:
    """The questions of one probe, a method a knob."""

    def __init__(self, interview: Interview, wanted: Wanted) -> None:
        self._interview, self._wanted = interview, wanted
        self._base = wanted.baseline.sampling

    def everything(self) -> list[Finding]:
        findings = [
            *_heard(self._drawing),
            *_heard(self._max_tokens),
            *_heard(self._reasoning),
            *(_heard(self._tools) if self._wanted.calls_tools else ()),
            *_heard(self._streaming),
        ]
        return [*findings, self._context()]

    def _drawing(self, hearing: Hearing) -> list[Finding]:
        """temperature, top_p and seed."""
        for temperature in self._marked():
            self._write("marks every setting", temperature, hearing.tokens)
        temperatures, top_ps = self._wanted.values("temperature"), self._wanted.values("top_p")
        cold, hot, narrow = Drawn([]), Drawn([]), Drawn([])
        if temperatures:
            seeds = hearing.seeds if 0 in temperatures else hearing.seeds[:1]
            cold = self._draw("temperature 0", self._tempered(0.0), seeds, hearing.tokens)
        is_seeded = bool(wire.places(self._interview.calls, "seed"))
        if any(temperatures) or len(top_ps) > 1 or (is_seeded and not temperatures):
            warm = self._tempered(max([t for t in temperatures if t >= _HOT_ENOUGH], default=HOT))
            hot = self._draw("a high temperature", warm, hearing.seeds, hearing.tokens)
            if len(top_ps) > 1:
                little = replace(warm, top_p=_NARROW)
                narrow = self._draw("almost no top_p", little, hearing.seeds, hearing.tokens)
        self._accept("temperature", temperatures)
        self._accept("top_p", top_ps)
        calls = self._interview.calls
        return [
            *(drawing.judge_temperature(temperatures, cold, hot, calls) if temperatures else ()),
            *(drawing.judge_top_p(top_ps, narrow, hot, calls) if top_ps else ()),
            drawing.judge_seed(cold, hot, calls),
            *drawing.judge_repeats(cold, hot),
        ]

    def _marked(self) -> list[Sampling]:
        """The baseline with values that tell themselves apart, where it has them and the provider takes them."""
        marks = {knob: mark for knob, mark in _MARKS.items() if getattr(self._base, knob) is not None}
        marked = replace(self._base, seed=_SEEDS[2], **marks)  # type: ignore[arg-type]
        return [marked] if self._interview.takes(marked) else []

    def _tempered(self, temperature: float) -> Sampling:
        """Settings with a temperature: the baseline's, or of a cell that has one at all; the model's own where none has."""
        temperatures = self._wanted.values("temperature")
        if not temperatures:
            return self._base
        like = self._base
        if like.temperature is None:
            like = self._wanted.sampling("temperature", temperatures[0])
        return replace(like, temperature=temperature)

    def _draw(self, what: str, sampling: Sampling, seeds: Sequence[int], tokens: int) -> Drawn:
        """An answer with each seed; what is refused gives none."""
        calls: list[Call] = []
        for seed in seeds if self._interview.takes(sampling) else ():
            call = self._write(f"{what}, seed {seed}", replace(sampling, seed=seed), tokens)
            if call.refusal is not None:
                return Drawn([])
            calls.append(call)
        return Drawn(calls)

    def _accept(self, knob: str, values: Sequence[float | int]) -> None:
        """Ask with each value that no call asked for yet: the server may refuse it."""
        for value in values:
            if any(getattr(call.sampling, knob) == value for call in self._interview.calls):
                continue
            self._write(f"{knob} {word(value)}", self._wanted.sampling(knob, value), _FEW)

    def _write(self, why: str, sampling: Sampling, tokens: int) -> Call:
        return self._ask(why, "Write ten random words, and nothing else.", sampling, tokens)

    def _max_tokens(self, hearing: Hearing) -> list[Finding]:
        values = self._wanted.values("max_tokens")
        for value in values:
            asked = self._wanted.sampling("max_tokens", value)
            self._ask(f"max_tokens {value}", "Say OK.", asked, value, pieces=_FEW)
        if not any(c.completion and c.completion.stop_reason == "length" for c in self._interview.calls):
            for tokens in _CUTS:
                self._ask(f"max_tokens {tokens} cuts", _COUNT, self._base, tokens)
        return answering.judge_max_tokens(values, self._interview.calls)

    def _reasoning(self, hearing: Hearing) -> list[Finding]:
        """reasoning and echo_reasoning: one turn a value, then the next with and without the reasoning of the first."""
        values = self._wanted.values("reasoning")
        if values == [False]:
            return [thinking.judge_reasoning(False, self._with_reasoning(False))]
        turns = {value: self._think(value, hearing) for value in values}
        same = thinking.judge_switch(turns, self._interview.calls) if len(turns) > 1 else []
        unsent = {finding.values[0] for finding in same}
        findings = [thinking.judge_reasoning(v, self._with_reasoning(v)) for v in turns if v not in unsent]
        findings = thinking.spare_levels(findings)
        levels = {value: turn for value, turn in turns.items() if isinstance(value, str) and turn.text}
        if len(levels) > 1 and not unsent:
            again = self._think(next(iter(levels)), hearing)
            findings.append(thinking.judge_levels(levels, again))
        for value, turn in turns.items():
            if value is not False:
                findings += self._echo(value, turn, hearing)
        return [*findings, *same]

    def _with_reasoning(self, value: bool | str) -> list[Call]:
        return [call for call in self._interview.calls if call.sampling.reasoning == value]

    def _think(self, value: bool | str, hearing: Hearing) -> Call:
        sampling = replace(self._wanted.sampling("reasoning", value), echo_reasoning=False, seed=_SEEDS[0])
        if not self._interview.takes(sampling):
            sampling = replace(sampling, echo_reasoning=True)
        tokens = hearing.thought_tokens if value is not False else 4 * hearing.tokens
        return self._interview.ask(
            self._puzzle(f"reasoning {word(value)}, turn one", sampling, tokens, hearing)
        )

    def _puzzle(self, why: str, sampling: Sampling, tokens: int, hearing: Hearing) -> Question:
        tools = (ADD,) if self._wanted.calls_tools else ()
        asked = f"{hearing.puzzle} Use the tool add." if tools and hearing is FIRST else hearing.puzzle
        messages = (Message(role="user", content=asked),)
        return Question(why=why, messages=messages, sampling=sampling, tools=tools, tokens=tokens)

    def _echo(self, value: bool | str, first: Call, hearing: Hearing) -> list[Finding]:
        """The second turn, as the agent's loop would take it: after the tool's result where a tool was called."""
        if first.completion is None:
            return []
        said = first.completion.message
        results = [Message(role="tool", content="42", tool_call_id=call.id) for call in said.tool_calls]
        after = results or [Message(role="user", content="And twice that?")]
        wanted = self._wanted.values("echo_reasoning", reasoning=value)
        turns: dict[bool, Call] = {}
        # Without the echo also where no cell is: it is what the prompt with it is compared with.
        for echo in (False, True) if True in wanted and first.reasons else (False,):
            sampling = replace(first.sampling, echo_reasoning=echo)
            if not self._interview.takes(sampling):
                continue
            question = self._puzzle(
                f"reasoning {word(value)}, turn two, echo {word(echo)}", sampling, _FEW, hearing
            )
            messages = (*question.messages, said, *after)
            turns[echo] = self._interview.ask(replace(question, messages=messages))
        findings = thinking.judge_echo(value, first, turns.get(True), turns.get(False))
        return [finding for finding in findings if finding.values[0] in wanted]

    def _tools(self, hearing: Hearing) -> list[Finding]:
        asked = "Call the tool add with a=2 and b=3. Answer with the call alone."
        sampling = next(
            c.sampling for c in (self._wanted.baseline, *self._wanted.cells) if c.protocol == "native"
        )
        tokens = hearing.thought_tokens if sampling.reasoning else 6 * hearing.tokens
        question = Question(
            why="a tool call",
            messages=(Message(role="user", content=asked),),
            sampling=sampling,
            tools=(ADD,),
            tokens=tokens,
        )
        return [answering.judge_tools(self._interview.ask(question), ADD.name)]

    def _streaming(self, hearing: Hearing) -> list[Finding]:
        calls: Sequence[Call] = self._interview.calls
        if hearing is SECOND:
            calls = [self._ask("streaming", _COUNT, self._base, 2 * hearing.tokens) for _ in range(3)]
        return [answering.judge_streaming(calls)]

    def _context(self) -> Finding:
        context = self._wanted.baseline.context
        if context is None:
            return Finding(knob="context", verdict="unknown", evidence="the server does not say")
        if self._wanted.paid:
            return _untested(context, "a prompt that long costs money")
        try:
            return self._window(context)
        except ProviderError as e:
            return _untested(context, f"the server failed under a long prompt: {e}")

    def _window(self, context: int) -> Finding:
        """Prompts just over and just under the window, their words counted by the server itself."""
        short, long = (self._read("counts tokens", words) for words in (0, _LONG_WORDS))
        if short.input_tokens is None or long.input_tokens is None or long.input_tokens <= short.input_tokens:
            return _untested(context, "the server does not count the tokens of a prompt")
        a_word = (long.input_tokens - short.input_tokens) / _LONG_WORDS
        a_second = long.input_tokens / max(long.duration_s, 1e-3)
        seconds = context / a_second
        if seconds > _OVER_S:
            return _untested(context, f"reading {context} tokens would take about {seconds:.0f} s")
        over, under = round(context * 1.02) + 32, round(context * 0.95) - 32
        expected = (over, under)
        words = [max(1, round((tokens - short.input_tokens) / a_word)) for tokens in expected]
        too_long = self._read("a prompt just too long", words[0])
        fits = None
        if seconds <= _UNDER_S and under > short.input_tokens:
            fits = self._read("a prompt that just fits", words[1])
        return answering.judge_context(context, too_long, fits, expected)

    def _read(self, why: str, words: int) -> Call:
        return self._ask(why, "Say OK." + " sea" * words, self._base, 1)

    def _ask(
        self, why: str, asked: str, sampling: Sampling, tokens: int, *, pieces: int | None = None
    ) -> Call:
        messages = (Message(role="user", content=asked),)
        question = Question(why=why, messages=messages, sampling=sampling, tokens=tokens, pieces=pieces)
        return self._interview.ask(question)


def _heard(hear: Callable[[Hearing], list[Finding]]) -> list[Finding]:
    findings = hear(FIRST)
    return hear(SECOND) if any(f.verdict == "ignored" for f in findings) else findings


def _untested(context: int, why: str) -> Finding:
    return Finding(
        knob="context", verdict="unknown", evidence=f"{context} tokens are said; not tested: {why}"
    )
