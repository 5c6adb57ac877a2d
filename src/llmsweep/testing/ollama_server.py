"""A real server of Ollama's own API and its lines of JSON, with known delays and faults by script.

It keeps one model loaded with the window that it was asked for last, refuses what the real one refuses, and counts what
it reads and says. Unscripted it answers equal requests equally.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import math
import random
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler
from typing import Any, Literal

import msgspec

from llmsweep.testing.child import Child, serve

_MAIN = "from llmsweep.testing.ollama_server import main; main()"
_WORDS = ("the ", "sea ", "is ", "wide ")
TOKEN_CHARS = 4
"""A token is four characters in this server's counting."""
Fragment = dict[str, Any]
"""What one line says: content, thinking, tool_calls; logprobs stand beside the message."""


class OllamaModel(msgspec.Struct, frozen=True, kw_only=True):
    """What the server holds. ``trained``: tokens of the largest window. ``tokens``: length of an answer, after one of
    thinking where it thinks; ``gap_s``: seconds before each. ``cuts``: it ignores truncate: false and keeps the second
    half of the window; ``counts``: it says what it read; ``says_window``: GET /api/ps says which is in force; ``fits``: tokens of
    the window to which it shrinks every larger one; ``too_large``: why it cannot be loaded.
    """

    tag: str = "stub:latest"
    digest: str = "5" * 64
    version: str = "0.33.0"
    family: str = "llama"
    capabilities: Sequence[str] | None = ("completion", "tools", "thinking")
    template: str = "{{ .Thinking }}{{ .Content }}"
    trained: int = 32768
    remote_host: str | None = None
    tokens: int = 12
    gap_s: float = 0.0
    cuts: bool = False
    counts: bool = True
    says_window: bool = True
    fits: int | None = None
    too_large: str | None = None


class OllamaReply(msgspec.Struct, frozen=True, kw_only=True):
    """How one chat is answered.

    ``status``, ``headers``, ``error``: other than 200 it is refused with this body. ``silent_s``: seconds before even
    the headers. ``fragments``: one a line, each after ``gap_s``. ``raw``: instead of all that, these lines as they are.
    ``final``: what the last line says beside done: true; None: it never comes.
    """

    status: int = 200
    headers: dict[str, str] = {}
    error: Any = None
    content_type: str = "application/x-ndjson"
    silent_s: float = 0.0
    gap_s: float = 0.0
    fragments: Sequence[Fragment] = ()
    raw: str | None = None
    final: Fragment | None = msgspec.field(
        default_factory=lambda: {"done_reason": "stop", "prompt_eval_count": 9}
    )
    ends: Literal["properly", "dropped", "stalled"] = "properly"


class OllamaAsked(msgspec.Struct):
    """One request as it reached the server. ``loaded``: the model was loaded for it. ``delay_s``: seconds from the
    arrival of its first bytes to the writing of the first fragment, by this server's clock.
    """

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    loaded: bool = False
    delay_s: float | None = None


class OllamaServer(Child):
    """The server as a context manager."""

    def __init__(self, model: OllamaModel | None = None) -> None:
        super().__init__(_MAIN, msgspec.json.encode(model or OllamaModel()).decode())

    @property
    def host(self) -> str:
        return self.root

    def script(self, *replies: OllamaReply) -> None:
        """The next chats with messages are answered by these, one each; then it is unscripted again."""
        self.control("script", msgspec.json.encode(replies))

    @property
    def asked(self) -> list[OllamaAsked]:
        """The chats asked for so far, in order of arrival; those without messages only load or unload."""
        return msgspec.json.decode(self.control("asked"), type=list[OllamaAsked])

    @property
    def loaded(self) -> int | None:
        """Tokens of the window of the loaded model, None while there is none."""
        return msgspec.json.decode(self.control("loaded"), type=int | None)

    def forget(self) -> None:
        """Empty `asked` and the script, and unload."""
        self.control("forget")


