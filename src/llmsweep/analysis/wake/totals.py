"""A stream of triggers with its filter and without one: tokens, seconds, dollars and solved tasks of both, paired by arrival."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from llmsweep.analysis.costs.draws import DRAWS
from llmsweep.analysis.costs.machine import Machine
from llmsweep.analysis.costs.scene import Figure, figure
from llmsweep.analysis.stats import Floats
from llmsweep.calls import Call
from llmsweep.prices import Price
from llmsweep.types import Episode, Usage

MEASURES = ("tokens", "seconds", "dollars")


class Spent(NamedTuple):
    """Of a decision or of a main cycle; NaN is not known."""

    tokens: float
    seconds: float
    dollars: float


NOTHING = Spent(0.0, 0.0, 0.0)
UNKNOWN = Spent(math.nan, math.nan, math.nan)


class Arrived(NamedTuple):
    """What came of one arrival. ``cycle``: of a main cycle about it, run by whoever woke, `UNKNOWN` where none ran."""

    real: bool
    woke: bool
    decision: Spent
    cycle: Spent
    solved: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over ``arrivals``. ``rows``: measure -> with the filter, without one, and what the filter saves (of solved tasks:
    adds), each with its 95 % interval; ``guessed``: cycles that nobody ran, which count as the mean of those that ran.
    """

    arrivals: int
    real: int
    woken: int
    missed: int
    false_wakes: int
    guessed: int
    rows: dict[str, tuple[Figure, Figure, Figure]]


def spent(turns: Sequence[tuple[Usage, float]], slots: int, tariff: Price | Machine | None) -> Spent:
    """Of completions, each with its seconds; with ``slots`` at once each had its share of the machine."""
    usages = [usage for usage, _ in turns]
    tokens = [
        math.nan if u.input_tokens is None or u.output_tokens is None else u.input_tokens + u.output_tokens
        for u in usages
    ]
    seconds = sum(lasted for _, lasted in turns)
    dollars = math.nan
    if isinstance(tariff, Price):
        each = [tariff.dollars(usage) for usage in usages]
        dollars = math.fsum(math.nan if one is None else one for one in each)
    elif isinstance(tariff, Machine):
        dollars = tariff.marginal(seconds / max(1, slots))
    return Spent(float(sum(tokens)), seconds, dollars)


def spent_on_calls(calls: Sequence[Call], tariff: Price | Machine | None) -> Spent:
    turns = [(call.turn.usage, call.turn.duration_s) for call in calls if call.turn is not None]
    return spent(turns, calls[0].concurrency if calls else 1, tariff)


def spent_on_cycle(episode: Episode, tariff: Price | Machine | None) -> Spent:
    return spent([(turn.usage, turn.duration_s) for turn in episode.turns], episode.concurrency, tariff)


def totals(arrived: Sequence[Arrived], miss: float | None, draws: int = DRAWS, seed: int = 0) -> Totals:
    """``miss``: dollars of a missed real trigger, None where nobody says: then no row has it in it.

    Intervals by a bootstrap over arrivals, real ones and noise apart, the same ones for both sides.
    """
    real = np.array([one.real for one in arrived])
    woke = np.array([one.woke for one in arrived])
    weights = _weights(real, draws, seed)
    rows: dict[str, tuple[Figure, Figure, Figure]] = {}
    for at, measure in enumerate(MEASURES):
        decision = np.array([one.decision[at] for one in arrived])
        cycle = _filled(np.array([one.cycle[at] for one in arrived]))
        if np.isnan(decision).any() or np.isnan(cycle).any():
            continue
        rows[measure] = _row(weights, decision + woke * cycle, cycle)
        if measure == "dollars" and miss is not None:
            lost = miss * (real & ~woke)
            rows["dollars, misses counted"] = _row(weights, decision + woke * cycle + lost, cycle)
    solved = _filled(np.array([one.solved if one.real else math.nan for one in arrived]))
    if not np.isnan(solved[real]).any():
        got = np.where(real, solved, 0.0)
        # Of solved tasks more is better: what the filter adds is at most nothing.
        kept, every, lost = _row(weights, woke * got, got)
        rows["solved"] = (kept, every, Figure(0 - lost.value, 0 - lost.high, 0 - lost.low))
    return Totals(
        arrivals=len(arrived),
        real=int(real.sum()),
        woken=int(woke.sum()),
        missed=int((real & ~woke).sum()),
        false_wakes=int((~real & woke).sum()),
        guessed=sum(math.isnan(one.cycle.seconds) for one in arrived),
        rows=rows,
    )


def _row(weights: Floats, ours: Floats, theirs: Floats) -> tuple[Figure, Figure, Figure]:
    with_filter, without = weights @ ours, weights @ theirs
    return figure(with_filter), figure(without), figure(without - with_filter)


def _filled(values: Floats) -> Floats:
    """Unknown entries as the mean of the known ones; all unknown stay so."""
    known = ~np.isnan(values)
    return np.where(known, values, values[known].mean()) if known.any() else values


def _weights(real: NDArray[np.bool_], draws: int, seed: int) -> Floats:
    """Rows of how often each arrival is drawn; the first is once each."""
    random = np.random.default_rng(seed)
    weights = np.ones((draws + 1, len(real)))
    for group in (np.flatnonzero(real), np.flatnonzero(~real)):
        if len(group):
            weights[1:, group] = random.multinomial(
                len(group), np.full(len(group), 1 / len(group)), size=draws
            )
    return weights
