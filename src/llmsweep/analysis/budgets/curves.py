"""Pass rate against turns, tokens and seconds, all from the same episodes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from llmsweep.analysis.budgets.bounds import Bound, bounds
from llmsweep.analysis.budgets.cut import BUDGET_STOPS, Place, Run, clock_s, graded, tokens_of
from llmsweep.analysis.budgets.rates import PerTask, Rate
from llmsweep.analysis.budgets.rungs import round_up, rungs, thinned
from llmsweep.analysis.stats import COMPARABLE, SPARSE, Difference, paired_difference
from llmsweep.types import FRESH, Budget, Cell, Episode, Stop

Kind = Literal["turns", "tokens", "seconds"]
KINDS: tuple[Kind, ...] = ("turns", "tokens", "seconds")
POINTS, MOST_TURNS = 12, 40
"""About so many budgets of a kind are looked at; of turns each, up to so many."""
LATE = 0.75
"""What passes only beyond this share of the largest budget is late: then more of it may give more passes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What one budget gives. ``at``: passing when it ends them; ``by``: passing then or after any turn before;
    ``change``: ``at`` against how the episodes ended, paired over tasks; ``uncut``: the share of episodes that end
    by themselves within it; ``tokens``: the mean that an episode takes under it, NaN where not all were reported;
    ``passing_tasks``: how many tasks passed at all at the largest.
    """

    budget: float
    at: Rate
    by: Rate
    change: Difference
    uncut: float
    tokens: float
    passing_tasks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """``points``: by rising budget, the last one the largest: that under which the episodes ran, or more than any took
    where they were not bounded in this kind (``bounded``). ``enough``: see `smallest_enough`. ``late``: what the last
    quarter of the budget gave; None where nothing failed for want of it, so that more of it cannot help.
    """

    kind: Kind
    points: tuple[Point, ...]
    enough: Point
    late: Difference | None
    bounded: bool
    delta: float

    @property
    def rises(self) -> bool:
        """The pass rate still rises at the largest budget, beyond chance."""
        return self.late is not None and self.late.tasks >= COMPARABLE and self.late.low > 0

    @property
    def may_rise(self) -> bool:
        """More passed late than a smaller budget may lose, too few to tell from chance."""
        return self.late is not None and not self.rises and self.late.value > self.delta / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CellBudgets:
    """The curves of one cell, on ``episodes`` whose every turn is graded. ``left_out``: scored ones where one is not;
    ``absent``: kind -> why there is no curve; ``failed``: by stop; ``answers_cut``: failed ones whose last answer
    max_tokens cut; ``undone``: failed ones that had passed after an earlier turn; ``bounds``: by rising max_tokens.
    """

    cell: Cell
    episodes: int
    tasks: int
    left_out: int
    curves: dict[Kind, Curve]
    absent: dict[Kind, str]
    failed: Counter[Stop]
    answers_cut: int
    undone: int
    bounds: tuple[Bound, ...]
    delta: float
    runs: tuple[Run, ...] = field(repr=False)

    def under(self, budget: Budget) -> Point:
        """What several budgets together give, whichever ends an episode first. Its ``budget`` is NaN."""
        return points(self.runs, [budget], [math.nan])[0]


def cell_budgets(
    episodes: Iterable[Episode], verdicts: Mapping[Place, bool], *, delta: float = 0.05
) -> CellBudgets | None:
    """``episodes``: one cell's; those that are not scored, or confirm, are passed over, and of each key the last counts.
    ``verdicts``: whether a kept workspace passes, where that is known. ``delta``: as for `smallest_enough`.
    None where no episode is graded turn by turn.
    """
    scored = {e.key: e for e in episodes if e.passed is not None and e.repeat < FRESH}
    runs = tuple(run for e in scored.values() if (run := graded(e, verdicts)) is not None)
    if not runs:
        return None
    absent = _absent(runs)
    failed = [run.episode for run in runs if not run.episode.passed]
    return CellBudgets(
        cell=runs[0].episode.cell,
        episodes=len(runs),
        tasks=len({run.episode.task_id for run in runs}),
        left_out=len(scored) - len(runs),
        curves={kind: _curve(runs, kind, delta) for kind in KINDS if kind not in absent},
        absent=absent,
        failed=Counter(episode.stop for episode in failed),
        answers_cut=sum(bool(e.turns) and e.turns[-1].stop_reason == "length" for e in failed),
        undone=sum(any(run.after) and not run.episode.passed for run in runs),
        bounds=tuple(bounds(runs)),
        delta=delta,
        runs=runs,
    )


def _absent(runs: Sequence[Run]) -> dict[Kind, str]:
    absent: dict[Kind, str] = {}
    if silent := sum(not run.reported for run in runs):
        absent["tokens"] = f"tokens were not reported in {silent} of {len(runs)} episodes"
    machines = {run.episode.machine for run in runs}
    slots = sorted({run.episode.concurrency for run in runs})
    if len(machines) > 1:
        absent["seconds"] = f"the episodes ran on {len(machines)} machines, whose seconds differ"
    elif len(slots) > 1:
        absent["seconds"] = (
            f"the episodes ran at {' and '.join(map(str, slots))} at once, whose seconds differ"
        )
    return absent


def _curve(runs: Sequence[Run], kind: Kind, delta: float) -> Curve:
    own = runs[0].episode.cell.budget
    grid = _grid(runs, kind, own)
    found = points(runs, [_with(own, kind, value) for value in grid], grid)
    ran_into = any(run.episode.stop == kind and not run.episode.passed for run in runs)
    return Curve(
        kind=kind,
        points=tuple(found),
        enough=smallest_enough(found, delta),
        late=_late(found) if ran_into else None,
        bounded=getattr(own, kind) is not None,
        delta=delta,
    )


def _with(own: Budget, kind: Kind, value: float) -> Budget:
    """The budget that the episodes ran under, with a smaller one of this kind."""
    return Budget(
        turns=int(value) if kind == "turns" else own.turns,
        tokens=int(value) if kind == "tokens" else own.tokens,
        seconds=value if kind == "seconds" else own.seconds,
    )


def _grid(runs: Sequence[Run], kind: Kind, own: Budget) -> list[float]:
    """Budgets worth a look, rising. The last one is the episodes' own, or more than any of them took."""
    if kind == "turns":
        return thinned([float(n) for n in range(1, own.turns + 1)], MOST_TURNS)
    count = tokens_of if kind == "tokens" else clock_s
    totals = [np.cumsum([count(turn) for turn in run.episode.turns]) for run in runs if run.episode.turns]
    taken = np.concatenate(totals) if totals else np.ones(1)
    bound = own.tokens if kind == "tokens" else own.seconds
    largest = round_up(float(taken.max())) if bound is None else float(bound)
    smaller = [value for value in rungs(float(taken.min()), largest) if value < largest]
    return [*thinned(smaller, POINTS - 1), largest]


