"""Which questions are asked, in which order. Nobody is accused on one hearing: what looks ignored is asked again, at more length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from time import perf_counter

from llmsweep.errors import ProviderError
from llmsweep.probe import answering, thinking
from llmsweep.probe.ask_drawing import Drawing
from llmsweep.probe.hearing import ADD, FEW, FIRST, SECOND, SEEDS, Asker, Hearing, heard
from llmsweep.probe.interview import Call, Interview, Question
from llmsweep.probe.report import Finding, ProbeReport, word
from llmsweep.probe.wanted import Wanted
from llmsweep.providers.base import Provider
from llmsweep.types import Message, Sampling

_COUNT = "Count from 1 to 100."
_CUTS = (11, 7)
_LONG_WORDS = 150
_OVER_S, _UNDER_S = 60.0, 2.0
"""Seconds that reading a prompt may take that should be refused at once, and of one that has to be read."""


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


class _Asking(Asker):
    """The questions of one probe, a method a knob; those about drawing are `Drawing`'s."""

    def everything(self) -> list[Finding]:
        drawing = Drawing(self.interview, self.wanted)
        findings = [
            *heard(drawing.basics),
            *heard(drawing.top_k),
            *heard(drawing.min_p),
            *heard(drawing.repeat_penalty),
            *heard(self._max_tokens),
            *heard(self._reasoning),
            *(heard(self._tools) if self.wanted.calls_tools else ()),
            *heard(self._streaming),
        ]
        return [*findings, self._context()]

    def _max_tokens(self, hearing: Hearing) -> list[Finding]:
        values = self.wanted.values("max_tokens")
        for value in values:
            asked = self.wanted.sampling("max_tokens", value)
            self.ask(f"max_tokens {value}", "Say OK.", asked, value, pieces=FEW)
        if not any(c.completion and c.completion.stop_reason == "length" for c in self.calls):
            for tokens in _CUTS:
                self.ask(f"max_tokens {tokens} cuts", _COUNT, self.base, tokens)
        return answering.judge_max_tokens(values, self.calls)

    def _reasoning(self, hearing: Hearing) -> list[Finding]:
        """reasoning and echo_reasoning: one turn a value, then the next with and without the reasoning of the first."""
        values = self.wanted.values("reasoning")
        if values == [False]:
            return [thinking.judge_reasoning(False, self._with_reasoning(False))]
        turns = {value: self._think(value, hearing) for value in values}
        same = thinking.judge_switch(turns, self.calls) if len(turns) > 1 else []
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
        return [call for call in self.calls if call.sampling.reasoning == value]

    def _think(self, value: bool | str, hearing: Hearing) -> Call:
        sampling = replace(self.wanted.sampling("reasoning", value), echo_reasoning=False, seed=SEEDS[0])
        if not self.interview.takes(sampling):
            sampling = replace(sampling, echo_reasoning=True)
        tokens = hearing.thought_tokens if value is not False else 4 * hearing.tokens
        return self.interview.ask(
            self._puzzle(f"reasoning {word(value)}, turn one", sampling, tokens, hearing)
        )

    def _puzzle(self, why: str, sampling: Sampling, tokens: int, hearing: Hearing) -> Question:
        tools = (ADD,) if self.wanted.calls_tools else ()
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
        wanted = self.wanted.values("echo_reasoning", reasoning=value)
        turns: dict[bool, Call] = {}
        # Without the echo also where no cell is: it is what the prompt with it is compared with.
        for echo in (False, True) if True in wanted and first.reasons else (False,):
            sampling = replace(first.sampling, echo_reasoning=echo)
            if not self.interview.takes(sampling):
                continue
            question = self._puzzle(
                f"reasoning {word(value)}, turn two, echo {word(echo)}", sampling, FEW, hearing
            )
            messages = (*question.messages, said, *after)
            turns[echo] = self.interview.ask(replace(question, messages=messages))
        findings = thinking.judge_echo(value, first, turns.get(True), turns.get(False))
        return [finding for finding in findings if finding.values[0] in wanted]

    def _tools(self, hearing: Hearing) -> list[Finding]:
        asked = "Call the tool add with a=2 and b=3. Answer with the call alone."
        sampling = next(
            c.sampling for c in (self.wanted.baseline, *self.wanted.cells) if c.protocol == "native"
        )
        tokens = hearing.thought_tokens if sampling.reasoning else 6 * hearing.tokens
        question = Question(
            why="a tool call",
            messages=(Message(role="user", content=asked),),
            sampling=sampling,
            tools=(ADD,),
            tokens=tokens,
        )
        return [answering.judge_tools(self.interview.ask(question), ADD.name)]

    def _streaming(self, hearing: Hearing) -> list[Finding]:
        calls: Sequence[Call] = self.calls
        if hearing is SECOND:
            calls = [self.ask("streaming", _COUNT, self.base, 2 * hearing.tokens) for _ in range(3)]
        return [answering.judge_streaming(calls)]

    def _context(self) -> Finding:
        context = self.wanted.baseline.context
        if context is None:
            return Finding(knob="context", verdict="unknown", evidence="the server does not say")
        if self.wanted.paid:
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
        return self.ask(why, "Say OK." + " sea" * words, self.base, 1)


def _untested(context: int, why: str) -> Finding:
    return Finding(
        knob="context", verdict="unknown", evidence=f"{context} tokens are said; not tested: {why}"
    )
