"""Which cell to ship, and how strongly that is believed: within ``delta`` of the best, and not dearer than it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from llmsweep.belief.costs import Costs, relative_costs
from llmsweep.belief.kernels import Floats, Ints, Levels
from llmsweep.belief.posterior import Posterior, posterior

DRAWS = 2_000
ALIKE = 0.10
"""Costs within this share of one another are alike: measured ones never agree to the last token."""


@dataclass(frozen=True, slots=True)
class Terms:
    """When a choice is right: at most ``delta`` (a share) below the best, costs within ``alike`` (a share) being the
    same; ``confidence``: the belief that is wanted.
    """

    delta: float = 0.05
    confidence: float = 0.95
    alike: float = ALIKE


@dataclass(frozen=True, slots=True)
class Evidence:
    """``levels``: axis -> its level in each of K cells; ``passes``, ``attempts`` and ``spent`` (in any one unit):
    T x K; ``certain``: K, see `Posterior`.
    """

    levels: Levels
    passes: Ints
    attempts: Ints
    spent: Floats
    certain: NDArray[np.bool_]


@dataclass(frozen=True)
class Verdict:
    """Read off joint draws of every cell's rate and cost, ``draws`` and ``costs``: draws x K.

    A cell is right in a draw if its rate there is at most ``delta`` below the best cell's and it costs no more than
    that one (beyond ``alike``). ``chosen``: the cell to ship. ``belief`` (K): the share of draws in which each is right.
    """

    draws: Floats
    costs: Floats
    terms: Terms
    chosen: int

    @cached_property
    def right(self) -> NDArray[np.bool_]:
        return right_in(self.draws, self.costs, self.terms)

    @cached_property
    def belief(self) -> Floats:
        return np.asarray(self.right.mean(axis=0))

    @cached_property
    def apart(self) -> Floats:
        """K: the probability that a cell is worse than the one with the highest expected rate."""
        best = int(self.draws.mean(axis=0).argmax())
        return np.asarray((self.draws < self.draws[:, [best]]).mean(axis=0))

    def rivals(self, count: int, random: np.random.Generator) -> list[int]:
        """Cells that would overturn the choice, each from a draw in which it is wrong; the likeliest best one where it never is."""
        wrong = np.flatnonzero(~self.right[:, self.chosen])
        if len(wrong) == 0:
            others = self.draws.copy()
            others[:, self.chosen] = -1.0
            best = np.bincount(others.argmax(axis=1), minlength=others.shape[1])
            return [int(best.argmax())] * count
        return [int(self.draws[draw].argmax()) for draw in random.choice(wrong, count)]


def judge(evidence: Evidence, terms: Terms) -> tuple[Posterior, Costs, Verdict]:
    """What the episodes make one believe."""
    found = posterior(evidence.levels, evidence.passes, evidence.attempts, evidence.certain)
    costs = relative_costs(evidence.levels, evidence.spent, evidence.attempts)
    return found, costs, verdict(found, costs, terms)


def verdict(posterior: Posterior, costs: Costs, terms: Terms) -> Verdict:
    """Choose: the cheapest of the cells believed with the wanted confidence, else the one that is believed most.

    Only a cell that ran can be chosen.
    """
    rates, paid = posterior.draws(DRAWS, 0), costs.draws(DRAWS, 1)
    right = right_in(rates, paid, terms).mean(axis=0)
    ran = posterior.attempts.sum(axis=0) > 0
    sure = (right >= terms.confidence) & ran
    merit = np.where(sure, -costs.mean, -np.inf) if sure.any() else np.where(ran, right, -1.0)
    return Verdict(rates, paid, terms, int(merit.argmax()))


def right_in(rates: Floats, costs: Floats, terms: Terms) -> NDArray[np.bool_]:
    """Draws x K: whether each cell would be a right choice, were these the true rates and costs."""
    best, row = rates.argmax(axis=1), np.arange(len(rates))
    near = rates >= rates[row, best][:, None] - terms.delta
    return np.asarray(near & (costs <= costs[row, best][:, None] * (1 + terms.alike)))
