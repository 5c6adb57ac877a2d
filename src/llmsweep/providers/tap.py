"""Overhears exchanges with a server, so that a probe can prove what was really sent and what really came."""

from __future__ import annotations

import json
from types import TracebackType
from typing import Self

from llmsweep.providers.base import Tap
from llmsweep.types import Exchange


class Overheard:
    """One exchange while it happens; handed to the tap at its end, however it ends. Without a tap it keeps nothing."""

    __slots__ = ("_pieces", "_sent", "_status", "_tap")

    def __init__(self, tap: Tap | None) -> None:
        self._tap, self._sent = tap, b""
        self._status: int | None = None
        self._pieces: list[bytes] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._tap is not None and self._sent:
            reply = b"".join(self._pieces).decode("utf-8", "replace")
            self._tap(Exchange(request=json.loads(self._sent), reply=reply, status=self._status))

    def sent(self, body: bytes, status: int | None) -> None:
        """The request's body as it was written, and the status of the answer; an earlier try is forgotten."""
        if self._tap is not None:
            self._sent, self._status = body, status
            self._pieces.clear()

    def came(self, data: bytes) -> None:
        """Bytes of the answer, in order."""
        if self._tap is not None:
            self._pieces.append(data)
