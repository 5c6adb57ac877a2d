"""Notices prompts that a server cut to its window without a word, by the tokens that it says it read.

Only needed for servers that ignore ``truncate: false``; for the others it is proven at entering that they refuse.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

_KEPT = 1024
_TOKEN_BYTES = 4.0
"""Of a text of which nothing is known yet; never used to find a prompt cut that could not have been too long."""
_FRAME_TOKENS = 32
"""More than any template adds around a message."""


@dataclass(frozen=True, slots=True)
class _Read:
    """One prompt that was read whole."""

    size: int
    tokens: int


class Window:
    """Of one server. ``context``: tokens it holds. Used by several threads at once."""

    def __init__(self, context: int) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._read: dict[str, _Read] = {}

    def was_cut(self, body: dict[str, Any], tokens: int | None) -> bool:
        """Whether a prompt of which the server read ``tokens`` must have been longer. None: it did not say.

        A prompt that continues one that was read whole has at least its tokens, and about as many more as its new
        text has at the old one's rate. A prompt that cannot fill the window, every byte a token, is never suspected.
        """
        prompt, digests, sizes = _measured(body)
        known, before = self._longest_known(digests)
        size, added = sum(sizes), sum(sizes[known:])
        read = before.tokens if before else 0
        if read + added + _FRAME_TOKENS * (len(sizes) - known) <= self._context:
            cut = False
        elif tokens is None:
            cut = True
        else:
            rate = before.size / before.tokens if before else _TOKEN_BYTES
            growth = added / rate
            cut = (
                tokens <= read
                or tokens < read + growth / 2
                or (before is not None and read + growth > self._context)
            )
        if not cut and tokens:
            self._keep(prompt, _Read(size, tokens))
        return cut

    def _longest_known(self, digests: Sequence[str]) -> tuple[int, _Read | None]:
        """How many messages were read before, at most, and what they took."""
        with self._lock:
            for at in range(len(digests) - 1, 0, -1):
                if (before := self._read.get(digests[at - 1])) is not None:
                    return at, before
        return 0, None

    def _keep(self, prompt: str, read: _Read) -> None:
        with self._lock:
            self._read[prompt] = read
            while len(self._read) > _KEPT:
                del self._read[next(iter(self._read))]


def _measured(body: dict[str, Any]) -> tuple[str, list[str], list[int]]:
    """Digest of the whole prompt, of it up to each message, and the bytes of each message; tools count in the first."""
    head = msgspec.json.encode([body.get("tools"), body.get("think")])
    running = hashlib.sha256(head)
    digests: list[str] = []
    sizes: list[int] = []
    for message in body["messages"]:
        text = msgspec.json.encode(message)
        running.update(text)
        digests.append(running.hexdigest())
        sizes.append(len(text) + (0 if sizes else len(head)))
    return digests[-1], digests, sizes
