"""What follows from the pairs: pass, regressed or undecided, question by question, and what it would take where nothing does."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np

from llmsweep.analysis.checks.pairs import Flips, Pair, differences, flips
from llmsweep.analysis.stats import (
    Answer,
    Floats,
    Judged,
    judge_rate,
    judge_ratio,
    judge_typical,
    pairs_needed,
)
from llmsweep.types import Episode

Kind = Literal["tokens", "ttft", "cost"]
KINDS: tuple[Kind, ...] = ("tokens", "ttft", "cost")
Measure = Callable[[Episode], float | None]
"""What an episode took, None where nobody reported it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """``margin``: the loss of pass rate that is allowed, a share; ``alpha``: how often each answer may be wrong; ``ceilings``:
    what of the baseline's tokens, TTFT or cost is allowed, 1.2 being a fifth more.
    """

    margin: float
    alpha: float
    ceilings: Mapping[Kind, float] = field(default_factory=dict)

    @property
    def questions(self) -> int:
        return 1 + len(self.ceilings)


class Ceiling(NamedTuple):
    """One ceiling's answer. ``missing``: pairs in which it was not reported; ``untested``: why it was not asked."""

    allowed: float
    judged: Judged | None
    missing: int = 0
    untested: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """``differing``: share of pairs with unequal outcomes; ``needed``: pairs that it would take in all were the candidate as
    good as the baseline, None where that is out of reach.
    """

    answer: Answer
    rate: Judged
    theirs: float
    ours: float
    ceilings: Mapping[Kind, Ceiling]
    flips: Sequence[Flips]
    differing: float
    needed: int | None

    @property
    def flipped(self) -> list[Flips]:
        return [one for one in self.flips if one.won or one.lost]


def judge(
    pairs: Sequence[Pair],
    block: int,
    terms: Terms,
    measures: Mapping[Kind, tuple[Measure, Measure]],
    untested: Mapping[Kind, str] | None = None,
) -> Verdict:
    """From complete passes of ``block`` tasks each. ``measures``: the baseline's and the candidate's; ``untested``: ceilings that cannot be asked about, with the reason."""
    outcomes, silent, block = differences(pairs), untested or {}, max(1, block)
    asked = terms.questions - len(silent)
    rate = judge_rate(outcomes, terms.margin, terms.alpha, block=block, questions=asked)
    ceilings = {
        kind: Ceiling(allowed, None, untested=silent[kind])
        if kind in silent
        else _ceiling(kind, pairs, measures[kind], (allowed, terms.alpha, block, asked))
        for kind, allowed in terms.ceilings.items()
    }
    differing = float((outcomes != 0).mean()) if len(outcomes) else math.nan
    return Verdict(
        answer=_together([rate.answer, *(one.judged.answer for one in ceilings.values() if one.judged)]),
        rate=rate,
        theirs=_share([theirs for theirs, _ in pairs]),
        ours=_share([ours for _, ours in pairs]),
        ceilings=ceilings,
        flips=flips(pairs),
        differing=differing,
        needed=None if math.isnan(differing) else pairs_needed(terms.margin, differing, terms.alpha),
    )


def _together(answers: Sequence[Answer]) -> Answer:
    """One regression is enough; a pass needs all."""
    if "regressed" in answers:
        return "regressed"
    return "pass" if set(answers) == {"pass"} else "undecided"


def _ceiling(
    kind: Kind, pairs: Sequence[Pair], measures: tuple[Measure, Measure], terms: tuple[float, float, int, int]
) -> Ceiling:
    """Passes that lack a figure are left out whole, so that no task counts more than another."""
    allowed, alpha, block, questions = terms
    figures = [[_figure(of(one)) for of, one in zip(measures, pair, strict=True)] for pair in pairs]
    columns = np.array(figures).reshape(-1, block, 2)
    missing = int(np.isnan(columns).any(axis=2).sum())
    known: Floats = columns[~np.isnan(columns).any(axis=(1, 2))].reshape(-1, 2)
    decide = judge_typical if kind == "ttft" else judge_ratio
    judged = decide((known[:, 0], known[:, 1]), allowed, alpha, block=block, questions=questions)
    return Ceiling(allowed, judged, missing)


def _figure(value: float | None) -> float:
    """A time of 0 was not measured, and has no logarithm."""
    return math.nan if value is None or value < 0 else max(value, 1e-9)


def _share(episodes: Sequence[Episode]) -> float:
    return sum(bool(one.passed) for one in episodes) / len(episodes) if episodes else math.nan


def tokens(episode: Episode) -> float | None:
    """Input and output over all turns; None where a turn did not report them, or there is none."""
    total = 0
    for turn in episode.turns:
        if turn.usage.input_tokens is None or turn.usage.output_tokens is None:
            return None
        total += turn.usage.input_tokens + turn.usage.output_tokens
    return float(total) if episode.turns else None


def ttft(episode: Episode) -> float | None:
    """Of the first turn on a warm model."""
    warm = next((turn for turn in episode.turns if not turn.cold), None)
    return None if warm is None else warm.ttft_s
