"""Two models on the same tasks, all plans side by side: the table, the front, the verdicts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from llmsweep.analysis.cascades.claims import Claim, claimed
from llmsweep.analysis.cascades.front import hull, mixed
from llmsweep.analysis.cascades.joint import Joint, joint_table
from llmsweep.analysis.cascades.plans import Pair, Plan, Terms, cascade, frontier_only, local_only
from llmsweep.analysis.cascades.refits import MEASURES, shifts
from llmsweep.analysis.cascades.verdicts import (
    Against,
    Tolerable,
    against,
    spread,
    task_draws,
    tolerable,
    widened,
)
from llmsweep.analysis.costs.draws import DRAWS
from llmsweep.analysis.costs.handling import Handling
from llmsweep.analysis.costs.scene import Figure
from llmsweep.analysis.stats import LEVEL, Floats, Interval, wilson
from llmsweep.analysis.stats.rates import wilson_over_tasks
from llmsweep.analysis.wording import listed


class Band(NamedTuple):
    """A share of which only a range is known, and, where it was measured, the estimate."""

    low: float
    high: float
    measured: float | None = None

    @property
    def at(self) -> float:
        """The estimate, else the middle."""
        return (self.low + self.high) / 2 if self.measured is None else self.measured

    @property
    def ends(self) -> tuple[float, float]:
        return self.low, self.high

    @property
    def known(self) -> bool:
        return self.low == self.high


ACCEPT_RIGHT, ACCEPT_WRONG = Band(0.75, 1.0), Band(0.05, 0.25)
"""Public test suites accept 5 to 20 % of wrong patches; how many right ones a verifier turns down is known less still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``ks``: how many local tries; ``handling``: people and the price of a check (its own errors are not read);
    ``accept_right``, ``accept_wrong``: of the verifier, s and a.
    """

    ks: tuple[int, ...] = (1, 2, 3)
    handling: Handling = field(default_factory=Handling)
    accept_right: Band = ACCEPT_RIGHT
    accept_wrong: Band = ACCEPT_WRONG
    draws: int = DRAWS
    seed: int = 0

    def terms(self, right: float | None = None, wrong: float | None = None) -> Terms:
        """As measured, else in the middle of both bands, unless said otherwise."""
        s = self.accept_right.at if right is None else right
        a = self.accept_wrong.at if wrong is None else wrong
        return Terms(handling=replace(self.handling, accept_right=s, accept_wrong=a))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One plan. ``cost``: with its 95 % interval over tasks; ``solved``, ``wrong``: shares, likewise; ``full``: dollars
    with people; ``range_``: lowest and highest over the verifier's bands; ``claim``: what independence gives; ``against``:
    the frontier alone, None for itself; ``above``: how much more it solves than the best random mix of single models
    at its cost, None for those themselves; ``front``: neither a plan nor a mix of plans beats it; ``modelled``: the
    share of tasks whose tries are not all measured.
    """

    plan: Plan
    cost: Figure
    solved: Figure
    wrong: Figure
    full: Figure
    range_solved: Interval
    range_wrong: Interval
    range_cost: Interval
    claim: Claim
    against: Against | None
    above: Figure | None
    front: bool
    modelled: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """``lines``: local alone, cascades, the frontier alone; ``tolerable``: a* by number of tries; ``refused``: why fewer
    tries than asked for are shown, None where all are.
    """

    pair: Pair
    asked: Asked
    joint: Joint
    lines: tuple[Line, ...]
    tolerable: dict[int, Tolerable]
    refused: str | None

    @property
    def cascades(self) -> list[Line]:
        return [line for line in self.lines if line.plan.name == "cascade"]

    @property
    def frontier(self) -> Line:
        return self.lines[-1]

    @property
    def cheapest(self) -> Line:
        """With people."""
        return min(self.lines, key=lambda line: line.full.value)