class _State:
    """What the handlers of one server share."""

    def __init__(self, model: OllamaModel) -> None:
        self.model = model
        self.lock = threading.Lock()
        self.script: deque[OllamaReply] = deque()
        self.asked: list[OllamaAsked] = []
        self.loaded: int | None = None

    def control(self, verb: str, body: bytes) -> bytes:
        with self.lock:
            if verb == "script":
                self.script.extend(msgspec.json.decode(body, type=list[OllamaReply]))
            elif verb == "forget":
                self.script.clear()
                self.asked.clear()
                self.loaded = None
            return msgspec.json.encode(self.loaded if verb == "loaded" else self.asked)

    def reply(self, asked: OllamaAsked) -> OllamaReply:
        body, model = asked.body, self.model
        with self.lock:
            self.asked.append(asked)
            if not body["messages"] and body.get("keep_alive") == 0:
                self.loaded = None
                return _only("unload")
            if (why := _refusal(model, body)) is not None:
                return why
            window = min(body.get("options", {}).get("num_ctx", 4096), model.fits or model.trained)
            asked.loaded, self.loaded = window != self.loaded, window
            if not body["messages"]:
                return _only("load")
            if self.script:
                return self.script.popleft()
        return unscripted(model, body, window)


def _only(reason: str) -> OllamaReply:
    return OllamaReply(final={"done_reason": reason})


def _refusal(model: OllamaModel, body: dict[str, Any]) -> OllamaReply | None:
    has = model.capabilities or ()
    if body["model"] not in (model.tag, model.tag.removesuffix(":latest")):
        return OllamaReply(status=404, error={"error": f"model '{body['model']}' not found"})
    if model.too_large is not None:
        return OllamaReply(status=500, error={"error": model.too_large})
    if body.get("think") and "thinking" not in has:
        return OllamaReply(status=400, error={"error": f'"{body["model"]}" does not support thinking'})
    if body.get("tools") and "tools" not in has:
        return OllamaReply(status=400, error={"error": f"{body['model']} does not support tools"})
    return None


def unscripted(model: OllamaModel, body: dict[str, Any], window: int) -> OllamaReply:
    """The answer of a small model to this request."""
    options = body.get("options", {})
    read = len(json.dumps([body["messages"], body.get("tools")])) // TOKEN_CHARS
    if read >= window:
        if not model.cuts and body.get("truncate") is False:
            why = "the prompt is longer than the context length currently available to the model"
            return OllamaReply(status=400, error={"error": why})
        read = window // 2 + 2
    one_left = options.get("top_k", 40) == 1 or options.get("min_p", 0.0) >= 1
    drawing = options.get("temperature", 0.8) > 0 and not one_left
    drawn = random.Random(json.dumps([body["messages"], options.get("seed") if drawing else None]))
    said: list[Fragment] = (
        [{"thinking": "hmm "}] if body.get("think") and "thinking" in (model.capabilities or ()) else []
    )
    if body.get("tools"):
        function = body["tools"][0]["function"]
        given = dict.fromkeys(function["parameters"].get("required", ()), "1")
        call = {
            "id": f"call_{drawn.getrandbits(32):08x}",
            "function": {"index": 0, "name": function["name"], "arguments": given},
        }
        said.append({"tool_calls": [call]})
    elif body.get("format"):
        said += _decided(drawn, body)
    else:
        words = _words(drawn, options.get("repeat_penalty", 1.0) > 1)
        said += [{"content": word} for word in itertools.islice(words, model.tokens)]
    room = min(options.get("num_predict", -1) % (1 << 31), window - read)
    final: Fragment = {
        "done_reason": "length" if len(said) > room else "stop",
        "eval_count": min(len(said), room),
    }
    if model.counts:
        final["prompt_eval_count"] = read
    return OllamaReply(fragments=said[:room], final=final, gap_s=model.gap_s)


def _decided(drawn: random.Random, body: dict[str, Any]) -> list[Fragment]:
    """An object of the form that was asked for, its one word drawn; with logprobs where they are asked for."""
    (name, about), *_ = body["format"]["properties"].items()
    first = drawn.uniform(0.55, 0.95)
    weights = dict(zip(drawn.sample(about["enum"], 2), (first, 1 - first), strict=True))
    likeliest = max(weights, key=weights.__getitem__)
    tokens: list[tuple[str, dict[str, float]]] = [('{"', {}), (name, {}), ('": "', {})]
    return [
        {"content": token, **(_logprobs(token, top) if body.get("logprobs") else {})}
        for token, top in [*tokens, (likeliest, weights), ('"}', {})]
    ]


