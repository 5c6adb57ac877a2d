"""What a sweep may spend, what it is expected to spend, said before it runs and checked while it does."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from llmsweep.store import Row

_T95 = {1: 6.31, 2: 2.92, 3: 2.35, 4: 2.13, 5: 2.02, 6: 1.94, 7: 1.89, 8: 1.86, 9: 1.83}
"""Student's t, one-sided 95 %, by degrees of freedom; 1.7 beyond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What one command may spend; None is no bound. Episodes in flight are finished beyond it."""

    hours: float | None = None
    tokens: int | None = None
    episodes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A prediction with its 90 % band."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What the owed episodes will take; ``tokens`` None where the provider reports none. ``basis``: how many episodes it rests on."""

    episodes: int
    minutes: Band
    tokens: Band | None
    basis: int


def forecast(owed: int, seen: Sequence[Row], slots: int) -> Forecast | None:
    """Scale the mean of ``seen`` episodes to ``owed`` ones, ``slots`` at a time; None when fewer than two were seen.

    The band is Student's t on the mean, so that a smoke of a few episodes gives a wide one.
    """
    if len(seen) < 2 or owed == 0:
        return None
    minutes = _band([row.duration_s / 60 / slots for row in seen], owed)
    tokens = [row.tokens for row in seen if row.tokens is not None]
    return Forecast(
        episodes=owed,
        minutes=minutes,
        tokens=_band(tokens, owed) if len(tokens) == len(seen) else None,
        basis=len(seen),
    )


def _band(samples: Sequence[float], times: int) -> Band:
    mean = statistics.fmean(samples)
    margin = _T95.get(len(samples) - 1, 1.7) * statistics.stdev(samples) / math.sqrt(len(samples))
    low = max(min(samples), mean - margin)
    return Band(low=times * low, middle=times * mean, high=times * (mean + margin))


@dataclass(slots=True, kw_only=True)
class Spending:
    """What this command has spent so far, against its envelope."""

    envelope: Envelope
    episodes: int = 0
    tokens: int = 0
    started: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def spent(self) -> str | None:
        """Which bound is reached, in words; None while there is room."""
        e = self.envelope
        if e.episodes is not None and self.episodes >= e.episodes:
            return f"envelope.episodes={e.episodes} is spent"
        if e.tokens is not None and self.tokens >= e.tokens:
            return f"envelope.tokens={e.tokens} is spent ({self.tokens} used)"
        if e.hours is not None and self.seconds >= e.hours * 3600:
            return f"envelope.hours={e.hours:g} is spent"
        return None
