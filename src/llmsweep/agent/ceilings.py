"""Ceilings: what a failed episode ran into, by the evidence of its turns.

| evidence | ceiling |
|---|---|
| the context window was full | context |
| the last answer, or most of the last three, was cut off by max_tokens | token |
| a budget was spent while milestones still rose | turn, or token for the budget of tokens |
| a budget was spent, the task has no milestones, and the last turn still moved the work on | the same |
| everything else: submitted wrong, looped, gave up, malformed, or stood still when the budget ended | capability |

Milestones rise where the workspace at the end holds more of them than the one at half of the turns, which is graded
for this. Without milestones, a last turn moved the work on unless it was malformed, repeated the one before, failed
the visible check (that was the model's best try), or left the workspace as it was. Time that ran out counts as turns:
more of it would have bought more of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from llmsweep.types import Ceiling, Stop, Turn

_BUDGETS: dict[Stop, Ceiling] = {"turns": "turn", "seconds": "turn", "tokens": "token"}
_LAST = 3


def ceiling(stop: Stop, turns: Sequence[Turn]) -> Ceiling:
    """The ceiling of a failed episode."""
    if stop == "context":
        return "context"
    cut = [turn.stop_reason == "length" for turn in turns[-_LAST:]]
    if cut and (cut[-1] or 2 * sum(cut) > _LAST):
        return "token"
    if stop in _BUDGETS and _was_getting_on(turns):
        return _BUDGETS[stop]
    return "capability"


def halfway(stop: Stop, turns: Sequence[Turn]) -> int | None:
    """The turn whose milestones tell whether the work still rose when a budget ended; None where none can."""
    if stop not in _BUDGETS or len(turns) < 2 or turns[-1].snapshot is None:
        return None
    return len(turns) // 2 - 1


def _was_getting_on(turns: Sequence[Turn]) -> bool:
    if not turns:
        return True
    graded = [turn.progress for turn in turns if turn.progress is not None]
    if len(graded) > 1:
        return graded[-1] > graded[0]
    last = turns[-1]
    tried_and_failed = any(
        act.status == "malformed" or (act.name == "check" and act.status != "ok") for act in last.acts
    )
    stood_still = len(turns) > 1 and last.snapshot is not None and last.snapshot == turns[-2].snapshot
    return not (tried_and_failed or stood_still or "repeated" in last.slips)
