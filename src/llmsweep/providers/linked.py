"""What every provider over one HTTP link does alike: it is entered, listened to, broken off, and left."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter_ns
from typing import Generic, Protocol, TypeVar

from llmsweep.errors import ProviderError
from llmsweep.providers.base import Tap
from llmsweep.providers.faults import ContextFullError
from llmsweep.types import Completion, Message


class AnyLink(Protocol):
    """A client of one server. ``cut``: break what is in flight at once; nothing can be sent afterwards."""

    tap: Tap | None

    def cut(self) -> None: ...

    def close(self) -> None: ...


L = TypeVar("L", bound=AnyLink)


class Linked(ABC, Generic[L]):
    """Used by several threads at once. ``aborted``: set by `abort` until the next entering; who waits between two tries
    waits on it.
    """

    def __init__(self) -> None:
        self.aborted = threading.Event()
        self._link: L | None = None
        self._tap: Tap | None = None

    @abstractmethod
    def _open(self) -> L:
        """A new link. Raises UnfitError for what it lacks, such as a key."""

    def listen(self, tap: Tap | None) -> None:
        self._tap = tap
        if (link := self._link) is not None:
            link.tap = tap

    def abort(self) -> None:
        self.aborted.set()
        if (link := self._link) is not None:
            link.cut()

    def _connect(self) -> L:
        """Enter."""
        link = self._open()
        link.tap = self._tap
        self._link = link
        self.aborted.clear()
        return link

    def _close(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            link.close()

    def _entered(self) -> L:
        if self.aborted.is_set():
            raise ProviderError("aborted")
        if self._link is None:
            raise ProviderError("the provider is used outside of its with block", fatal=True)
        return self._link

    @contextmanager
    def _asking(self) -> Iterator[L]:
        """A link of its own for questions outside of any episode."""
        link = self._open()
        try:
            yield link
        finally:
            link.close()

    def _streamed(self, stream: Callable[[], int]) -> int | Completion:
        """What ``stream`` gives: when its request was written (``perf_counter_ns``); a full context is a Completion."""
        started_ns = perf_counter_ns()
        try:
            return stream()
        except ContextFullError:
            duration_s = (perf_counter_ns() - started_ns) / 1e9
            return Completion(message=Message(role="assistant"), stop_reason="context", duration_s=duration_s)
        except ProviderError:
            if self.aborted.is_set():
                raise ProviderError("aborted") from None
            raise
