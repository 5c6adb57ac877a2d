"""A real server of Anthropic's messages API and its event stream, with known delays and faults by script.

It refuses what the service refuses (see `anthropic_rules`), signs its thinking and remembers what it signed, keeps a
prompt cache and counts what it took from it. Unscripted it answers equal requests equally.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler
from typing import Any

import msgspec

from llmsweep.testing.anthropic_rules import (
    Block,
    Claude,
    Issued,
    RefusedError,
    check,
    check_headers,
    prefix,
    tokens,
)
from llmsweep.testing.anthropic_speech import Reply, described, events, unscripted
from llmsweep.testing.child import Child, serve

_MAIN = "from llmsweep.testing.anthropic_server import main; main()"
_LOOKBACK = 20
"""Blocks before a breakpoint in which the service looks for what it has cached."""


class Asked(msgspec.Struct):
    """One request as it reached the server. ``refused``: why it was turned down. ``delay_s``: seconds from the
    arrival of its first bytes to the writing of the first event of a block, by this server's clock.
    """

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    refused: str | None = None
    delay_s: float | None = None


class AnthropicServer(Child):
    """The server as a context manager."""

    def __init__(self, model: Claude | None = None) -> None:
        super().__init__(_MAIN, msgspec.json.encode(model or Claude()).decode())

    @property
    def base_url(self) -> str:
        return self.root

    def script(self, *replies: Reply) -> None:
        """The next requests are answered by these, one each, in order of arrival; then it is unscripted again."""
        self.control("script", msgspec.json.encode(replies))

    @property
    def asked(self) -> list[Asked]:
        """The messages asked for so far, in order of arrival."""
        return msgspec.json.decode(self.control("asked"), type=list[Asked])

    def forget(self) -> None:
        """Empty `asked`, the script and the cache."""
        self.control("forget")


class _State:
    """What the handlers of one server share."""

    def __init__(self, model: Claude) -> None:
        self.model = model
        self.lock = threading.Lock()
        self.script: deque[Reply] = deque()
        self.asked: list[Asked] = []
        self.issued: dict[str, Issued] = {}
        self.cached: set[str] = set()

    def control(self, verb: str, body: bytes) -> bytes:
        with self.lock:
            if verb == "script":
                self.script.extend(msgspec.json.decode(body, type=list[Reply]))
            elif verb == "forget":
                for kept in (self.script, self.asked, self.cached):
                    kept.clear()
            return msgspec.json.encode(self.asked)

    def reply(self, asked: Asked) -> Reply:
        """Raises RefusedError."""
        with self.lock:
            self.asked.append(asked)
            scripted = self.script.popleft() if self.script else None
            if scripted is not None and scripted.status != 200:
                return scripted
            try:
                check(self.model, asked.headers, asked.body, self.issued)
            except RefusedError as e:
                asked.refused = e.said
                raise
        return scripted or unscripted(self.model, asked.body)

    def sign(self, body: dict[str, Any], blocks: Sequence[Block]) -> list[Block]:
        """The blocks with every thought signed, and remembered."""
        signed: list[Block] = []
        for number, block in enumerate(blocks):
            before = {**body, "messages": [*body["messages"], {"role": "assistant", "content": signed}]}
            digest = prefix(before, len(body["messages"]), number)
            name = {"thinking": "signature", "redacted_thinking": "data"}.get(block["type"])
            if name is not None:
                mark = hashlib.sha256((digest + json.dumps(block)).encode()).hexdigest()
                block = {**block, name: block.get(name, mark)}
                with self.lock:
                    self.issued[block[name]] = Issued(block, digest)
            signed.append(block)
        return signed

    def usage(self, body: dict[str, Any]) -> dict[str, int]:
        """Tokens of the prompt: read from the cache, written to it, and the rest."""
        prefixes = list(_prefixes(body))
        marked = [at for at, (_, _, mark) in enumerate(prefixes) if mark]
        near = {at - back for at in marked for back in range(_LOOKBACK) if at >= back}
        with self.lock:
            read = max((prefixes[at][1] for at in near if prefixes[at][0] in self.cached), default=0)
            self.cached |= {prefixes[at][0] for at in marked}
        kept = max((prefixes[at][1] for at in marked), default=0)
        return {
            "input_tokens": tokens(body) - max(kept, read),
            "cache_creation_input_tokens": max(0, kept - read),
            "cache_read_input_tokens": read,
        }


def _prefixes(body: dict[str, Any]) -> Iterator[tuple[str, int, bool]]:
    """After every block: a digest of all up to it, its tokens, and whether a breakpoint stands there."""
    passed: list[object] = [body.get("thinking"), body.get("output_config")]
    size = 0
    parts = [("tools", body.get("tools") or []), ("system", body.get("system") or [])]
    parts += [(turn["role"], turn["content"]) for turn in body["messages"]]
    for who, blocks in parts:
        for block in blocks if isinstance(blocks, list) else [{"text": blocks}]:
            passed.append([who, {key: part for key, part in block.items() if key != "cache_control"}])
            size += tokens(block)
            digest = hashlib.sha256(json.dumps(passed, sort_keys=True).encode()).hexdigest()
            yield digest, size, bool(block.get("cache_control"))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    state: _State
    _hangs_up = False

    def parse_request(self) -> bool:
        if self._hangs_up:
            self.close_connection = True
            return False
        # The first line has come: the clock of this request starts here, its own parsing included.
        self._arrived = time.perf_counter()
        return super().parse_request()

    def do_GET(self) -> None:
        model = self.state.model
        headers = {key.lower(): value for key, value in self.headers.items()}
        try:
            check_headers(model, headers)
        except RefusedError as e:
            self._whole(e.status, e.body)
            return
        path = self.path.partition("?")[0]
        if path == "/v1/models":
            self._whole(200, {"data": [described(model)], "has_more": False})
        elif path in (f"/v1/models/{model.id}", f"/v1/models/{model.alias}"):
            self._whole(200, described(model))
        else:
            self._whole(404, RefusedError(404, "not_found_error", f"model: {path}").body)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.startswith("/control/"):
            self._send(200, self.state.control(self.path.rpartition("/")[2], body), {})
            return
        headers = {key.lower(): value for key, value in self.headers.items()}
        asked = Asked(self.path, headers, msgspec.json.decode(body))
        try:
            reply = self.state.reply(asked)
        except RefusedError as e:
            self._whole(e.status, e.body)
            return
        time.sleep(reply.silent_s)
        if reply.status != 200:
            self._whole(reply.status, reply.error, reply.headers)
            return
        with contextlib.suppress(OSError):  # the client has gone: it is what some tests are about
            self._stream(reply, asked)

    def _stream(self, reply: Reply, asked: Asked) -> None:
        self.send_response(200)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        usage = {**self.state.usage(asked.body), "output_tokens": 1}
        start: dict[str, Any] = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "content": [],
            "stop_reason": None,
        }
        model = reply.model or self.state.model.id
        self._event({"type": "message_start", "message": {**start, "model": model, "usage": usage}})
        for _ in range(reply.pings):
            time.sleep(reply.gap_s)
            self._event({"type": "ping"})
        written, stop = self._blocks(reply, asked)
        for event in reply.extra:
            self._event(event)
        if reply.garbage is not None:
            self._chunk(reply.garbage.encode() + b"\n\n")
        if reply.ends == "dropped":
            self.close_connection = True
            return
        if reply.ends == "stalled":
            time.sleep(3600)
        if stop is not None:
            self._last_words(reply, stop, written)
        self.wfile.write(b"0\r\n\r\n")
        self._hangs_up = reply.ends == "hanging up"

    def _blocks(self, reply: Reply, asked: Asked) -> tuple[int, str | None]:
        """Stream the content up to max_tokens; the tokens written, and why it ended."""
        written, due = 0, time.perf_counter()
        for number, block in enumerate(self.state.sign(asked.body, reply.blocks)):
            for event in events(number, block, reply.input_json):
                counts = (
                    "partial_json" in (delta := event.get("delta", {}))
                    or "text" in delta
                    or "thinking" in delta
                )
                if counts and written == asked.body["max_tokens"]:
                    self._event({"type": "content_block_stop", "index": number})
                    return written, "max_tokens"
                due += reply.gap_s if counts else 0.0
                time.sleep(max(0.0, due - time.perf_counter()))
                if asked.delay_s is None:
                    asked.delay_s = time.perf_counter() - self._arrived
                self._event(event)
                written += counts
        return written, reply.stop

    def _last_words(self, reply: Reply, stop: str, written: int) -> None:
        usage: dict[str, Any] = {"output_tokens": max(written, 1)}
        if reply.thinking_tokens is not None:
            usage["output_tokens_details"] = {"thinking_tokens": reply.thinking_tokens}
        delta = {"stop_reason": stop, "stop_sequence": None, "stop_details": reply.stop_details}
        self._event({"type": "message_delta", "delta": delta, "usage": usage})
        self._event({"type": "message_stop"})

    def _event(self, event: dict[str, Any]) -> None:
        self._chunk(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))

    def _whole(self, status: int, value: object, headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(value).encode(), headers or {})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for key, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: a test's output is its own."""


def main() -> None:
    """See `serve`."""
    state = _State(msgspec.json.decode(sys.argv[1], type=Claude))
    serve(type("Handler", (_Handler,), {"state": state}))
