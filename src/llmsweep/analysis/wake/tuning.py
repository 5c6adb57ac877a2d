"""Cell and threshold chosen on the tuning part alone: by expected money, or the fewest false wakes at a required recall."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from llmsweep.analysis.wake.heard import Heard
from llmsweep.analysis.wake.money import Stakes
from llmsweep.analysis.wake.rules import Rule, means, rules_of

CHANCE = 0.05
"""Of a recall that is shown by no miss at all: the chance to have seen none, were it not so high."""
_EQUAL = 1e-9


class Chosen(NamedTuple):
    """A cell with its rule, and what they do on the tuning part. ``met``: the required recall is reached there."""

    heard: Heard
    rule: Rule
    recall: float
    false_wake: float
    met: bool


def by_recall(heard: Heard, required: float) -> Chosen:
    """The rule with the fewest false wakes of those whose recall on the tuning part is ``required`` or more, else the one
    with the highest recall.
    """
    ranked = []
    for rule in rules_of(heard):
        recall, false_wake = means(heard, rule, "tune")
        met = recall >= required - _EQUAL
        order = (
            not met,
            *((false_wake, -recall) if met else (-recall, false_wake)),
            rule.calls,
            rule.threshold,
        )
        ranked.append((order, Chosen(heard, rule, recall, false_wake, met)))
    return min(ranked, key=lambda one: one[0])[1]


def by_money(heard: Heard, stakes: Callable[[Heard, Rule], Stakes], required: float) -> Chosen:
    """The rule with the lowest cost a trigger on the tuning part; of equal ones the one with the higher recall."""
    ranked = []
    for rule in rules_of(heard):
        recall, false_wake = means(heard, rule, "tune")
        cost = stakes(heard, rule).with_filter(recall, false_wake)
        chosen = Chosen(heard, rule, recall, false_wake, recall >= required - _EQUAL)
        ranked.append(((round(cost, 12), -recall, rule.calls, rule.threshold), chosen))
    return min(ranked, key=lambda one: one[0])[1]


def best(each: Sequence[Chosen], stakes: Callable[[Heard, Rule], Stakes] | None, required: float) -> Chosen:
    """Of the cells' own choices, by the same measure; of equal ones the first."""
    if stakes is not None:
        return min(each, key=lambda one: stakes(one.heard, one.rule).with_filter(one.recall, one.false_wake))
    return min(
        each,
        key=lambda one: (not one.met, *((one.false_wake,) if one.met else (-one.recall, one.false_wake))),
    )


def shown_by_none_missed(positives: int) -> float:
    """The recall that so many real triggers can show at best: with none missed it is at least that, at 95 %."""
    return float(CHANCE ** (1 / positives)) if positives else 0.0


def positives_needed(required: float) -> int:
    """How many real triggers, none of them missed, show a recall of ``required`` at 95 %."""
    return math.ceil(math.log(CHANCE) / math.log(required)) if 0 < required < 1 else 1
