"""Asks one server one question after another and keeps what was sent, what came and when; it judges nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from time import perf_counter
from types import TracebackType
from typing import Any, Literal, Self

from llmsweep.errors import ProviderError, UsageError
from llmsweep.providers import retry
from llmsweep.providers.base import Provider
from llmsweep.types import Completion, Exchange, Message, Sampling, Tool

_TRIES = 3
_SPARE_PIECES = 8
_THINKS = re.compile(r"\s*<think(ing)?>\s*(?!</)\S")
"""Reasoning that no parser took out of the answer; an empty block is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """``why``: for whoever reads the exchanges. ``tokens``: the answer's, where the server lets it be so short.

    ``pieces``: how many of the answer are enough; then it is broken off.
    """

    why: str
    messages: tuple[Message, ...]
    sampling: Sampling
    tools: tuple[Tool, ...] = ()
    tokens: int
    pieces: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One question and what came of it.

    ``sampling``: what was really asked for. ``completion`` None: it was refused, in the words ``refusal``, or
    broken off by us. ``heard``: the text of all pieces; ``pieces_s``: when each piece came, in seconds from the question. ``overran``: so many
    pieces came that it was broken off, although max_tokens should have cut it long before.
    """

    why: str
    sampling: Sampling
    completion: Completion | None = None
    refusal: str | None = None
    exchange: Exchange | None = None
    heard: str = ""
    pieces_s: tuple[float, ...] = ()
    duration_s: float = 0.0
    overran: bool = False

    @property
    def text(self) -> str:
        """All that the model said: reasoning, answer and calls, as far as we listened."""
        if self.completion is None:
            return self.heard
        message = self.completion.message
        calls = "".join(call.name + call.arguments for call in message.tool_calls)
        return (message.reasoning or "") + message.content + calls

    @property
    def input_tokens(self) -> int | None:
        return self.completion.usage.input_tokens if self.completion else None

    @property
    def reasoning_chars(self) -> int:
        """Length of the reasoning that came as such; templates' empty blocks are none."""
        return len((self.completion.message.reasoning or "").strip()) if self.completion else 0

    @property
    def reasons(self) -> bool:
        """Reasoning came: as such, as tokens that were counted, or inside of the answer."""
        if self.completion is None:
            return False
        message, usage = self.completion.message, self.completion.usage
        return bool(self.reasoning_chars or usage.reasoning_tokens or _THINKS.match(message.content))


def refusals(calls: Iterable[Call], knob: str) -> dict[Any, str]:
    """The values of a knob with which no call was taken, and the server's words: whatever else they asked for."""
    refused: dict[Any, str] = {}
    taken = set()
    for call in calls:
        value = getattr(call.sampling, knob)
        if call.refusal is None:
            taken.add(value)
        else:
            refused.setdefault(value, call.refusal)
    return {value: words for value, words in refused.items() if value not in taken}


class _EnoughError(Exception):
    """Raised into a stream in order to end it."""


class Interview:
    """One conversation of a probe with a provider that is entered already; it overhears until it is left."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._heard: list[Exchange] = []
        self.calls: list[Call] = []

    def __enter__(self) -> Self:
        self._provider.listen(self._heard.append)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._provider.listen(None)

    def takes(self, sampling: Sampling) -> bool:
        """Whether the provider has words for these settings."""
        try:
            self._provider.check(sampling)
        except UsageError:
            return False
        return True

    def ask(self, question: Question) -> Call:
        """Ask for a short answer, and for one of the cell's own length where the server refuses that.

        Raises ProviderError where the server fails or turns us away altogether.
        """
        short = replace(question.sampling, max_tokens=question.tokens)
        call = self._ask(question, short if self.takes(short) else question.sampling)
        if call.refusal is not None and call.sampling != question.sampling:
            at_length = self._ask(question, question.sampling)
            call = call if at_length.refusal is not None else at_length
        self.calls.append(call)
        return call

    def _ask(self, question: Question, sampling: Sampling) -> Call:
        enough = question.pieces or 2 * question.tokens + _SPARE_PIECES
        began = perf_counter()
        pieces_s: list[float] = []
        heard: list[str] = []
        completion, refusal, broken = None, None, False

        def listen(kind: Literal["reasoning", "content", "tool"], text: str) -> None:
            pieces_s.append(perf_counter() - began)
            heard.append(text)
            if len(pieces_s) >= enough:
                raise _EnoughError

        self._heard.clear()
        try:
            completion = retry.complete(
                self._provider, question.messages, question.tools, sampling, listen, tries=_TRIES
            )
        except _EnoughError:
            broken = True
        except ProviderError as e:
            if e.retryable or e.fatal or not e.refused:
                raise
            refusal = str(e)
        return Call(
            why=question.why,
            sampling=sampling,
            completion=completion,
            refusal=refusal,
            exchange=self._heard[-1] if self._heard else None,
            heard="".join(heard),
            pieces_s=tuple(pieces_s),
            duration_s=perf_counter() - began,
            overran=broken and len(pieces_s) > sampling.max_tokens,
        )
