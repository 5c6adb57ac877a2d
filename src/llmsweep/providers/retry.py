"""Retries live outside of the providers, so that no clock of a completion ever contains a failed try."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from llmsweep.errors import ProviderError
from llmsweep.providers import deciding
from llmsweep.providers.base import OnChunk, Provider
from llmsweep.types import Completion, Message, Sampling, Tool

TRIES = 4
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 120.0
"""A server that asks for more is not waited for: an episode that stays owed is cheaper than a sleeping sweep."""
_T = TypeVar("_T")


def complete(
    provider: Provider,
    messages: Sequence[Message],
    tools: Sequence[Tool],
    sampling: Sampling,
    on_chunk: OnChunk | None = None,
    *,
    tries: int = TRIES,
    sleep: Callable[[float], object] | None = None,
) -> Completion:
    """One completion, tried again after retryable errors; ``Completion.retries`` counts the failed tries.

    Waits 1, 2, 4, ... seconds, each shortened by up to half at random so that parallel episodes do not
    return together, and never less than the server asked for. ``sleep`` is by default the wait on the
    provider's own ``aborted`` event where it has one (a threading.Event), so that an abort ends the waiting.
    ``on_chunk`` hears the pieces of failed tries too. Raises the last ProviderError.
    """

    def once() -> Completion:
        return provider.complete(messages, tools, sampling, on_chunk)

    completion, failed = _tried(provider, once, tries, sleep)
    return replace(completion, retries=failed) if failed else completion


def decide(
    provider: Provider,
    messages: Sequence[Message],
    question: deciding.Question,
    sampling: Sampling,
    *,
    tries: int = TRIES,
    sleep: Callable[[float], object] | None = None,
) -> deciding.Decision:
    """One decision, tried again likewise. A malformed answer is one, and is never asked for again."""

    def once() -> deciding.Decision:
        return deciding.decide(provider, messages, question, sampling)

    decision, failed = _tried(provider, once, tries, sleep)
    return replace(decision, completion=replace(decision.completion, retries=failed)) if failed else decision


def _tried(
    provider: Provider, once: Callable[[], _T], tries: int, sleep: Callable[[float], object] | None
) -> tuple[_T, int]:
    """What ``once`` gives, and how many tries failed before."""
    aborted = getattr(provider, "aborted", None)
    pause = sleep or (aborted.wait if isinstance(aborted, threading.Event) else time.sleep)
    for failed in range(tries):
        try:
            return once(), failed
        except ProviderError as e:
            wait_s = _wait_s(failed, e.retry_after_s)
            if not e.retryable or failed == tries - 1 or wait_s > LONGEST_WAIT_S:
                raise
        pause(wait_s)
        if isinstance(aborted, threading.Event) and aborted.is_set():
            raise ProviderError("aborted")
    raise ValueError(f"tries={tries}: it must be 1 or more")


def _wait_s(failed: int, asked_s: float | None) -> float:
    """Seconds before the next try, after ``failed`` earlier ones and this one."""
    return max(FIRST_WAIT_S * (1 << failed) * random.uniform(0.5, 1.0), asked_s or 0.0)
