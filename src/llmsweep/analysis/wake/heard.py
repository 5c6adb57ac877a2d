"""The calls of a log as arrays, a cell at a time: who was asked about what, and what was said."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from llmsweep.analysis.stats import Floats, Ints
from llmsweep.calls import About, Call, Known, Label, Part, read_about, read_calls
from llmsweep.errors import UsageError
from llmsweep.types import Cell

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The current scored calls of one cell, one entry each.

    ``owner``: index into ``triggers``; ``woke``: what the verdict means, neither included; ``neither``; ``score``: NaN
    where the server gave none; ``broken``: calls that only faults are known of.
    """

    cell: Cell
    triggers: tuple[Known, ...]
    owner: Ints
    woke: Bools
    neither: Bools
    score: Floats
    calls: tuple[Call, ...]
    broken: int = 0

    @property
    def scored(self) -> bool:
        """Every call that said one of the two has a probability by logprobs; what is neither needs none."""
        score = self.score[~self.neither]
        return len(score) > 0 and not bool(np.isnan(score).any())

    @property
    def form(self) -> str:
        return self.calls[0].form

    def of(self, part: Part, label: Label) -> Bools:
        """Which triggers are of that part and label."""
        return np.array([(t.part, t.label) == (part, label) for t in self.triggers], dtype=np.bool_)

    @property
    def repeats(self) -> int:
        """Calls that most triggers have."""
        counts = Counter(np.bincount(self.owner, minlength=len(self.triggers)).tolist())
        return int(counts.most_common(1)[0][0])


def hear(folder: Path) -> tuple[About, list[Heard]]:
    """What the last filter run into a folder was about, and each of its cells that has a scored call.

    Calls with other texts, prompts or weights stay in the log and out of every figure. Raises UsageError where nothing
    is scored yet.
    """
    about = read_about(folder)
    place = {trigger.digest: at for at, trigger in enumerate(about.triggers)}
    scored: dict[str, dict[str, Call]] = {cell.id: {} for cell in about.cells}
    broken: dict[str, set[str]] = {cell.id: set() for cell in about.cells}
    for call in read_calls(folder):
        if call.trigger_digest not in place or about.harnesses.get(call.cell_id) != call.harness:
            continue
        if call.verdict is None:
            broken[call.cell_id].add(call.key)
        else:
            scored[call.cell_id][call.key] = call
    found = [
        _heard(
            cell,
            about.triggers,
            place,
            list(scored[cell.id].values()),
            broken[cell.id] - scored[cell.id].keys(),
        )
        for cell in about.cells
        if scored[cell.id]
    ]
    if not found:
        raise UsageError(f"{folder}: no scored call yet, so there is nothing to report.")
    return about, found


def _heard(
    cell: Cell, triggers: tuple[Known, ...], place: dict[str, int], calls: list[Call], broken: set[str]
) -> Heard:
    return Heard(
        cell=cell,
        triggers=triggers,
        owner=np.array([place[call.trigger_digest] for call in calls], dtype=np.int64),
        woke=np.array([call.verdict != "skip" for call in calls], dtype=np.bool_),
        neither=np.array([call.verdict == "neither" for call in calls], dtype=np.bool_),
        score=np.array([np.nan if call.score is None else call.score for call in calls], dtype=np.float64),
        calls=tuple(calls),
        broken=len(broken),
    )