def study(pair: Pair, asked: Asked) -> Study:
    """Every plan on these tasks. Tries that nobody can say anything about are left out, and ``refused`` says so; ValueError
    where none are left.
    """
    ks = asked.ks if pair.beta is not None else tuple(k for k in asked.ks if k <= pair.local.attempts.min())
    if not ks:
        raise ValueError(f"no number of tries is left: {_refused(asked.ks, ks)}")
    terms = asked.terms()
    plans = list(_plans(pair, ks, terms))
    return Study(
        pair=pair,
        asked=asked,
        joint=joint_table(pair),
        lines=tuple(_lines(pair, ks, asked, plans)),
        tolerable={k: tolerable(pair, k, terms) for k in ks},
        refused=None if ks == asked.ks else _refused(asked.ks, ks),
    )


def _refused(asked: tuple[int, ...], ks: tuple[int, ...]) -> str:
    left = listed([str(k) for k in asked if k not in ks])
    return (
        f"k={left}: not shown, since no task was tried twice by the local model, so that nobody knows what another try"
        " gives; run its sweep with repeats=3 (a greedy cell only repeats itself)"
    )


def _plans(pair: Pair, ks: tuple[int, ...], terms: Terms) -> Iterator[Plan]:
    yield from (local_only(pair, k, terms) for k in ks)
    yield from (cascade(pair, k, terms) for k in ks)
    yield frontier_only(pair, terms)


def _lines(pair: Pair, ks: tuple[int, ...], asked: Asked, plans: list[Plan]) -> Iterator[Line]:
    terms, frontier, tasks = asked.terms(), plans[-1], len(pair.tasks)
    moved = _moved(pair, ks, asked)
    cost, solved, full = _draws(plans, asked, moved)
    beside = [*against(plans[:-1], frontier, (cost, full), moved["solved"], asked.seed), None]
    corners = hull(cost[0], solved[0])
    single = [i for i, plan in enumerate(plans) if plan.name != "cascade"]
    ranges = _ranges(pair, ks, asked)
    attempts = int(pair.local.attempts.sum() + pair.frontier.attempts.sum())
    for i, plan in enumerate(plans):
        above = None
        if plan.name == "cascade":
            above = spread(solved[:, i] - mixed(cost[:, single], solved[:, single], cost[:, i]), tasks)
        yield Line(
            plan=plan,
            cost=spread(cost[:, i], tasks),
            solved=_share(plan.solved, attempts, moved["solved"][:, i]),
            wrong=_share(plan.wrong, attempts, moved["wrong"][:, i]),
            full=spread(full[:, i], tasks),
            range_solved=ranges[i][0],
            range_wrong=ranges[i][1],
            range_cost=ranges[i][2],
            claim=claimed(plan.name, pair, plan.k, terms),
            against=beside[i],
            above=above,
            front=i in corners,
            modelled=float((pair.local.attempts < plan.k).mean()),
        )


def _moved(pair: Pair, ks: tuple[int, ...], asked: Asked) -> dict[str, Floats]:
    """What the beta's own doubt moves; one row of zeros where every try was measured."""
    terms = asked.terms()
    if max(ks) <= pair.local.attempts.min():
        return {name: np.zeros((1, 2 * len(ks) + 1)) for name in MEASURES}
    return shifts(pair, lambda one: _plans(one, ks, terms), terms.handling, asked.seed)


def _draws(plans: list[Plan], asked: Asked, moved: dict[str, Floats]) -> tuple[Floats, Floats, Floats]:
    """Cost, solved and full cost, draws x plans, the first as observed: other tasks, and with each a beta that others gave."""
    handling = asked.terms().handling
    columns = [values for plan in plans for values in (plan.cost, plan.solved, plan.full(handling))]
    draws = task_draws(np.stack(columns, axis=1), asked.draws, asked.seed)
    which = np.random.default_rng(asked.seed).integers(len(moved["cost"]), size=len(draws) - 1)
    parts = []
    for number, name in enumerate(("cost", "solved", "full")):
        part = draws[:, number::3]
        part[1:] += moved[name][which]
        parts.append(part)
    return parts[0], parts[1], parts[2]


