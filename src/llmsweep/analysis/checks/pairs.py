"""Pairs of episodes: one task, one repeat and so one seed, the baseline's and the candidate's, in complete passes over the tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from llmsweep.analysis.stats import Floats
from llmsweep.manifest import Manifest
from llmsweep.types import FRESH, Cell, Episode

Pair = tuple[Episode, Episode]
"""The baseline's episode, then the candidate's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One cell's episodes. ``name``: where they are and which cell, in words; ``why``: it is this cell; ``scored``: task ->
    repeat -> episode; ``faults``: attempts that broke, in no rate; ``cell``: None where nothing ran yet.
    """

    name: str
    why: str
    about: Manifest
    cell: Cell
    scored: Mapping[str, Mapping[int, Episode]]
    faults: int

    @property
    def machines(self) -> set[str]:
        return {one.machine for each in self.scored.values() for one in each.values()}

    @property
    def streams(self) -> set[int]:
        """How many episodes could be in flight at once."""
        return {one.concurrency for each in self.scored.values() for one in each.values()}


def side_of(episodes: Iterable[Episode], about: Manifest, cell: Cell, name: str, why: str) -> Side:
    """Of the current episodes of one cell, those that are no confirmation's and no smoke's."""
    scored: dict[str, dict[int, Episode]] = {}
    faults = 0
    for one in about.current(episodes):
        if one.cell_id != cell.id or not 0 <= one.repeat < FRESH:
            continue
        if one.passed is None:
            faults += 1
        else:
            scored.setdefault(one.task_id, {})[one.repeat] = one
    return Side(name=name, why=why, about=about, cell=cell, scored=scored, faults=faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which pairs there can be. ``passes``: for each, (task, repeat) once a task; ``left_out``: tasks of the baseline that
    are not compared, each with the reason; ``spare``: recorded attempts beyond the last complete pass.
    """

    tasks: Sequence[str]
    passes: Sequence[Sequence[tuple[str, int]]]
    left_out: Mapping[str, str]
    spare: int

    @property
    def pairs(self) -> int:
        return len(self.passes) * len(self.tasks)


def plan(baseline: Side, digests: Mapping[str, str], has: Callable[[str, int], bool]) -> Plan:
    """Pass k has every task's k-th recorded attempt, which is used once: a second use would be no fresh observation.

    ``digests``: of the candidate's tasks; ``has``: whether the candidate's attempt is there or can be made. There are as many
    passes as the task with the fewest attempts allows: to leave that task out would be to choose by outcome where a race did.
    """
    left_out, attempts = {}, {}
    for task in sorted(baseline.about.tasks):
        if task not in digests:
            left_out[task] = "the candidate's suite does not have it"
        elif digests[task] != baseline.about.tasks[task]:
            left_out[task] = "its text or tests are not those that the baseline ran"
        elif not (known := sorted(baseline.scored.get(task, {}))):
            left_out[task] = "the baseline has no scored attempt"
        elif not (both := [repeat for repeat in known if has(task, repeat)]):
            left_out[task] = "the candidate has no scored attempt with the same seeds"
        else:
            attempts[task] = both
    deep = min(map(len, attempts.values()), default=0)
    return Plan(
        tasks=sorted(attempts),
        passes=[[(task, attempts[task][k]) for task in sorted(attempts)] for k in range(deep)],
        left_out=left_out,
        spare=sum(map(len, attempts.values())) - deep * len(attempts),
    )


def whole(planned: Plan, baseline: Side, candidate: Mapping[tuple[str, int], Episode]) -> list[Pair]:
    """The pairs of every pass up to the first that is not complete: what is quick to finish is no fair sample."""
    complete = takewhile(lambda one: all(spot in candidate for spot in one), planned.passes)
    return [
        (baseline.scored[task][repeat], candidate[task, repeat]) for one in complete for task, repeat in one
    ]


def differences(pairs: Sequence[Pair]) -> Floats:
    return np.array([float(bool(ours.passed)) - float(bool(theirs.passed)) for theirs, ours in pairs])


@dataclass(frozen=True, slots=True, kw_only=True)
class Flips:
    """Of one task's pairs: only the candidate passed (``won``), only the baseline did (``lost``), ``both``, ``neither``."""

    task: str
    won: int
    lost: int
    both: int
    neither: int

    @property
    def net(self) -> int:
        return self.won - self.lost


def flips(pairs: Iterable[Pair]) -> list[Flips]:
    """Every task's, those that lost most first."""
    counts: dict[str, list[int]] = {}
    for theirs, ours in pairs:
        kind = {(False, True): 0, (True, False): 1, (True, True): 2, (False, False): 3}
        counts.setdefault(theirs.task_id, [0, 0, 0, 0])[kind[bool(theirs.passed), bool(ours.passed)]] += 1
    found = [Flips(task=task, won=n[0], lost=n[1], both=n[2], neither=n[3]) for task, n in counts.items()]
    return sorted(found, key=lambda one: (one.net, -one.lost, one.task))