def _logprobs(token: str, top: dict[str, float]) -> dict[str, Any]:
    told = [{"token": one, "logprob": math.log(share)} for one, share in (top or {token: 1.0}).items()]
    return {"logprobs": [{"token": token, "logprob": -0.1, "top_logprobs": told}]}


def _words(drawn: random.Random, penalised: bool) -> Iterator[str]:
    """``penalised``: none twice in a row."""
    last = ""
    while True:
        last = drawn.choice([word for word in _WORDS if not penalised or word != last])
        yield last


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    state: _State

    def parse_request(self) -> bool:
        # The first line has come: the clock of this request starts here, its own parsing included.
        self._arrived = time.perf_counter()
        return super().parse_request()

    def do_GET(self) -> None:
        model, window = self.state.model, self.state.loaded
        entry = {"name": model.tag, "model": model.tag, "digest": model.digest}
        running = {**entry, "context_length": window} if model.says_window else entry
        answers: dict[str, Any] = {
            "/api/version": {"version": model.version},
            "/api/tags": {"models": [{**entry, "remote_host": model.remote_host}]},
            "/api/ps": {"models": [] if window is None else [running]},
        }
        if self.path in answers:
            self._whole(200, answers[self.path])
        else:
            self._whole(404, {"error": "not found"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.startswith("/control/"):
            self._send(200, self.state.control(self.path.rpartition("/")[2], body), {})
        elif self.path == "/api/show":
            self._whole(200, _described(self.state.model))
        else:
            headers = {key.lower(): value for key, value in self.headers.items()}
            self._chat(OllamaAsked(self.path, headers, msgspec.json.decode(body)))

    def _chat(self, asked: OllamaAsked) -> None:
        reply = self.state.reply(asked)
        time.sleep(reply.silent_s)
        if reply.status != 200:
            self._whole(reply.status, reply.error, reply.headers)
            return
        with contextlib.suppress(OSError):  # the client has gone: it is what some tests are about
            self._stream(reply, asked)

    def _stream(self, reply: OllamaReply, asked: OllamaAsked) -> None:
        self.send_response(200)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for line in (reply.raw or "").splitlines(keepends=True):
            self._chunk(line.encode())
        due = time.perf_counter()
        for fragment in reply.fragments:
            due += reply.gap_s
            time.sleep(max(0.0, due - time.perf_counter()))
            if asked.delay_s is None:
                asked.delay_s = time.perf_counter() - self._arrived
            self._line(asked, fragment, {"done": False})
        if reply.ends == "dropped":
            self.close_connection = True
            return
        if reply.ends == "stalled":
            time.sleep(3600)
        if reply.final is not None and reply.raw is None:
            self._line(asked, {"content": ""}, {"done": True, **self._clocks(asked), **reply.final})
        self.wfile.write(b"0\r\n\r\n")

    def _clocks(self, asked: OllamaAsked) -> dict[str, int]:
        """Nanoseconds; loading takes two seconds in this server's telling."""
        return {"load_duration": 2 * 10**9 if asked.loaded else 10**6, "eval_duration": 3 * 10**6}

    def _line(self, asked: OllamaAsked, fragment: Fragment, rest: dict[str, Any]) -> None:
        beside = {key: value for key, value in fragment.items() if key == "logprobs"}
        inside = {key: value for key, value in fragment.items() if key not in beside}
        message = {"role": "assistant", "content": "", **inside}
        line = {"model": asked.body["model"], "message": message, **beside, **rest}
        self._chunk(json.dumps(line).encode() + b"\n")

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


def _described(model: OllamaModel) -> dict[str, Any]:
    """As POST /api/show tells it."""
    told = {} if model.capabilities is None else {"capabilities": list(model.capabilities)}
    info = {"general.architecture": "stub", "stub.context_length": model.trained}
    return {"template": model.template, "details": {"family": model.family}, "model_info": info, **told}


def main() -> None:
    """See `serve`."""
    state = _State(msgspec.json.decode(sys.argv[1], type=OllamaModel))
    serve(type("Handler", (_Handler,), {"state": state}))
