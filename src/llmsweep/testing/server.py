"""A real server of the OpenAI dialect with known delays and faults by script, in a process of its own so that its clock is its own.

Unscripted it behaves as `llmsweep.testing.behaviour` says.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import msgspec

from llmsweep.testing.behaviour import TOKEN_CHARS, Answer, Lie, Model, Piece, text, unscripted

__all__ = ["TOKEN_CHARS", "Answer", "Lie", "Model", "Piece", "Seen", "SseServer", "text"]

_MAIN = "from llmsweep.testing.server import main; main()"


class Seen(msgspec.Struct):
    """One request as it reached the server. ``delay_s``: seconds from the arrival of its first bytes to the
    writing of the first delta with text, as this server's clock measured them.
    """

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    delay_s: float | None = None


class SseServer:
    """The server as a context manager; ``base_url`` ends in /v1."""

    def __init__(self, model: Model | None = None) -> None:
        self._model = model or Model()
        self._process: subprocess.Popen[bytes] | None = None
        self.base_url = ""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _MAIN, msgspec.json.encode(self._model).decode()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        self._root = f"http://127.0.0.1:{int(self._process.stdout.readline())}"
        self.base_url = f"{self._root}/v1"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def kill(self) -> None:
        """End it as a crash would."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                assert pipe is not None
                pipe.close()

    def script(self, *answers: Answer) -> None:
        """The next requests are answered by these, one each, in order of arrival; then it is unscripted again."""
        self._control("script", msgspec.json.encode(answers))

    @property
    def seen(self) -> list[Seen]:
        """The completions asked for so far, in order of arrival."""
        return msgspec.json.decode(self._control("seen"), type=list[Seen])

    def forget(self) -> None:
        """Empty `seen` and the script."""
        self._control("forget")

    def _control(self, verb: str, body: bytes = b"") -> bytes:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{self._root}/control/{verb}", data=body, timeout=10) as response:
            return bytes(response.read())


class _State:
    """What the handlers of one server share."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.lock = threading.Lock()
        self.script: deque[Answer] = deque()
        self.seen: list[Seen] = []

    def control(self, verb: str, body: bytes) -> bytes:
        with self.lock:
            if verb == "script":
                self.script.extend(msgspec.json.decode(body, type=list[Answer]))
            elif verb == "forget":
                self.script.clear()
                self.seen.clear()
            return msgspec.json.encode(self.seen)

    def next_answer(self, seen: Seen) -> Answer:
        with self.lock:
            self.seen.append(seen)
            if self.script:
                return self.script.popleft()
        return unscripted(self.model, seen.body)


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
        if self.path == "/v1/models":
            entry = {"id": model.id, "object": "model", "max_model_len": model.context}
            self._whole(200, {"object": "list", "data": [entry]})
        else:
            self._whole(404, {"error": {"message": f"no such path: {self.path}"}})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.startswith("/control/"):
            self._send(200, self.state.control(self.path.rpartition("/")[2], body), {})
            return
        headers = {key.lower(): value for key, value in self.headers.items()}
        seen = Seen(self.path, headers, msgspec.json.decode(body))
        answer = self.state.next_answer(seen)
        if answer.silent_s:
            time.sleep(answer.silent_s)
        if answer.status != 200:
            self._whole(answer.status, answer.error, answer.headers)
            return
        with contextlib.suppress(OSError):  # the client has gone: it is what some tests are about
            self._stream(answer, seen)

    def _stream(self, answer: Answer, seen: Seen) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        due = self._arrived
        for piece in answer.pieces:
            due += piece.after_s
            time.sleep(max(0.0, due - time.perf_counter()))
            likelihoods = {} if piece.logprobs is None else {"logprobs": piece.logprobs}
            event = _event({"choices": [{"index": 0, "delta": piece.delta, **likelihoods}]})
            if seen.delay_s is None and any(piece.delta.get(key) for key in piece.delta if key != "role"):
                seen.delay_s = time.perf_counter() - self._arrived
            self._chunk(event)
        if answer.garbage is not None:
            self._chunk(answer.garbage.encode() + b"\n\n")
        if answer.ends == "dropped":
            self.close_connection = True
            return
        if answer.ends == "stalled":
            time.sleep(3600)
        self._last_words(answer)
        self._hangs_up = answer.ends == "hanging up"

    def _last_words(self, answer: Answer) -> None:
        if answer.finish is not None:
            choice = {"index": 0, "delta": {}, "finish_reason": answer.finish}
            self._chunk(_event({"choices": [choice]}))
        if answer.usage is not None or answer.timings is not None:
            extra = {"usage": answer.usage, "timings": answer.timings}
            self._chunk(_event({"choices": [], **{k: v for k, v in extra.items() if v is not None}}))
        self._chunk(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

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


def _event(value: object) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def _end_with_parent() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)


def main() -> None:
    """Serve on a free loopback port, printed in the first line, as long as standard input is open."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    state = _State(msgspec.json.decode(sys.argv[1], type=Model))
    handler = type("Handler", (_Handler,), {"state": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.request_queue_size = 128
    print(server.server_address[1], flush=True)
    server.serve_forever()
