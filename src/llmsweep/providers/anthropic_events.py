"""Server-sent events of Anthropic's messages API, put together to one answer; every piece bears the time its bytes arrived."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from llmsweep.errors import ProviderError
from llmsweep.providers.anthropic_wording import BLOCKS, Block, call_input
from llmsweep.providers.base import OnChunk
from llmsweep.providers.chunks import StreamedError
from llmsweep.types import Message, ToolCall, Usage

_STATUS = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}
"""What an error would have been as an answer of its own: in the middle of a stream it comes without a status."""


class _OutputDetails(msgspec.Struct):
    thinking_tokens: int | None = None


class _Usage(msgspec.Struct):
    """Every count is cumulative, and left out or null where an event does not repeat it."""

    input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    output_tokens: int | None = None
    output_tokens_details: _OutputDetails | None = None


class _Start(msgspec.Struct):
    model: str | None = None
    usage: _Usage | None = None


class _Delta(msgspec.Struct):
    """Of a block (``type`` says which field it fills) or of the whole message."""

    type: str | None = None
    text: str = ""
    thinking: str = ""
    signature: str = ""
    partial_json: str = ""
    stop_reason: str | None = None
    stop_details: dict[str, Any] | None = None


class _Event(msgspec.Struct):
    type: str
    message: _Start | None = None
    index: int = -1
    content_block: dict[str, Any] | None = None
    delta: _Delta | None = None
    usage: _Usage | None = None
    error: Any = None


_decode = msgspec.json.Decoder(_Event).decode


@dataclass(slots=True)
class _Growing:
    """A content block of which more may come. ``pieces``: of its text, its thinking or its input's JSON."""

    start: Block
    pieces: list[str] = field(default_factory=list)
    signature: str | None = None

    @property
    def kind(self) -> str:
        return str(self.start.get("type"))

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    @property
    def whole(self) -> Block:
        """The block as the API would have sent it at once, which is how it must go back."""
        if self.kind == "text":
            return {**self.start, "text": self.text}
        if self.kind == "thinking":
            signature = self.start.get("signature", "") if self.signature is None else self.signature
            return {**self.start, "thinking": self.text, "signature": signature}
        if self.kind == "tool_use":
            return {**self.start, "input": call_input(self.text)}
        return self.start


