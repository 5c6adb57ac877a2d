"""What can be said of a smaller max_tokens: no more than a bound, since a cap within an answer changes the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from llmsweep.analysis.budgets.cut import Run
from llmsweep.analysis.budgets.rates import PerTask, Rate
from llmsweep.analysis.budgets.rungs import rungs, thinned
from llmsweep.types import Turn

_POINTS = 10
_LEAST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """``rate``: a lower bound of the pass rate under ``max_tokens``: each episode with a call that took as much counts as
    failed at that call, though in truth it would have been cut off, told so, and might have passed. ``calls``: the share
    of calls that took as much. At the episodes' own max_tokens it is their rate.
    """

    max_tokens: int
    rate: Rate
    calls: float


def bounds(runs: Sequence[Run]) -> list[Bound]:
    """By rising max_tokens, the last one the episodes' own; empty where there was no call.

    A call whose tokens were not reported counts as too long for every smaller one. As long as the cap counts as too long:
    servers differ in whether the token that ends an answer is counted.
    """
    own = runs[0].episode.cell.sampling.max_tokens
    calls = np.array([_output(turn, own) for run in runs for turn in run.episode.turns])
    if len(calls) == 0:
        return []
    per_task = PerTask(runs)
    longest = np.array([max((_output(t, own) for t in run.episode.turns), default=0) for run in runs])
    passed = np.array([bool(run.episode.passed) for run in runs])
    every = [rung for rung in rungs(max(_LEAST, float(calls.min())), own) if rung < own]
    found = []
    for cap in [*sorted({int(rung) for rung in thinned(every, _POINTS - 1)}), own]:
        fits = passed & (longest < cap) if cap < own else passed
        found.append(Bound(max_tokens=cap, rate=per_task.rate(fits), calls=float((calls >= cap).mean())))
    return found


def _output(turn: Turn, own: int) -> int:
    return own if turn.usage.output_tokens is None else turn.usage.output_tokens
