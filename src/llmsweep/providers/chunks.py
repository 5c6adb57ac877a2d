"""Server-sent events of the OpenAI dialect, put together to one answer; every piece bears the time its bytes arrived.

The events are decoded here rather than by the vendor's library, whose typed chunks cost 95 µs each: sixteen
streams in one interpreter would wait for one another's parsing, and their clocks with them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from llmsweep.errors import ProviderError
from llmsweep.providers.base import OnChunk
from llmsweep.providers.deciding import Token
from llmsweep.types import Message, ToolCall, Usage


class _Function(msgspec.Struct):
    name: str | None = None
    arguments: str | None = None


class _CallDelta(msgspec.Struct):
    index: int | None = None
    id: str | None = None
    function: _Function | None = None


class _Delta(msgspec.Struct):
    content: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    refusal: str | None = None
    tool_calls: list[_CallDelta] | None = None


class _Alternative(msgspec.Struct):
    token: str
    logprob: float


class _Token(msgspec.Struct):
    token: str
    top_logprobs: list[_Alternative] | None = None


class _Logprobs(msgspec.Struct):
    content: list[_Token] | None = None


class _Choice(msgspec.Struct):
    delta: _Delta | None = None
    finish_reason: str | None = None
    logprobs: _Logprobs | None = None


class _PromptDetails(msgspec.Struct):
    cached_tokens: int | None = None
    cache_write_tokens: int | None = None


class _CompletionDetails(msgspec.Struct):
    reasoning_tokens: int | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_tokens_details: _PromptDetails | None = None
    completion_tokens_details: _CompletionDetails | None = None


class Timings(msgspec.Struct):
    """What llama-server measured itself; milliseconds and tokens."""

    cache_n: int | None = None
    prompt_ms: float | None = None
    predicted_ms: float | None = None


class _Chunk(msgspec.Struct):
    choices: list[_Choice] = []
    usage: _Usage | None = None
    timings: Timings | None = None
    error: Any = None


_decode = msgspec.json.Decoder(_Chunk).decode


class StreamedError(Exception):
    """The server gave up in the middle of an answer. ``error``: what it said, in its own shape."""

    def __init__(self, error: object) -> None:
        super().__init__(json.dumps(error, default=str))
        self.error = error

    @property
    def name(self) -> str:
        """The error's type and code, without its words."""
        named = [self.error.get(key) for key in ("type", "code")] if isinstance(self.error, dict) else []
        return " ".join(str(part) for part in named if part)


@dataclass(slots=True)
class _Call:
    """A tool call of which more fragments may come."""

    id: str | None = None
    name: str = ""
    arguments: str = ""


