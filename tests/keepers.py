"""Servers that keep models in memory, as Ollama and LM Studio do, and as they misbehave."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class Stub:
    """``loaded``: names in memory. ``leaving_s``: how long an unloaded one stays; ``deaf``: unloadings not heard."""

    def __init__(self, kind: str, leaving_s: float = 0.0, deaf: int = 0) -> None:
        self.kind, self.leaving_s, self.deaf = kind, leaving_s, deaf
        self.loaded: set[str] = set()
        self.asked: list[str] = []

    def __enter__(self) -> Self:
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer(stub.get(self.path))

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.answer(stub.post(self.path, body))

            def answer(self, value: Any) -> None:
                data = json.dumps(value if value is not None else {"error": "not found"}).encode()
                self.send_response(200 if value is not None or stub.kind == "says 200" else 404)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.root = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def get(self, path: str) -> Any:
        names = sorted(self.loaded)
        if (self.kind, path) == ("ollama", "/api/ps"):
            return {"models": [{"name": name, "model": name, "size": 1} for name in names]}
        if (self.kind, path) == ("ollama", "/api/version"):
            return {"version": "0.30.1"}
        if (self.kind, path) == ("lmstudio", "/api/v1/models"):
            instances = [{"key": n, "loaded_instances": [{"id": f"{n}:1"}]} for n in names]
            return {"models": [*instances, {"key": "not-loaded", "loaded_instances": []}]}
        return None

    def post(self, path: str, body: dict[str, Any]) -> Any:
        if (self.kind, path) == ("ollama", "/api/generate"):
            assert body["keep_alive"] == 0
            return self.unload(body["model"])
        if (self.kind, path) == ("lmstudio", "/api/v1/models/unload"):
            return self.unload(body["instance_id"].removesuffix(":1"))
        return None

    def unload(self, name: str) -> dict[str, Any]:
        self.asked.append(name)
        if len(self.asked) > self.deaf:
            threading.Timer(self.leaving_s, self.loaded.discard, [name]).start()
        return {"done_reason": "unload"}
