"""For tests of the premise of budget curves: an episode that ran under a smaller budget against the long one cut short."""

from __future__ import annotations

from dataclasses import replace

from llmsweep.analysis.budgets import Run, cut
from llmsweep.types import Budget, Episode, Turn


def without_clocks(turn: Turn) -> tuple[object, ...]:
    """What a turn did, without what a clock says or a grader added."""
    acts = tuple(replace(act, duration_s=0.0) for act in turn.acts)
    return (turn.usage.output_tokens, turn.stop_reason, acts, turn.slips, turn.snapshot)


def disagreement(long: Run, capped: Episode, budget: Budget) -> str | None:
    """How a capped episode differs from the truncated replay of the long one; None where they agree."""
    expected = cut(long.episode, budget)
    passing, _, turns = long.outcome(budget)
    if (len(capped.turns), capped.stop) != (turns, expected.stop):
        return f"ended after {len(capped.turns)} turns by {capped.stop}, not after {turns} by {expected.stop}"
    for number, (one, other) in enumerate(zip(capped.turns, long.episode.turns, strict=False)):
        if without_clocks(one) != without_clocks(other):
            return f"turn {number} differs"
    if capped.passed is not passing:
        return f"passed is {capped.passed}, the kept workspace says {passing}"
    return None
