"""Rules that turn calls into wake or skip, and what each of them does to a part of the triggers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from llmsweep.analysis.stats import Interval, Ints, mean_rate, rate_interval
from llmsweep.analysis.wake.heard import Heard
from llmsweep.calls import Call, Part

Kind = Literal["verdict", "score", "votes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """``verdict``: one call, as it says; ``score``: one call, wake where the probability of wake is ``threshold`` or more;
    ``votes``: ``calls`` calls, wake where ``threshold`` of them or more say so. What is neither wakes in all of them.
    """

    kind: Kind
    threshold: float = 0.0
    calls: int = 1

    def wakes(self, calls: Sequence[Call]) -> bool:
        """Whether scored ``calls`` about one trigger wake; the rule's number of them, fewer where some broke."""
        if self.kind == "votes":
            return sum(call.verdict != "skip" for call in calls) * self.calls >= self.threshold * len(calls)
        call = calls[0]
        if self.kind == "score" and call.score is not None:
            return call.verdict == "neither" or call.score >= self.threshold
        return call.verdict != "skip"

    def __str__(self) -> str:
        if self.kind == "verdict":
            return "one call, as it says"
        if self.kind == "score":
            return f"wake at a probability of {self.threshold:.3g} or more"
        return f"wake at {self.threshold:.0f} of {self.calls} votes or more"


class Counts(NamedTuple):
    """Of each trigger that was decided about: how often it was woken for, of how many decisions."""

    woken: Ints
    made: Ints


class Rate(NamedTuple):
    """Mean over ``triggers``, with its 95 % interval for triggers like them."""

    value: float
    low: float
    high: float
    triggers: int


def rules_of(heard: Heard) -> list[Rule]:
    """Every rule that the tuning part can tell apart: thresholds between scores, or numbers of votes where there is none."""
    verdict = Rule(kind="verdict")
    if heard.scored:
        tuned = np.array([trigger.part == "tune" for trigger in heard.triggers])[heard.owner]
        values = np.unique(heard.score[tuned & ~np.isnan(heard.score)])
        between = (values[1:] + values[:-1]) / 2
        return [verdict, *(Rule(kind="score", threshold=float(at)) for at in (0.0, *between))]
    if heard.repeats > 1:
        return [
            verdict,
            *(
                Rule(kind="votes", threshold=votes, calls=heard.repeats)
                for votes in range(1, heard.repeats + 1)
            ),
        ]
    return [verdict]


def decided(heard: Heard, rule: Rule) -> tuple[Ints, Ints]:
    """Of every trigger: how often it is woken for under the rule, and how many decisions that is; 0 where none was made."""
    size = len(heard.triggers)
    made = np.bincount(heard.owner, minlength=size)
    woke = heard.woke
    if rule.kind == "score":
        woke = np.where(np.isnan(heard.score), heard.woke, heard.neither | (heard.score >= rule.threshold))
    woken = np.bincount(heard.owner, woke, size).round().astype(np.int64)
    if rule.kind != "votes":
        return woken, made
    enough = woken * rule.calls >= rule.threshold * made
    return (enough & (made > 0)).astype(np.int64), (made > 0).astype(np.int64)


def counts(heard: Heard, rule: Rule, part: Part) -> tuple[Counts, Counts]:
    """Of the real triggers of a part, and of its noise."""
    woken, made = decided(heard, rule)
    real, noise = (heard.of(part, label) & (made > 0) for label in ("wake", "skip"))
    return Counts(woken[real], made[real]), Counts(woken[noise], made[noise])


def means(heard: Heard, rule: Rule, part: Part) -> tuple[float, float]:
    """Recall and false-wake rate."""
    real, noise = counts(heard, rule, part)
    return mean_rate(*real), mean_rate(*noise)


def rate(of: Counts) -> Rate:
    interval = rate_interval(of.woken, of.made) if len(of.made) else Interval(low=0.0, high=1.0)
    return Rate(mean_rate(*of), interval.low, interval.high, len(of.made))
