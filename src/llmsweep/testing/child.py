"""A test server in a process of its own, so that its clock is its own; it ends with the process that started it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


class Child:
    """``main``: a Python statement that calls `serve`; ``argument``: what it finds in ``sys.argv[1]``."""

    def __init__(self, main: str, argument: str) -> None:
        self._command = [sys.executable, "-c", main, argument]
        self._process: subprocess.Popen[bytes] | None = None
        self.root = ""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self.root = f"http://127.0.0.1:{int(self._process.stdout.readline())}"
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

    def control(self, verb: str, body: bytes = b"") -> bytes:
        """What the server answers to POST /control/{verb}."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{self.root}/control/{verb}", data=body, timeout=10) as response:
            return bytes(response.read())


def serve(handler: type[BaseHTTPRequestHandler]) -> None:
    """Serve on a free loopback port, printed in the first line, as long as standard input is open."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.request_queue_size = 128
    print(server.server_address[1], flush=True)
    server.serve_forever()


def _end_with_parent() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)
