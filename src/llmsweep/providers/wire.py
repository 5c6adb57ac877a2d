"""Clocks and sockets of one HTTP client, taken where httpcore reports what it does: no transport of our own is needed.

httpcore calls a request's ``trace`` extension as it connects, writes and reads. The stamp of a request is
taken when its first byte is about to be written, so that connecting, and waiting for a connection, count
nowhere; a request that is written again on a fresh connection is stamped again.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
import weakref
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx2

_WRITING = "http11.send_request_headers.started"
_CONNECTING = ".connect_tcp.started"
_CONNECTED = (".connect_tcp.complete", ".start_tls.complete")


class Wire:
    """All connections of one client. Used by several threads at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._cut = False

    def watch(self, request: httpx2.Request) -> None:
        """An event hook of the client: from here on `written_ns` of this request is known."""
        request.extensions = {**request.extensions, "trace": _Trace(self)}

    def keep(self, connection: socket.socket) -> None:
        with self._lock:
            self._sockets.add(connection)
            cut = self._cut
        if cut:
            _shut(connection)

    def cut(self) -> None:
        """Shut every connection, those still to come included: whoever reads from one is woken at once."""
        with self._lock:
            self._cut = True
            sockets = list(self._sockets)
        for connection in sockets:
            _shut(connection)


def written_ns(request: httpx2.Request) -> int:
    """``time.perf_counter_ns`` just before the watched request was written."""
    trace: _Trace = request.extensions["trace"]
    return trace.written_ns


def was_reused(request: httpx2.Request) -> bool:
    """Whether the watched request went out on a connection that an earlier one had opened."""
    trace: _Trace = request.extensions["trace"]
    return not trace.connected


class _Trace:
    __slots__ = ("_wire", "connected", "written_ns")

    def __init__(self, wire: Wire) -> None:
        self._wire, self.written_ns, self.connected = wire, time.perf_counter_ns(), False

    def __call__(self, event: str, info: dict[str, Any]) -> None:
        if event == _WRITING:
            self.written_ns = time.perf_counter_ns()
        elif event.endswith(_CONNECTING):
            self.connected = True
        elif event.endswith(_CONNECTED):
            connection = info["return_value"].get_extra_info("socket")
            if connection is not None:
                self._wire.keep(connection)


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # closed meanwhile
        connection.shutdown(socket.SHUT_RDWR)
