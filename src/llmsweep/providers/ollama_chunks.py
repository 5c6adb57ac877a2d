"""Ollama's stream, one JSON object a line, put together to one answer; every piece bears the time its bytes arrived."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from llmsweep.errors import ProviderError
from llmsweep.providers.base import OnChunk
from llmsweep.providers.chunks import StreamedError
from llmsweep.providers.deciding import Token
from llmsweep.types import Message, ToolCall, Usage


class _Function(msgspec.Struct):
    name: str = ""
    arguments: msgspec.Raw = msgspec.Raw(b"{}")


class _Call(msgspec.Struct):
    function: _Function
    id: str | None = None


class _Message(msgspec.Struct):
    content: str | None = None
    thinking: str | None = None
    tool_calls: list[_Call] | None = None


class _Alternative(msgspec.Struct):
    token: str
    logprob: float


class _Token(msgspec.Struct):
    token: str
    top_logprobs: list[_Alternative] | None = None


class Chunk(msgspec.Struct):
    """One line. Only the last one counts and times (nanoseconds); what is zero is left out by the server."""

    message: _Message | None = None
    done: bool = False
    done_reason: str | None = None
    remote_host: str | None = None
    load_duration: int | None = None
    prompt_eval_count: int | None = None
    prompt_eval_cached_count: int | None = None
    prompt_eval_duration: int | None = None
    eval_count: int | None = None
    eval_duration: int | None = None
    error: Any = None
    status: int | None = None
    logprobs: list[_Token] | None = None


_decode = msgspec.json.Decoder(Chunk).decode


@dataclass(slots=True)
class Answer:
    """An answer as it comes in. Times are ``time.perf_counter_ns``, None while nothing of the kind came.

    ``first_ns``: the first non-empty piece; ``first_output_ns``: the first that is not reasoning; ``last_ns``: the
    last bytes; ``last``: the last line, once it ``is_whole``. A call is no first piece: the server sends it whole, long after its first token, as it does with
    what it has held back until its last line. Then nobody saw the first token, and it stays None. ``tokens``: of what
    is not thinking, where logprobs were asked for.
    """

    on_chunk: OnChunk | None = None
    first_ns: int | None = None
    first_output_ns: int | None = None
    last_ns: int | None = None
    is_whole: bool = False
    last: Chunk = field(default_factory=Chunk)
    tokens: list[Token] = field(default_factory=list)
    _content: list[str] = field(default_factory=list)
    _thinking: list[str] = field(default_factory=list)
    _calls: list[_Call] = field(default_factory=list)
    _output_unseen: bool = False
    _rest: bytes = b""

    def feed(self, data: bytes, at_ns: int) -> None:
        """Take bytes that arrived at ``at_ns``. Raises ProviderError for what is no chunk, StreamedError."""
        self.last_ns = at_ns
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._line(line, at_ns)

    def finish(self) -> None:
        """The stream has ended. Raises ProviderError when it ended before the answer did.

        Servers that see one token repeated many times just stop sending.
        """
        if self._rest:
            self._line(self._rest, self.last_ns or 0)
        if not self.is_whole:
            raise ProviderError("the stream ended before the answer did (no done: true)", retryable=True)

    def message(self, turn: int) -> Message:
        """What the model said; ``turn`` makes the ids of calls that came without one unique in a conversation."""
        return Message(
            role="assistant",
            content="".join(self._content),
            reasoning="".join(self._thinking) or None,
            tool_calls=tuple(
                ToolCall(
                    id=call.id or f"call_{turn}_{at}",
                    name=call.function.name,
                    arguments=_text(call.function.arguments),
                )
                for at, call in enumerate(self._calls)
            ),
        )

    def usage(self) -> Usage:
        """Tokens as the server reported them; it never tells reasoning apart."""
        return Usage(
            input_tokens=self.last.prompt_eval_count,
            cached_tokens=self.last.prompt_eval_cached_count,
            output_tokens=self.last.eval_count,
        )

    def _line(self, line: bytes, at_ns: int) -> None:
        if not line.strip():
            return
        try:
            chunk = _decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as e:
            shown = line[:80].decode("utf-8", "replace")
            raise ProviderError(f"the server sent a malformed chunk ({e}): {shown}", retryable=True) from e
        if chunk.error is not None:
            raise StreamedError({"error": chunk.error, "code": chunk.status})
        if chunk.message is not None:
            self._pieces(chunk.message, None if chunk.done else at_ns)
        if chunk.logprobs and not (chunk.message and chunk.message.thinking):
            for token in chunk.logprobs:
                top = {one.token: one.logprob for one in token.top_logprobs or ()}
                self.tokens.append(Token(token.token, top))
        if chunk.done:
            self.last, self.is_whole = chunk, True

    def _pieces(self, message: _Message, at_ns: int | None) -> None:
        if message.thinking:
            self._thinking.append(message.thinking)
            self._piece("reasoning", message.thinking, at_ns)
        if message.content:
            self._content.append(message.content)
            self._piece("content", message.content, at_ns)
        for call in message.tool_calls or ():
            self._calls.append(call)
            self._piece("tool", call.function.name + _text(call.function.arguments), None)

    def _piece(self, kind: Literal["reasoning", "content", "tool"], text: str, at_ns: int | None) -> None:
        """``at_ns`` None: it came, but later than the model said it."""
        if at_ns is None:
            self._output_unseen = True
        elif not self._output_unseen:
            if self.first_ns is None:
                self.first_ns = at_ns
            if self.first_output_ns is None and kind != "reasoning":
                self.first_output_ns = at_ns
        if self.on_chunk is not None:
            self.on_chunk(kind, text)


def _text(arguments: msgspec.Raw) -> str:
    """The arguments as they came; some servers send their JSON in a string."""
    text = bytes(arguments).decode("utf-8", "replace")
    return msgspec.json.decode(text, type=str) if text.startswith('"') else text
