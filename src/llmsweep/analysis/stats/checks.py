"""The questions of a check, each with a test that may be looked at after every pass: is the candidate no worse, no dearer?

The pass rate is bounded, so that its test (`sequential.noninferiority`) is exact. Tokens, seconds and dollars are not: their
bounds are asymptotic confidence sequences (Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2024, theorem 2.2, one-sided as in
their appendix), a normal mixture around the running mean with the sample's own spread. They are looked at from FEWEST pairs
on and only after complete passes; what differs from task to task is counted as chance, which errs on the safe side.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from llmsweep.analysis.stats.interval import Floats
from llmsweep.analysis.stats.sequential import FRACTIONS, noninferiority

Answer = Literal["pass", "regressed", "undecided"]
FEWEST = 30
"""Pairs below which the mean of tokens or seconds is not judged: their tails are too long for a normal bound."""
TIGHTEST = 150
"""Pairs at which the bounds are made to be the narrowest."""
WIDEST = 100.0
"""A ratio beyond it is not told from this one."""
HALVINGS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One question's answer so far. ``value``: a difference of rates, or a ratio; ``low``, ``high``: a two-sided confidence
    sequence of it; ``pairs``: that it rests on; ``harmed``: that the candidate is worse at all is shown, by however little.
    """

    answer: Answer
    value: float
    low: float
    high: float
    pairs: int
    harmed: bool = False


def judge_rate(differences: Floats, margin: float, alpha: float, *, block: int, questions: int = 1) -> Judged:
    """Whether the candidate loses at most ``margin``. ``differences``: candidate minus baseline, pass after pass.

    "pass": a larger loss is ruled out; "regressed": it is shown. Each is wrong with probability at most ``alpha`` however
    often one looks; with several ``questions`` that of "regressed" is shared by them, since one of them is enough for it.
    """
    found = noninferiority(differences, margin, 1 - alpha, block=block)
    strict = (
        found if questions == 1 else noninferiority(differences, margin, 1 - alpha / questions, block=block)
    )
    worse = noninferiority(differences, 0.0, 1 - alpha, block=block)
    used = differences[: found.n]
    return Judged(
        answer="pass"
        if found.decision == "noninferior"
        else "regressed"
        if strict.decision == "inferior"
        else "undecided",
        value=float(used.mean()) if found.n else math.nan,
        low=found.low,
        high=found.high,
        pairs=found.n,
        harmed=worse.decision == "inferior",
    )


def judge_ratio(
    pairs: tuple[Floats, Floats], ceiling: float, alpha: float, *, block: int, questions: int = 1
) -> Judged:
    """Whether the candidate's mean is at most ``ceiling`` times the baseline's. ``pairs``: theirs and ours, all known."""
    theirs, ours = pairs
    total = theirs.sum()
    return _judge(
        lambda ratio: ours - ratio * theirs,
        float(ours.sum() / total) if total > 0 else math.nan,
        (ceiling, alpha, block, questions),
    )


def judge_typical(
    pairs: tuple[Floats, Floats], ceiling: float, alpha: float, *, block: int, questions: int = 1
) -> Judged:
    """The same of the geometric mean of each pair's own ratio: for times, whose tails would drown a mean. All above 0."""
    logs = np.log(pairs[1]) - np.log(pairs[0])
    return _judge(
        lambda ratio: logs - math.log(ratio),
        math.exp(float(logs.mean())) if len(logs) else math.nan,
        (ceiling, alpha, block, questions),
    )


def pairs_needed(
    margin: float, differing: float, alpha: float, difference: float = 0.0, most: int = 100_000
) -> int | None:
    """About how many pairs it takes to rule out a loss of more than ``margin``, where the true difference is this one.

    ``differing``: the share of pairs with unequal outcomes. By the bets' average growth; half of all checks end before. None
    where ``most`` do not suffice, or the truth is not within the margin.
    """
    edge, share = (1 - margin) / 2, max(differing, abs(difference))
    chances = ((share + difference) / 2, (share - difference) / 2, 1 - share)
    gain, loss, tie = (np.log1p(FRACTIONS * (outcome / edge - 1)) for outcome in (1.0, 0.0, 0.5))
    growth = chances[0] * gain + chances[1] * loss + chances[2] * tie
    best = float(growth.max())
    if best <= 0:
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        # The largest term apart, so that nothing overflows.
        capital = middle * best + math.log(float(np.exp(middle * (growth - best)).mean()))
        low, high = (low, middle) if capital >= math.log(1 / alpha) else (middle, high)
    return high if high < most else None


def _judge(values: Callable[[float], Floats], value: float, terms: tuple[float, float, int, int]) -> Judged:
    """``values``: of each pair, positive on average where the candidate is above a ratio; falls as that rises."""
    ceiling, alpha, block, questions = terms
    at = values(ceiling)
    at = at[: len(at) // block * block]
    below = _first(_reached(-at, alpha, block))
    above = _first(_reached(at, alpha / questions, block))
    known = len(at)

    def refuted(ratio: float, sign: float) -> bool:
        return bool(_reached(sign * values(ratio)[:known], alpha / 2, block)[-1:].any())

    return Judged(
        answer="undecided" if below == above else "pass" if below < above else "regressed",
        value=value,
        low=_edge(lambda ratio: refuted(ratio, 1.0)),
        high=_edge(lambda ratio: not refuted(ratio, -1.0)),
        pairs=known,
    )


def _reached(values: Floats, alpha: float, block: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """After each complete block of FEWEST values or more: whether their mean is shown to be above 0."""
    n = np.arange(1, len(values) + 1)
    mean = values.cumsum() / n
    spread = np.sqrt(np.maximum(0.0, (values**2).cumsum() / n - mean**2) * n / np.maximum(n - 1, 1))
    tune = (-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)) / TIGHTEST
    mixed = n * tune + 1
    half = spread * np.sqrt(2 * mixed / (n**2 * tune) * np.log1p(np.sqrt(mixed) / (2 * alpha)))
    return np.asarray(((mean - half > 0) & (n >= FEWEST))[block - 1 :: block])


def _edge(refuted: Callable[[float], bool]) -> float:
    """The ratio below which all is refuted; 0 or WIDEST where there is none."""
    low, high = 1 / WIDEST, WIDEST
    if not refuted(low):
        return 0.0
    if refuted(high):
        return math.inf
    for _ in range(HALVINGS):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if refuted(middle) else (low, middle)
    return low


def _first(reached: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    """Where it first holds; the length where it never does."""
    return int(reached.argmax()) if reached.any() else len(reached)
