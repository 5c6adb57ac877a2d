"""The contender's side of grading: hidden tests have commands run in the workspace, but out of sight of themselves.

The tests' sandbox holds the tests and the rewards; what they ask for here runs in another one that holds neither, so
that model-written code cannot read what is expected, patch what compares, or write its own reward.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socketserver
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

from llmsweep.errors import FaultError
from llmsweep.types import Observation

VARIABLE = "LLMSWEEP_CONTENDER"
"""Where the tests find the socket."""
SOCKET = "socket"
MOST_BYTES = 1 << 20
"""Bytes of stdout, and of stderr, that go back; also of one request."""

_WRAPPED = "exec < {tmp}/.stdin > {tmp}/.stdout 2> {tmp}/.stderr\n{command}"

Execute = Callable[[str, Path, float], Observation]
"""Runs a command with a folder of the host as its /tmp, for some seconds at most."""


class Contender:
    """``execute``: as above; ``home``: where private folders are made; ``inside``: how commands call their /tmp."""

    def __init__(self, execute: Execute, home: Path, inside: Callable[[Path], str]) -> None:
        self._execute, self._home, self._inside = execute, home, inside
        self._fault: FaultError | None = None

    @contextlib.contextmanager
    def serve(self, timeout_s: float) -> Iterator[Path]:
        """The folder whose `SOCKET` the tests may connect to, for ``timeout_s`` at most.

        Raises SandboxError on leaving where a command could not be run: the verdict is worth nothing then.
        """
        deadline = time.monotonic() + timeout_s
        # Not in the home: a socket's path may have 104 bytes at most.
        place = Path(tempfile.mkdtemp(prefix="llmsweep-"))
        asked = self._answer

        class Line(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                reply = asked(self.rfile.readline(MOST_BYTES), deadline)
                with contextlib.suppress(OSError):  # the tests ended meanwhile
                    self.wfile.write(json.dumps(reply).encode() + b"\n")

        try:
            with socketserver.UnixStreamServer(os.fspath(place / SOCKET), Line) as server:
                thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
                thread.start()
                try:
                    yield place
                finally:
                    server.shutdown()
                    thread.join()
        finally:
            shutil.rmtree(place, ignore_errors=True)
        if self._fault is not None:
            raise self._fault

    def _answer(self, line: bytes, deadline: float) -> dict[str, Any]:
        try:
            asked = json.loads(line)
            command, stdin, wanted_s = str(asked["command"]), str(asked["stdin"]), float(asked["timeout_s"])
        except (ValueError, KeyError, TypeError) as e:
            return {"exit_code": 2, "stdout": "", "stderr": f"not a request: {e}"}
        try:
            return self._run(command, stdin, max(0.0, min(wanted_s, deadline - time.monotonic())))
        except FaultError as e:
            self._fault = e
            return {"exit_code": None, "stdout": "", "stderr": "the sandbox broke"}

    def _run(self, command: str, stdin: str, timeout_s: float) -> dict[str, Any]:
        tmp = Path(tempfile.mkdtemp(dir=self._home))
        (tmp / ".stdin").write_text(stdin, encoding="utf-8", errors="replace")
        wrapped = _WRAPPED.format(tmp=self._inside(tmp), command=command)
        result = self._execute(wrapped, tmp, timeout_s)
        return {
            "exit_code": result.exit_code,
            "stdout": _text(tmp / ".stdout"),
            "stderr": _text(tmp / ".stderr") or result.output,
        }


def _text(path: Path) -> str:
    """What a command left there; it may have put anything in its place."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return ""
    with open(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            return ""
        return file.read(MOST_BYTES).decode("utf-8", "replace")