@dataclass(slots=True)
class Answer:
    """An answer as it comes in. Times are ``time.perf_counter_ns``, None while nothing of the kind came.

    ``first_ns``: the first non-empty piece of any kind, or the start of a thinking block, whose text may be kept
    from us; ``first_output_ns``: the first that is not thinking; ``last_ns``: the last bytes. ``stop``: the
    API's word for why it ended; ``model``: which one says that it answers.
    """

    on_chunk: OnChunk | None = None
    first_ns: int | None = None
    first_output_ns: int | None = None
    last_ns: int | None = None
    stop: str | None = None
    model: str | None = None
    _ended: bool = False
    _details: dict[str, Any] | None = None
    _usage: _Usage = field(default_factory=_Usage)
    _blocks: dict[int, _Growing] = field(default_factory=dict)
    _rest: bytes = b""

    def feed(self, data: bytes, at_ns: int) -> None:
        """Take bytes that arrived at ``at_ns``. Raises ProviderError for what is no event, StreamedError."""
        self.last_ns = at_ns
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._line(line, at_ns)

    def finish(self) -> None:
        """The stream has ended. Raises ProviderError when it ended before the answer did."""
        if self._rest:
            self._line(self._rest, self.last_ns or 0)
        if not self._ended or self.stop is None:
            raise ProviderError("the stream ended before the answer did (no message_stop)", retryable=True)

    def message(self) -> Message:
        """What the model said; ``opaque`` holds its blocks as they came, and why it refused where it did."""
        blocks = [block for _, block in sorted(self._blocks.items())]
        opaque: dict[str, object] = {BLOCKS: [block.whole for block in blocks]}
        if self._details is not None:
            opaque["stop_details"] = self._details
        return Message(
            role="assistant",
            content="".join(block.text for block in blocks if block.kind == "text"),
            reasoning="".join(block.text for block in blocks if block.kind == "thinking") or None,
            tool_calls=tuple(
                ToolCall(id=block.start["id"], name=block.start["name"], arguments=block.text)
                for block in blocks
                if block.kind == "tool_use"
            ),
            opaque=opaque,
        )

    @property
    def has_thought(self) -> bool:
        """Whether a thinking block came, its text with it or not."""
        return any(block.kind in ("thinking", "redacted_thinking") for block in self._blocks.values())

    def usage(self) -> Usage:
        """Tokens as the service counted them: it tells the cached parts of a prompt apart from the rest."""
        said = self._usage
        written, read = said.cache_creation_input_tokens, said.cache_read_input_tokens
        fresh = said.input_tokens
        details = said.output_tokens_details
        return Usage(
            input_tokens=None if fresh is None else fresh + (written or 0) + (read or 0),
            cached_tokens=read,
            cache_write_tokens=written,
            output_tokens=said.output_tokens,
            reasoning_tokens=details.thinking_tokens if details else None,
        )

    def _line(self, line: bytes, at_ns: int) -> None:
        if not line.startswith(
            b"data:"
        ):  # the event's name, which its data repeats, blank lines and comments
            return
        data = line[5:].strip()
        if not data:
            return
        try:
            event = _decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError) as e:
            shown = data[:80].decode("utf-8", "replace")
            raise ProviderError(f"the server sent a malformed event ({e}): {shown}", retryable=True) from e
        self._take(event, at_ns)

    def _take(self, event: _Event, at_ns: int) -> None:
        """Events of types that are not known here are passed over, as the API asks of its clients."""
        if event.type == "error":
            raise StreamedError(event.error)
        if event.type == "message_start" and event.message is not None:
            self.model = event.message.model
            self._count(event.message.usage)
        elif event.type == "content_block_start" and event.content_block is not None:
            self._begin(event.index, event.content_block, at_ns)
        elif event.type == "content_block_delta" and event.delta is not None:
            self._grow(event.index, event.delta, at_ns)
        elif event.type == "message_delta" and event.delta is not None:
            self._count(event.usage)
            self.stop, self._details = event.delta.stop_reason, event.delta.stop_details
        elif event.type == "message_stop":
            self._ended = True

    def _begin(self, index: int, start: Block, at_ns: int) -> None:
        block = self._blocks[index] = _Growing(start)
        if block.kind in ("thinking", "redacted_thinking"):
            self._stamp("reasoning", at_ns)
        if block.kind == "tool_use":
            if not (start.get("id") and start.get("name")):
                raise ProviderError(f"the server sent a call without id or name: {start}", retryable=True)
            self._piece("tool", start["name"], at_ns)
        elif text := start.get("text") or start.get("thinking"):
            block.pieces.append(text)
            self._piece("content" if block.kind == "text" else "reasoning", text, at_ns)

    def _grow(self, index: int, delta: _Delta, at_ns: int) -> None:
        block = self._blocks.get(index)
        if block is None:
            raise ProviderError(f"the server sent more of block {index}, which never began", retryable=True)
        if delta.type == "signature_delta":
            block.signature = delta.signature
        text = delta.text or delta.thinking or delta.partial_json
        if not text:
            return
        block.pieces.append(text)
        kind: Literal["reasoning", "content", "tool"]
        kind = "content" if delta.text else "reasoning" if delta.thinking else "tool"
        self._piece(kind, text, at_ns)

    def _count(self, said: _Usage | None) -> None:
        for name in _Usage.__struct_fields__:
            if (value := getattr(said, name, None)) is not None:
                setattr(self._usage, name, value)

    def _piece(self, kind: Literal["reasoning", "content", "tool"], text: str, at_ns: int) -> None:
        self._stamp(kind, at_ns)
        if self.on_chunk is not None:
            self.on_chunk(kind, text)

    def _stamp(self, kind: Literal["reasoning", "content", "tool"], at_ns: int) -> None:
        if self.first_ns is None:
            self.first_ns = at_ns
        if self.first_output_ns is None and kind != "reasoning":
            self.first_output_ns = at_ns


def status_of(error: object) -> int:
    """The HTTP status that an error of a stream would have had as an answer of its own."""
    kind = error.get("type") if isinstance(error, dict) else None
    return _STATUS.get(str(kind), 500)
