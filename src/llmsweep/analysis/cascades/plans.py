"""What one way of working costs and solves, task by task: local alone, frontier alone, or one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from llmsweep.analysis.cascades.tries import Beta, Tries, tries
from llmsweep.analysis.costs.handling import Handling
from llmsweep.analysis.stats import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """One cell's attempts, one entry a task: how many, how many passed, and what one cost on average (any one unit).

    ``cost_right``, ``cost_wrong``: of those that passed and that did not; where a task has none, the mean of all its
    attempts. ``standing``: what a task costs before its first attempt (a machine's month, shared by all tasks).
    """

    passes: Ints
    attempts: Ints
    cost: Floats
    cost_right: Floats
    cost_wrong: Floats
    standing: float = 0.0

    @classmethod
    def of(cls, task: Ints, solved: Floats, cost: Floats, tasks: int, standing: float = 0.0) -> Outcomes:
        """From attempts, one entry each: ``task`` is an index below ``tasks``, each of which has at least one."""
        right = solved > 0
        attempts = np.bincount(task, minlength=tasks)
        passes = np.bincount(task[right], minlength=tasks)
        mean = np.bincount(task, cost, tasks) / attempts
        cost_right, cost_wrong = (
            np.where(count > 0, np.bincount(task[kept], cost[kept], tasks) / np.maximum(count, 1), mean)
            for kept, count in ((right, passes), (~right, attempts - passes))
        )
        return cls(
            passes=passes.astype(np.int64),
            attempts=attempts.astype(np.int64),
            cost=mean,
            cost_right=cost_right,
            cost_wrong=cost_wrong,
            standing=standing,
        )

    @property
    def rates(self) -> Floats:
        """p_i."""
        return np.asarray(self.passes / self.attempts)

    def pick(self, tasks: Ints) -> Outcomes:
        """Of these tasks alone."""
        return Outcomes(
            passes=self.passes[tasks],
            attempts=self.attempts[tasks],
            cost=self.cost[tasks],
            cost_right=self.cost_right[tasks],
            cost_wrong=self.cost_wrong[tasks],
            standing=self.standing,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two models on the same ``tasks`` (ids), arrays in their order. ``beta``: for tries of the local one beyond what was
    measured, None where nobody can say what a second try gives. ``handoff``: what it costs to hand a task over.
    ``one_machine``: it serves both, so that a cascade pays its month once.
    """

    tasks: tuple[str, ...]
    local: Outcomes
    frontier: Outcomes
    handoff: Floats
    beta: Beta | None = None
    one_machine: bool = False

    @property
    def standing(self) -> float:
        """What a task costs a cascade before its first attempt, beyond what the local model's stands for."""
        apart = self.frontier.standing
        return max(0.0, apart - self.local.standing) if self.one_machine else apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """``handling``: the verifier (its price, its errors) and the people; in dollars, as costs are then."""

    handling: Handling = field(default_factory=Handling)

    @property
    def accept(self) -> tuple[float, float]:
        """s and a."""
        return self.handling.accept_right, self.handling.accept_wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One entry a task; ``name``: local, frontier or cascade; ``k``: local tries at most.

    ``cost``: without people; ``solved``: the chance that what is handed over is right (the last try's is handed over even
    if the verifier rejected it); ``accepted``: that the verifier accepted it; ``wrong``: that it did and it is wrong;
    ``escalated``: that the frontier model was asked after local tries; ``tries``: expected local ones.
    """

    name: str
    k: int
    cost: Floats
    solved: Floats
    accepted: Floats
    wrong: Floats
    escalated: Floats
    tries: Floats

    @property
    def label(self) -> str:
        return (
            self.name
            if self.name == "frontier"
            else f"{self.name}, {self.k} tr{'y' if self.k == 1 else 'ies'}"
        )

    def full(self, handling: Handling) -> Floats:
        """D: dollars of a task until somebody has done it: cost + accepted r + (1 - accepted) h + wrong d."""
        people = self.accepted * handling.review + (1 - self.accepted) * handling.fix
        return np.asarray(self.cost + people + self.wrong * handling.harm)


def frontier_only(pair: Pair, terms: Terms) -> Plan:
    """One attempt, checked: cost c_F + v, solved p_F."""
    one, (s, a) = pair.frontier, terms.accept
    p = one.rates
    nothing = np.zeros(len(p))
    return Plan(
        name="frontier",
        k=0,
        cost=one.cost + one.standing + terms.handling.verifier,
        solved=p,
        accepted=p * s + (1 - p) * a,
        wrong=(1 - p) * a,
        escalated=nothing,
        tries=nothing,
    )


def local_only(pair: Pair, k: int, terms: Terms) -> Plan:
    """Up to k tries, until one is accepted: cost (c_i + v) E[N_i], P(accepted and right) = s E[right tries].

    c_i is that of right and of wrong tries as far as the two differ; in the mean over many attempts that is c_i E[N_i]
    (Wald). Raises ValueError as `tries` does.
    """
    s, a = terms.accept
    made = tries(pair.local.passes, pair.local.attempts, k, (s, a), pair.beta)
    right, wrong = made.right.sum(axis=1), made.wrong.sum(axis=1)
    return Plan(
        name="local",
        k=k,
        cost=_spent(pair.local, made, terms.handling.verifier),
        solved=s * right + (1 - s) * made.right[:, -1],
        accepted=s * right + a * wrong,
        wrong=a * wrong,
        escalated=np.zeros(len(right)),
        tries=right + wrong,
    )


def cascade(pair: Pair, k: int, terms: Terms) -> Plan:
    """Up to k local tries until one is accepted, then one of the frontier model.

    cost_i = (c_L + v) E[N_i] + left_i (c_F,i + v + x); solved_i = P(accepted and right) + left_i p_F,i, where left_i is
    the chance that no local try was accepted. Both factors are of the same task, whose two models' attempts are
    independent given the task: that is the measured joint table. Raises ValueError as `tries` does.
    """
    s, a = terms.accept
    one, then = pair.local, pair.frontier
    made = tries(one.passes, one.attempts, k, (s, a), pair.beta)
    right, wrong, left = made.right.sum(axis=1), made.wrong.sum(axis=1), made.left[:, -1]
    p = then.rates
    beyond = then.cost + terms.handling.verifier + pair.handoff
    return Plan(
        name="cascade",
        k=k,
        cost=_spent(one, made, terms.handling.verifier) + pair.standing + left * beyond,
        solved=s * right + left * p,
        accepted=s * right + a * wrong + left * (p * s + (1 - p) * a),
        wrong=a * wrong + left * (1 - p) * a,
        escalated=left,
        tries=right + wrong,
    )


def _spent(one: Outcomes, made: Tries, check: float) -> Floats:
    right, wrong = made.right.sum(axis=1), made.wrong.sum(axis=1)
    return np.asarray(one.standing + right * (one.cost_right + check) + wrong * (one.cost_wrong + check))
