"""Run specs on a concurrent.futures Executor, never more at once than the server has slots, and hand back results as they land."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import Any, TypeVar

S = TypeVar("S")
"""What is run: an episode's spec, or a call's."""
R = TypeVar("R")
"""What comes of it."""

GRACE_S = 1.5
"""Seconds that episodes in flight get to unwind after an abort."""
_POLL_S = 0.2


def run_all(
    specs: Iterable[S],
    run: Callable[[S], R],
    executor: Executor,
    *,
    slots: int,
    stop: Callable[[], bool] = lambda: False,
    abort: Callable[[], None] = lambda: None,
) -> Iterator[R]:
    """Yield each result as it ends; at most ``slots`` are in flight.

    ``stop`` is asked before each submission: once true, those in flight are finished and yielded and no
    more start. Whatever breaks the loop (Ctrl-C, a fatal error of ``run``, the caller leaving) calls
    ``abort`` and gives those in flight ``GRACE_S`` to unwind; they are dropped and stay owed.
    """
    waiting = iter(specs)
    flying: set[Future[R]] = set()
    try:
        while True:
            while len(flying) < slots and not stop() and (spec := next(waiting, None)) is not None:
                flying.add(executor.submit(run, spec))
            if not flying:
                return
            # A bounded wait, so that Ctrl-C reaches the main thread on every platform.
            done, flying = wait(flying, timeout=_POLL_S, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    finally:
        _unwind(flying, abort)


def _unwind(flying: set[Future[Any]], abort: Callable[[], None]) -> None:
    if not flying:
        return
    for future in flying:
        future.cancel()
    abort()
    deadline = time.monotonic() + GRACE_S
    wait(flying, timeout=max(0.0, deadline - time.monotonic()))
