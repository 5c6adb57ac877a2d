"""The task's own visible check as the verifier: how often it accepts right and wrong attempts, as a sweep recorded it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from llmsweep.analysis.cascades.study import Band
from llmsweep.analysis.stats import rate_interval
from llmsweep.types import FRESH, Episode

CHECK = "check"
"""What protocols call the act that runs it."""


class Verifier(NamedTuple):
    """``right``, ``wrong``: s and a with their 95 % intervals over tasks; of how many attempts that passed and did not."""

    right: Band
    wrong: Band
    passed: int
    failed: int


def measured_verifier(episodes: Iterable[Episode], cell: str) -> Verifier | None:
    """By the scored episodes of a cell: accepted is an attempt whose last check went well; one that never got to a check
    is not. None where no attempt was checked at all, or all passed or all failed, so that one share is not known.
    """
    seen: dict[tuple[bool, str], list[bool]] = {}
    checked = False
    for episode in episodes:
        if episode.cell_id != cell or episode.passed is None or episode.repeat >= FRESH:
            continue
        acts = [act for turn in episode.turns for act in turn.acts if act.name == CHECK]
        checked = checked or bool(acts)
        accepted = bool(acts) and acts[-1].status == "ok"
        seen.setdefault((episode.passed, episode.task_id), []).append(accepted)
    right, wrong = (
        _share([each for (passed, _), each in seen.items() if passed is kind]) for kind in (True, False)
    )
    if not checked or right is None or wrong is None:
        return None
    counts = [
        sum(len(each) for (passed, _), each in seen.items() if passed is kind) for kind in (True, False)
    ]
    return Verifier(right, wrong, *counts)


def _share(tasks: list[list[bool]]) -> Band | None:
    """Over attempts, with an interval whose sample are the tasks."""
    if not tasks:
        return None
    accepted, attempts = np.array([sum(each) for each in tasks]), np.array([len(each) for each in tasks])
    share = float(accepted.sum() / attempts.sum())
    interval = rate_interval(accepted, attempts)
    return Band(min(share, interval.low), max(share, interval.high), share)