@dataclass(slots=True)
class Answer:
    """An answer as it comes in. Times are ``time.perf_counter_ns``, None while nothing of the kind came.

    ``first_ns``: the first non-empty piece of any kind; ``first_output_ns``: the first that is not
    reasoning; ``last_ns``: the last bytes. A delta with only a role, or with empty text, is no piece. ``tokens``: of what
    is not reasoning, where logprobs were asked for.
    """

    on_chunk: OnChunk | None = None
    first_ns: int | None = None
    first_output_ns: int | None = None
    last_ns: int | None = None
    finish_reason: str | None = None
    timings: Timings | None = None
    tokens: list[Token] = field(default_factory=list)
    _usage: _Usage | None = None
    _content: list[str] = field(default_factory=list)
    _reasoning: list[str] = field(default_factory=list)
    _calls: dict[int, _Call] = field(default_factory=dict)
    _rest: bytes = b""

    def feed(self, data: bytes, at_ns: int) -> None:
        """Take bytes that arrived at ``at_ns``. Raises ProviderError for what is no chunk, StreamedError."""
        self.last_ns = at_ns
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._line(line, at_ns)

    def finish(self) -> None:
        """The stream has ended. Raises ProviderError when it ended before the answer did."""
        if self._rest:
            self._line(self._rest, self.last_ns or 0)
        if self.finish_reason is None:
            raise ProviderError("the stream ended before the answer did (no finish_reason)", retryable=True)

    def message(self, turn: int) -> Message:
        """What the model said; ``turn`` makes the ids of calls that came without one unique in a conversation."""
        calls = tuple(
            ToolCall(id=call.id or f"call_{turn}_{index}", name=call.name, arguments=call.arguments)
            for index, call in sorted(self._calls.items())
        )
        return Message(
            role="assistant",
            content="".join(self._content),
            reasoning="".join(self._reasoning) or None,
            tool_calls=calls,
        )

    def usage(self) -> Usage:
        """Tokens as the server reported them."""
        said = self._usage or _Usage()
        prompt = said.prompt_tokens_details
        cached = prompt.cached_tokens if prompt else None
        if cached is None and self.timings is not None:
            cached = self.timings.cache_n
        details = said.completion_tokens_details
        return Usage(
            input_tokens=said.prompt_tokens,
            cached_tokens=cached,
            cache_write_tokens=prompt.cache_write_tokens if prompt else None,
            output_tokens=said.completion_tokens,
            reasoning_tokens=details.reasoning_tokens if details else None,
        )

    def _line(self, line: bytes, at_ns: int) -> None:
        if not line.startswith(b"data:"):  # blank lines between events, and comments that keep the line alive
            return
        data = line[5:].strip()
        if not data or data == b"[DONE]":
            return
        try:
            chunk = _decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError) as e:
            shown = data[:80].decode("utf-8", "replace")
            raise ProviderError(f"the server sent a malformed chunk ({e}): {shown}", retryable=True) from e
        self._take(chunk, at_ns)

    def _take(self, chunk: _Chunk, at_ns: int) -> None:
        if chunk.error is not None:
            raise StreamedError(chunk.error)
        self._usage = chunk.usage or self._usage
        self.timings = chunk.timings or self.timings
        for choice in chunk.choices[:1]:
            if choice.delta is not None:
                self._delta(choice.delta, at_ns)
            if choice.logprobs is not None:
                self._likelihoods(choice.logprobs, choice.delta)
            self.finish_reason = choice.finish_reason or self.finish_reason

    def _delta(self, delta: _Delta, at_ns: int) -> None:
        if text := delta.reasoning_content or delta.reasoning:
            self._reasoning.append(text)
            self._piece("reasoning", text, at_ns)
        if text := delta.content or delta.refusal:
            self._content.append(text)
            self._piece("content", text, at_ns)
        for fragment in delta.tool_calls or ():
            call = self._call(fragment)
            call.id = call.id or fragment.id
            if fragment.function is None:
                continue
            name, arguments = fragment.function.name or "", fragment.function.arguments or ""
            call.name += name
            call.arguments += arguments
            if name or arguments:
                self._piece("tool", name + arguments, at_ns)

    def _likelihoods(self, said: _Logprobs, delta: _Delta | None) -> None:
        if delta is not None and (delta.reasoning_content or delta.reasoning):
            return
        for token in said.content or ():
            top = {one.token: one.logprob for one in token.top_logprobs or ()}
            self.tokens.append(Token(token.token, top))

    def _call(self, fragment: _CallDelta) -> _Call:
        """The call that a fragment belongs to. Without an index, one with an id starts a new call."""
        index = fragment.index
        if index is None:
            last = max(self._calls, default=-1)
            index = last + 1 if fragment.id or last < 0 else last
        return self._calls.setdefault(index, _Call())

    def _piece(self, kind: Literal["reasoning", "content", "tool"], text: str, at_ns: int) -> None:
        if self.first_ns is None:
            self.first_ns = at_ns
        if self.first_output_ns is None and kind != "reasoning":
            self.first_output_ns = at_ns
        if self.on_chunk is not None:
            self.on_chunk(kind, text)
