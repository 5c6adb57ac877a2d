"""The money of a filter per trigger: with = f + X (s t + (1 - s) u) + M s (1 - t), without = X; misses are counted, not hidden.

Letters in docs/wake.md: X a main cycle, f the filter's call, M a missed real trigger, s the signal rate (the share of
triggers that are real), t recall, u the false-wake rate. All of it is one identity, with = without, solved for each letter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from llmsweep.errors import UsageError

Floats = NDArray[np.float64]
N = TypeVar("N", float, Floats)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stakes:
    """Dollars a trigger. ``cycle``: X, what the agent costs once it is woken; ``call``: f; ``miss``: M, what a real
    trigger costs that it is not woken for; ``signal``: s. Raises UsageError for what cannot be.
    """

    cycle: float
    call: float
    miss: float
    signal: float

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if not 0 <= value < math.inf:
                raise UsageError(f"{one.name}={value:g}: it must be 0 or more.")
        if self.cycle == 0:
            raise UsageError("cycle=0: a main cycle that costs nothing needs no filter; say what it costs.")
        if self.signal > 1:
            raise UsageError(f"signal={self.signal:g}: it must be a share, between 0 and 1.")

    @property
    def without(self) -> float:
        """No filter: every trigger runs a main cycle, and none is missed."""
        return self.cycle

    @property
    def ideal(self) -> float:
        """A filter that wakes for all real triggers and for nothing else: f + X s."""
        return self.call + self.cycle * self.signal

    def woken(self, recall: N, false_wake: N) -> N:
        """The share of triggers that the agent is woken for: s t + (1 - s) u."""
        return self.signal * recall + (1 - self.signal) * false_wake

    def missing(self, recall: N) -> N:
        """Dollars of missed work: M s (1 - t)."""
        return self.miss * self.signal * (1 - recall)

    def with_filter(self, recall: N, false_wake: N) -> N:
        """Dollars a trigger, misses counted."""
        return self.call + self.cycle * self.woken(recall, false_wake) + self.missing(recall)

    def precision(self, recall: N, false_wake: N) -> N:
        """The share of wakes that are for real work: s t / (s t + (1 - s) u); NaN where nothing is woken."""
        woken = np.asarray(self.woken(recall, false_wake), dtype=np.float64)
        real = np.asarray(self.signal * recall, dtype=np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(woken > 0, real / woken, np.nan)
        return float(share) if np.ndim(share) == 0 else share  # type: ignore[return-value]

    def tolerable_miss(self, false_wake: float) -> float:
        """m*: the miss rate up to which the filter pays, [X (1 - s)(1 - u) - f] / [s (M - X)].

        Infinite where a miss costs no more than a cycle (or nothing is real) and noise alone pays for the filter: then
        any is tolerable. Negative where not even a filter that misses nothing pays.
        """
        gained = self.cycle * (1 - self.signal) * (1 - false_wake) - self.call
        lost = self.signal * (self.miss - self.cycle)
        return gained / lost if lost > 0 else math.copysign(math.inf, gained)


class Pays(NamedTuple):
    """For which signal rates a filter pays: ``where`` is below or above ``at``, always, or never (no break-even)."""

    where: str
    at: float


def pays(cycle: float, call: float, miss: float, rates: tuple[float, float]) -> Pays:
    """The break-even signal rate of a filter with recall and false-wake rate ``rates``.

    with - without = a + b s with a = f - X (1 - u) and b = X (t - u) + M (1 - t): what noise saves, and what each real
    trigger takes of it.
    """
    recall, false_wake = rates
    a = call - cycle * (1 - false_wake)
    b = cycle * (recall - false_wake) + miss * (1 - recall)
    at = -a / b if b else math.inf
    if a < 0:
        return Pays("below", at) if 0 < at < 1 else Pays("always", 1.0)
    return Pays("above", at) if b < 0 and 0 <= at < 1 else Pays("never", math.nan)


def break_even_signal(cycle: float, call: float, miss: float, recall: Floats, false_wake: Floats) -> Floats:
    """`pays` for many draws: the signal rate below which each pays, 1 where at any, 0 where at none."""
    a = call - cycle * (1 - false_wake)
    b = cycle * (recall - false_wake) + miss * (1 - recall)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = np.where(b > 0, -a / b, np.where(a < 0, 1.0, 0.0))
    return np.clip(at, 0.0, 1.0)


def flips(stakes: Stakes, recall: float, false_wake: float) -> dict[str, float]:
    """For each input what it alone would have to be for with = without; NaN where no value that it can have does it."""
    s, u, t = stakes.signal, false_wake, recall
    x, f, m = stakes.cycle, stakes.call, stakes.miss
    skipped = 1 - s * t - (1 - s) * u
    lost = m * s * (1 - t)
    even = pays(x, f, m, (t, u))
    sides = {
        "cycle": _ratio(f + lost, skipped),
        "call": x * skipped - lost,
        "miss": _ratio(x * skipped - f, s * (1 - t)),
        "signal": even.at if even.where in ("below", "above") else math.nan,
        "recall": _share(1 - (x * (1 - s) * (1 - u) - f) / (s * (m - x)) if s * (m - x) else math.nan),
        "false_wake": _share(_ratio(x * (1 - s * t) - f - lost, x * (1 - s))),
    }
    return {name: value if value >= 0 else math.nan for name, value in sides.items()}


def break_even_miss(cycle: float, call: float, signal: float, rates: tuple[float, float]) -> float:
    """M up to which the filter pays; infinite where it misses nothing and pays, negative where it never does."""
    recall, false_wake = rates
    gained = cycle * (1 - signal * recall - (1 - signal) * false_wake) - call
    lost = signal * (1 - recall)
    return gained / lost if lost > 0 else math.copysign(math.inf, gained)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else math.nan


def _share(value: float) -> float:
    return value if 0 <= value <= 1 else math.nan