def _share(values: Floats, attempts: int, moved: Floats) -> Figure:
    """Of the mean of one share a task: Wilson's over the tasks, or over the effective number of them, as `pass_at_k`, wider
    by what a refitted beta moves. A bootstrap would say ±0 where a few tasks happen to agree.
    """
    if np.ptp(values) < 1e-12 or bool(np.isin(values, (0.0, 1.0)).all()):
        found = wilson(float(values.sum()), len(values))
    else:
        found = wilson_over_tasks(values, attempts, LEVEL)
    mean = float(values.mean())
    low, high = widened(mean, (found.low, found.high), moved)
    return Figure(mean, max(0.0, low), min(1.0, high))


def _ranges(pair: Pair, ks: tuple[int, ...], asked: Asked) -> list[tuple[Interval, Interval, Interval]]:
    """Solved, wrongly accepted and cost of every plan over the corners of the verifier's bands."""
    corners = [(s, a) for s in asked.accept_right.ends for a in asked.accept_wrong.ends]
    each = [list(_plans(pair, ks, asked.terms(s, a))) for s, a in corners]
    return [
        (
            _range([float(plan.solved.mean()) for plan in same]),
            _range([float(plan.wrong.mean()) for plan in same]),
            _range([float(plan.cost.mean()) for plan in same]),
        )
        for same in zip(*each, strict=True)
    ]


def _range(values: list[float]) -> Interval:
    return Interval(low=min(values), high=max(values))


def study_table(found: Study) -> pd.DataFrame:
    """One row a plan: the shares and costs (means over tasks, ``_low`` and ``_high`` at 95 %), ``range_``: over the
    verifier's bands; ``claimed_``: what independence gives; ``solved_diff``, ``cost_ratio``, ``full_saved``: beside the
    frontier alone; ``above_mix``; ``tolerable_wrong``: a* (inf: any); ``front``; ``modelled``: the share of tasks with
    fewer attempts than tries.
    """
    return pd.DataFrame([_row(found, line) for line in found.lines])


def _row(found: Study, line: Line) -> dict[str, object]:
    plan, claim, nowhere = line.plan, line.claim, Figure(math.nan, math.nan, math.nan)
    beside = line.against
    difference = (
        nowhere if beside is None else Figure(beside.solved.value, beside.solved.low, beside.solved.high)
    )
    bearable = found.tolerable.get(plan.k) if plan.name == "cascade" else None
    terms = found.asked.terms()
    return {
        "plan": plan.name,
        "k": plan.k,
        "accept_right": terms.accept[0],
        "accept_wrong": terms.accept[1],
        "tasks": len(found.pair.tasks),
        **_ends("cost", line.cost),
        **_ends("solved", line.solved),
        **_ends("wrong", line.wrong),
        "accepted": float(plan.accepted.mean()),
        "escalated": float(plan.escalated.mean()),
        "tries": float(plan.tries.mean()),
        **_ends("full", line.full),
        "range_cost_low": line.range_cost.low,
        "range_cost_high": line.range_cost.high,
        "range_solved_low": line.range_solved.low,
        "range_solved_high": line.range_solved.high,
        "range_wrong_low": line.range_wrong.low,
        "range_wrong_high": line.range_wrong.high,
        "claimed_cost": claim.cost,
        "claimed_solved": claim.solved,
        "claimed_wrong": claim.wrong,
        "claimed_escalated": claim.escalated,
        **_ends("solved_diff", difference),
        **_ends("cost_ratio", nowhere if beside is None else beside.cost),
        **_ends("full_saved", nowhere if beside is None else beside.full),
        **_ends("above_mix", line.above or nowhere),
        **_ends("tolerable_wrong", nowhere if bearable is None else Figure(*bearable)),
        "front": line.front,
        "modelled": line.modelled,
    }


def _ends(name: str, one: Figure) -> dict[str, float]:
    return {name: one.value, f"{name}_low": one.low, f"{name}_high": one.high}
