"""What a tiered policy did, cell by cell: how often it handed over, why, and which model took and solved how much."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from llmsweep.analysis.stats import rate_interval
from llmsweep.analysis.stats.interval import Interval
from llmsweep.types import FRESH, Episode, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Of ``all`` episodes ``some`` did; ``interval``: 95 %, for tasks like these."""

    some: int
    all: int
    interval: Interval

    @property
    def rate(self) -> float:
        return self.some / self.all if self.all else math.nan


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """``passed``: of the episodes that it handed over, those that then passed."""

    name: str
    episodes: int
    passed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CellTiers:
    """One cell's scored episodes under a tiered policy.

    ``handed``: handed over; ``alone``: passed without that; ``after``: those that passed, of the handed over; ``needless``:
    handed over although the work passed already as it stood, ``judged``: of how many that is known; ``triggers``: most
    frequent first; ``handoff_tokens``: mean of what a handoff made the frontier model read uncached, NaN: none, or not
    reported; ``tokens``, ``seconds``: mean an episode, of the local model and of the frontier model (NaN: not reported).
    """

    cell_id: str
    episodes: int
    passed: int
    alone: int
    handed: Share
    after: Share
    needless: int
    judged: int
    triggers: tuple[Trigger, ...]
    handoff_tokens: float
    tokens: tuple[float, float]
    seconds: tuple[float, float]


def tiers(episodes: Iterable[Episode]) -> list[CellTiers]:
    """Of every cell, in order of appearance; a confirmation's episodes and those that faults ended are left out."""
    cells: dict[str, dict[str, Episode]] = {}
    for episode in episodes:
        if episode.passed is not None and episode.policy is not None and episode.repeat < FRESH:
            cells.setdefault(episode.cell_id, {})[episode.key] = episode
    return [_cell(cell, list(found.values())) for cell, found in cells.items()]


def _cell(cell_id: str, episodes: list[Episode]) -> CellTiers:
    handed = [(e, e.handoff) for e in episodes if e.handoff is not None]
    judged = [handoff for _, handoff in handed if handoff.passed is not None]
    counts = Counter(handoff.trigger for _, handoff in handed)
    solved = Counter(handoff.trigger for e, handoff in handed if e.passed)
    read = [handoff.read_tokens for _, handoff in handed]
    return CellTiers(
        cell_id=cell_id,
        episodes=len(episodes),
        passed=sum(bool(e.passed) for e in episodes),
        alone=sum(bool(e.passed) for e in episodes if e.handoff is None),
        handed=_share([(e.task_id, e.handoff is not None) for e in episodes]),
        after=_share([(e.task_id, bool(e.passed)) for e, _ in handed]),
        needless=sum(bool(handoff.passed) for handoff in judged),
        judged=len(judged),
        triggers=tuple(
            Trigger(name=name, episodes=n, passed=solved[name]) for name, n in counts.most_common()
        ),
        handoff_tokens=_mean(read),
        tokens=(_mean([_tokens(e, False) for e in episodes]), _mean([_tokens(e, True) for e in episodes])),
        seconds=(
            _mean([e.handoff.local_s if e.handoff else _model_s(e) for e in episodes]),
            _mean([e.handoff.frontier_s if e.handoff else 0.0 for e in episodes]),
        ),
    )


def _share(ends: Sequence[tuple[str, bool]]) -> Share:
    """Of (task, whether it did), with an interval whose sample are the tasks."""
    attempts = Counter(task for task, _ in ends)
    did = Counter(task for task, yes in ends if yes)
    interval = rate_interval([did[task] for task in attempts], list(attempts.values()))
    return Share(some=did.total(), all=attempts.total(), interval=interval)


def _tokens(episode: Episode, frontier: bool) -> int | None:
    """Of one of the models; None where a turn did not report."""
    total = 0
    for turn in episode.turns:
        if turn.frontier is frontier:
            if turn.usage.input_tokens is None or turn.usage.output_tokens is None:
                return None
            total += turn.usage.input_tokens + turn.usage.output_tokens
    return total


def _model_s(episode: Episode) -> float:
    """Seconds of an episode without a handoff: its completions and actions, grading left out."""
    return math.fsum(_turn_s(turn) for turn in episode.turns)


def _turn_s(turn: Turn) -> float:
    return turn.duration_s + math.fsum(act.duration_s for act in turn.acts)


def _mean(values: Sequence[float | None]) -> float:
    """NaN where there is none, or one is not known."""
    known = [value for value in values if value is not None]
    return math.fsum(known) / len(known) if known and len(known) == len(values) else math.nan
