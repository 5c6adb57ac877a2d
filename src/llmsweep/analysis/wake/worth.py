"""What a filter saves or costs by its rates on the held-out part, with intervals; what is not known is left open, not assumed."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from llmsweep.analysis.costs.draws import DRAWS, Rows, solving_draws
from llmsweep.analysis.costs.scene import Figure, figure
from llmsweep.analysis.stats import Floats
from llmsweep.analysis.wake.money import (
    Pays,
    Stakes,
    break_even_miss,
    break_even_signal,
    flips,
    pays,
)
from llmsweep.analysis.wake.rules import Counts

Word = Literal["pays", "does not pay", "not distinguishable", "no break-even", "open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the user says of the money, None where it is not known: X, M, s. ``cycle_why``: where X comes from."""

    cycle: float | None = None
    miss: float | None = None
    signal: float | None = None
    cycle_why: str = "as said"

    def stakes(self, call: float) -> Stakes | None:
        """All of it, None where something is not known."""
        if self.cycle is None or self.miss is None or self.signal is None or math.isnan(call):
            return None
        return Stakes(cycle=self.cycle, miss=self.miss, signal=self.signal, call=call)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """``recall``, ``false_wake``: what was observed, then draws. ``cost``, ``saved``: dollars a trigger with the filter, and
    against none; ``precision`` of a wake; ``tolerable``: m*; ``turns``: `flips`. Each is None where the terms do not give it.
    ``signal``: the break-even signal rate, ``miss``: the break-even M.
    """

    word: Word
    terms: Terms
    call: float
    recall: Floats
    false_wake: Floats
    stakes: Stakes | None = None
    cost: Figure | None = None
    saved: Figure | None = None
    precision: Figure | None = None
    tolerable: float | None = None
    turns: dict[str, float] | None = None
    pays: Pays | None = None
    signal: Figure | None = None
    miss: float | None = None


def rate_draws(of: Counts, seed: int, draws: int = DRAWS) -> Floats:
    """The mean over triggers, first what was observed, then draws of triggers and of decisions within each."""
    woken = np.concatenate([np.arange(made) < woke for woke, made in zip(of.woken, of.made, strict=True)])
    rows = Rows(np.repeat(np.arange(len(of.made)), of.made), woken.astype(np.float64)[:, None])
    return np.asarray(solving_draws([rows], len(of.made), draws, seed)[0][:, 0])


def seen(values: Floats) -> Figure:
    """A figure whose interval holds what was observed: draws of a rate of 0 or 100 % all lie to one side of it."""
    found = figure(values)
    return Figure(found.value, min(found.low, found.value), max(found.high, found.value))


def worth(terms: Terms, call: float, real: Counts, noise: Counts, seed: int = 0) -> Worth:
    """``real``, ``noise``: of the held-out part, ``call``: f, dollars of a decision (NaN: not known)."""
    recall, false_wake = rate_draws(real, seed), rate_draws(noise, seed + 1)
    observed = (float(recall[0]), float(false_wake[0]))
    found = Worth(word="open", terms=terms, call=call, recall=recall, false_wake=false_wake)
    if terms.cycle is None or math.isnan(call):
        return found
    if terms.signal is not None:
        found = replace(found, miss=break_even_miss(terms.cycle, call, terms.signal, observed))
    if terms.miss is None:
        return found
    below = seen(break_even_signal(terms.cycle, call, terms.miss, recall, false_wake))
    where = pays(terms.cycle, call, terms.miss, observed)
    found = replace(
        found, pays=where, signal=below, word="no break-even" if where.where == "never" else "open"
    )
    stakes = terms.stakes(call)
    return found if stakes is None else _with_stakes(found, stakes, where)


def _with_stakes(found: Worth, stakes: Stakes, where: Pays) -> Worth:
    """What all of the terms together give."""
    recall, false_wake = found.recall, found.false_wake
    observed = (float(recall[0]), float(false_wake[0]))
    cost = stakes.with_filter(recall, false_wake)
    saved = seen(stakes.without - cost)
    return replace(
        found,
        word=_word(saved, where),
        stakes=stakes,
        cost=seen(cost),
        saved=saved,
        precision=_precision(stakes, recall, false_wake),
        tolerable=stakes.tolerable_miss(observed[1]),
        turns=flips(stakes, *observed),
    )


def _precision(stakes: Stakes, recall: Floats, false_wake: Floats) -> Figure:
    """Draws in which nothing is woken have none and are left out."""
    drawn = np.asarray(stakes.precision(recall, false_wake))
    if math.isnan(drawn[0]):
        return Figure(math.nan, math.nan, math.nan)
    return seen(drawn[~np.isnan(drawn)])


def _word(saved: Figure, where: Pays) -> Word:
    if saved.low > 0:
        return "pays"
    if where.where == "never" and saved.high < 0:
        return "no break-even"
    return "does not pay" if saved.high < 0 else "not distinguishable"
