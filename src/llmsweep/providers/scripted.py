"""No model: answers are given beforehand, so that everything around a model can be tried and tested in milliseconds.

Every answer is a function of what was asked and of the seed, so it is the same whoever asks, in whatever order.
"""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from time import perf_counter
from types import TracebackType
from typing import Self

from llmsweep.errors import ProviderError, UsageError
from llmsweep.providers.base import OnChunk, Tap
from llmsweep.types import (
    Completion,
    Exchange,
    Message,
    Sampling,
    StopReason,
    Tool,
    Usage,
    canonical_json,
    digest,
)

Given = str | Message | Completion
Answers = Sequence[Given] | Callable[[Sequence[Message], Sequence[Tool], Sampling], Given]
TOKEN_CHARS = 4
"""A token is four characters here: a rough truth, cheap to count, and the same on every machine."""


class Scripted:
    """A provider without a model; all arguments but ``answers`` are what conf/provider/scripted.yaml may set.

    ``replies``: a part of the task's text (the first user message) -> the answer to it, the first that
    occurs counting; ``reply``: the answer where none does. ``right_share``: temperature -> the share of
    turns that get these answers, on a straight line between the temperatures given; the others get
    ``wrong``. Whether a turn is one of them is drawn by its seed alone, so a sweep of the temperature has
    an answer known beforehand. ``piece_s``: seconds before each token. ``answers``, for tests: one a turn of
    each conversation, the last for ever, or a function; a Completion is given as it is, clocks included.

    It takes every setting: a script says the same under all of them, and the temperature acts as said.
    """

    name = "scripted"
    address: str | None = None

    def __init__(
        self,
        *,
        reply: str = "",
        replies: Mapping[str, str] | None = None,
        wrong: str = "",
        right_share: Mapping[float, float] | None = None,
        answers: Answers | None = None,
        slots: int = 2,
        context: int | None = None,
        piece_s: float = 0.0,
    ) -> None:
        if slots < 1:
            raise UsageError(f"provider.slots={slots}: it must be 1 or more.")
        self._right = sorted((float(t), float(share)) for t, share in (right_share or {}).items())
        for temperature, share in self._right:
            if not 0 <= share <= 1:
                raise UsageError(
                    f"provider.right_share.{temperature:g}={share:g}: it must be between 0 and 1."
                )
        if answers is not None and not callable(answers) and not answers:
            raise UsageError("provider.answers=[]: give at least one.")
        self.slots, self.aborted = slots, threading.Event()
        self._reply, self._replies, self._wrong = reply, dict(replies or {}), wrong
        self._answers, self._context, self._piece_s = answers, context, piece_s
        self._tap: Tap | None = None

    def revision(self) -> str:
        """A digest of the script, so that another script owes new episodes; that of a function is unknown."""
        if self._answers is not None:
            return "scripted"
        return f"scripted:{digest([self._reply, self._replies, self._wrong, self._right])[:12]}"

    def context(self) -> int | None:
        return self._context

    def check(self, sampling: Sampling) -> None:
        """Nothing is refused."""

    def __enter__(self) -> Self:
        self.aborted.clear()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def listen(self, tap: Tap | None) -> None:
        self._tap = tap

    def abort(self) -> None:
        self.aborted.set()

    def complete(
        self,
        messages: Sequence[Message],
        tools: Sequence[Tool],
        sampling: Sampling,
        on_chunk: OnChunk | None = None,
    ) -> Completion:
        if self.aborted.is_set():
            raise ProviderError("aborted")
        started = perf_counter()
        given = self._given(messages, tools, sampling)
        if isinstance(given, Completion):
            completion = given
        else:
            message = Message(role="assistant", content=given) if isinstance(given, str) else given
            completion = self._say(message, messages, sampling, on_chunk, started)
        if self._tap is not None:
            self._tap(_exchange(messages, sampling, completion))
        return completion

    def _given(self, messages: Sequence[Message], tools: Sequence[Tool], sampling: Sampling) -> Given:
        if callable(self._answers):
            return self._answers(messages, tools, sampling)
        if self._answers is not None:
            turn = sum(m.role == "assistant" for m in messages)
            return self._answers[min(turn, len(self._answers) - 1)]
        if self._right and random.Random(sampling.seed).random() >= self._share(sampling.temperature):
            return self._wrong
        task = next((m.content for m in messages if m.role == "user"), "")
        return next((answer for part, answer in self._replies.items() if part in task), self._reply)

    def _share(self, temperature: float | None) -> float:
        """The share of right answers, linear between the given temperatures and flat outside of them; none is 1."""
        temperature = 1.0 if temperature is None else temperature
        (low, low_share), *above = self._right
        for high, high_share in above:
            if temperature <= low:
                break
            if temperature < high:
                return low_share + (high_share - low_share) * (temperature - low) / (high - low)
            low, low_share = high, high_share
        return low_share

    def _say(
        self,
        message: Message,
        messages: Sequence[Message],
        sampling: Sampling,
        on_chunk: OnChunk | None,
        started: float,
    ) -> Completion:
        asked = sum(len(m.content) for m in messages) // TOKEN_CHARS + 1
        said = message.content[: sampling.max_tokens * TOKEN_CHARS]
        reason: StopReason = (
            "length" if said != message.content else "tool_calls" if message.tool_calls else "stop"
        )
        tokens = -(-len(said) // TOKEN_CHARS)
        if self._context is not None and asked + tokens > self._context:
            return Completion(message=Message(role="assistant"), stop_reason="context")
        if on_chunk is not None and message.reasoning:
            on_chunk("reasoning", message.reasoning)
        first = self._stream(said, on_chunk)
        if on_chunk is not None:
            for call in message.tool_calls:
                on_chunk("tool", call.name + call.arguments)
        ttft_s = first - started if said or message.tool_calls else None
        return Completion(
            message=replace(message, content=said),
            usage=Usage(input_tokens=asked, output_tokens=tokens),
            ttft_s=ttft_s,
            ttfo_s=ttft_s,
            duration_s=perf_counter() - started,
            stop_reason=reason,
        )

    def _stream(self, text: str, on_chunk: OnChunk | None) -> float:
        """Hand the text on, a token at a time where tokens take time; the moment of the first."""
        step = TOKEN_CHARS if self._piece_s else max(1, len(text))
        first = None
        for at in range(0, len(text), step):
            if self._piece_s and self.aborted.wait(self._piece_s):
                raise ProviderError("aborted")
            first = first or perf_counter()
            if on_chunk is not None:
                on_chunk("content", text[at : at + step])
        return first or perf_counter()


def _exchange(messages: Sequence[Message], sampling: Sampling, completion: Completion) -> Exchange:
    """What would have gone over the wire, if there were one."""
    asked = {"messages": list(messages), "sampling": sampling}
    return Exchange(request=json.loads(canonical_json(asked)), reply=completion.message.content, status=200)
