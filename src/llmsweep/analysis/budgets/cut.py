"""Where a smaller budget would have ended an episode, and how its workspace stood there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from llmsweep.types import Budget, Episode, Stop, Turn

Place = tuple[str, str]
"""A task's digest and a snapshot's."""
BUDGET_STOPS: tuple[Stop, ...] = ("turns", "tokens", "seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """After how many ``turns`` an episode ends, and why."""

    turns: int
    stop: Stop


def cut(episode: Episode, budget: Budget) -> Cut:
    """Where ``budget`` would have ended the episode; where it would not, where it ended. Agrees with agent/converse.py.

    Budgets larger than those it ran under say nothing: it ends where it ended. Seconds: see `clock_s`.
    """
    tokens, seconds = 0, 0.0
    for done in range(len(episode.turns) + 1):
        ended = done == len(episode.turns)
        if ended and episode.stop not in BUDGET_STOPS:
            break  # what the model did ended it, which the loop looks at before it looks at the budgets
        if done >= budget.turns:
            return Cut(turns=done, stop="turns")
        if budget.tokens is not None and tokens >= budget.tokens:
            return Cut(turns=done, stop="tokens")
        if budget.seconds is not None and seconds >= budget.seconds:
            return Cut(turns=done, stop="seconds")
        if not ended:
            tokens += tokens_of(episode.turns[done])
            seconds += clock_s(episode.turns[done])
    return Cut(turns=len(episode.turns), stop=episode.stop)


def tokens_of(turn: Turn) -> int:
    """As the loop counts them: what was not reported counts nothing."""
    return (turn.usage.input_tokens or 0) + (turn.usage.output_tokens or 0)


def clock_s(turn: Turn) -> float:
    """Seconds of a turn: its completion and its actions. The loop's clock also has what is in no turn: opening and
    keeping the workspace, and completions that failed and were tried again.
    """
    return turn.duration_s + math.fsum(act.duration_s for act in turn.acts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A scored episode, and whether its workspace passed after each of its turns (``after``)."""

    episode: Episode
    after: tuple[bool, ...]

    def outcome(self, budget: Budget) -> tuple[bool, bool, int]:
        """Passing at, passed by, and after how many turns. Without a turn it is as the task's start, which fails."""
        turns = cut(self.episode, budget).turns
        if turns == 0:
            own = bool(self.episode.passed) and not self.episode.turns
            return own, own, 0
        return self.after[turns - 1], any(self.after[:turns]), turns

    @property
    def reported(self) -> bool:
        """Every turn before the last reported its tokens; those of the last end nothing."""
        usages = [turn.usage for turn in self.episode.turns[:-1]]
        return all(u.input_tokens is not None and u.output_tokens is not None for u in usages)


def graded(episode: Episode, verdicts: Mapping[Place, bool]) -> Run | None:
    """The scored episode with the verdict of each turn: its own at the end, else what the loop or ``verdicts`` say.

    None where one is not known.
    """
    after: list[bool] = []
    for turn in episode.turns[:-1]:
        known = turn.passed
        if known is None and turn.snapshot is not None:
            known = verdicts.get((episode.task_digest, turn.snapshot))
        if known is None:
            return None
        after.append(known)
    if episode.turns:
        after.append(bool(episode.passed))
    return Run(episode=episode, after=tuple(after))