def points(runs: Sequence[Run], budgets: Sequence[Budget], values: Sequence[float]) -> list[Point]:
    """One a budget, called by its ``value``; each change is against the outcomes as the episodes ended."""
    per_task = PerTask(runs)
    whole = per_task.shares(np.array([bool(run.episode.passed) for run in runs]))
    reported = all(run.reported for run in runs)
    found = []
    for budget, value in zip(budgets, values, strict=True):
        outcomes = [run.outcome(budget) for run in runs]
        at, by = (np.array([outcome[i] for outcome in outcomes], dtype=np.bool_) for i in (0, 1))
        turns = [outcome[2] for outcome in outcomes]
        found.append(
            Point(
                budget=value,
                at=per_task.rate(at),
                by=per_task.rate(by),
                change=paired_difference(per_task.shares(at), whole),
                uncut=_uncut(runs, turns),
                tokens=_mean_tokens(runs, turns) if reported else math.nan,
                passing_tasks=int((whole > 0).sum()),
            )
        )
    return found


def _uncut(runs: Sequence[Run], turns: Sequence[int]) -> float:
    whole = [
        run.episode.stop not in BUDGET_STOPS and n == len(run.episode.turns)
        for run, n in zip(runs, turns, strict=True)
    ]
    return sum(whole) / len(whole)


def _mean_tokens(runs: Sequence[Run], turns: Sequence[int]) -> float:
    taken = [sum(map(tokens_of, run.episode.turns[:n])) for run, n in zip(runs, turns, strict=True)]
    return sum(taken) / len(taken)


def as_good(point: Point, delta: float) -> bool:
    """Whether a budget cannot be told from the largest: the interval of the paired change does not end below 0, and the
    loss that was seen is at most delta / 2. The interval alone is not enough: with few tasks it always holds 0. And it
    takes SPARSE tasks that passed at all, since where next to nothing passes nothing can be lost.
    """
    change = point.change
    return (
        change.tasks >= COMPARABLE
        and point.passing_tasks >= SPARSE
        and change.high >= 0
        and change.value >= -delta / 2
    )


def smallest_enough(by_budget: Sequence[Point], delta: float) -> Point:
    """The smallest budget from which on each is `as_good`; the largest itself where none smaller is."""
    enough = by_budget[-1]
    for point in reversed(by_budget[:-1]):
        if not as_good(point, delta):
            break
        enough = point
    return enough


def _late(by_budget: Sequence[Point]) -> Difference | None:
    """What the last quarter of the largest budget gave; None where there is no smaller one."""
    *smaller, largest = by_budget
    early = [point for point in smaller if point.budget <= LATE * largest.budget] or smaller[:1]
    if not early:
        return None
    lost = early[-1].change
    return Difference(value=-lost.value, low=-lost.high, high=-lost.low, p=lost.p, tasks=lost.tasks)
