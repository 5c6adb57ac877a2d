"""What a cascade would be claimed to give by someone who knows the two models' rates alone."""

from __future__ import annotations

from typing import NamedTuple

from llmsweep.analysis.cascades.plans import Pair, Terms
from llmsweep.analysis.stats import Interval


class Claim(NamedTuple):
    """As `Plan` has them, means over tasks."""

    cost: float
    solved: float
    wrong: float
    escalated: float


def claimed(name: str, pair: Pair, k: int, terms: Terms) -> Claim:
    """What independence gives: every task as hard as the mean one, so that tries are independent of each other, and the
    two models too. N = (1 - (1 - A)^k) / A tries with A = p s + (1 - p) a and the mean p; then (1 - A)^k frontier attempts.

    On a public benchmark this over-states what 32 cascades solve by 10 points and under-states their cost by 13 % on
    average. For comparison only, never a figure by itself.
    """
    one, then, (s, a) = pair.local, pair.frontier, terms.accept
    p, q, check = float(one.rates.mean()), float(then.rates.mean()), terms.handling.verifier
    beyond = float((then.cost + check).mean())
    if name == "frontier":
        return Claim(beyond + then.standing, q, (1 - q) * a, 0.0)
    accepted = p * s + (1 - p) * a
    left = (1 - accepted) ** k
    made = (1 - left) / accepted if accepted > 0 else float(k)
    cost = one.standing + float((one.cost + check).mean()) * made
    solved, wrong = p * s * made, (1 - p) * a * made
    if name == "local":
        last = (1 - accepted) ** (k - 1) * p * (1 - s)
        return Claim(cost, solved + last, wrong, 0.0)
    cost += pair.standing + left * (beyond + float(pair.handoff.mean()))
    return Claim(cost, solved + left * q, wrong + left * (1 - q) * a, left)


def possible(local: float, frontier: float) -> Interval:
    """What a cascade with an oracle and one try can solve where only the two rates are known: from comonotone outcomes
    (max(p, q): the better model solves all that the other does) to disjoint ones, min(1, p + q) (Fréchet's bounds).
    """
    return Interval(low=max(local, frontier), high=min(1.0, local + frontier))
