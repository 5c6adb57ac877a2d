"""Which way is cheaper, in words, and what would have to change for the other one to be."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from llmsweep.analysis.costs.scene import Figure, Scene, figure
from llmsweep.analysis.stats import SPARSE
from llmsweep.analysis.wording import amount, plural

Word = Literal[
    "local wins", "cloud wins", "not on one machine", "no break-even at any volume", "not distinguishable"
]


class Condition(NamedTuple):
    """The other way would be cheaper if ``what`` were below (``sense`` <) or above (>) ``threshold``."""

    what: str
    sense: Literal["<", ">"]
    threshold: float
    today: float

    def said(self) -> str:
        kind = _SHOWN.get(self.what.partition(":")[0], dollars)
        name = self.what.rpartition(": ")[2]
        return f"{name} {self.sense} {kind(self.threshold)} (today {kind(self.today)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """``asked``: the user's tasks a month; ``at``: those that ``saved`` (dollars a task by doing it locally) is about: the
    user's where they fit, else as many as fit on the machine; ``break_even``: V*, infinite where there is none; ``likely``: the share of draws in which local is
    cheaper there; ``flips``: what would turn it.
    """

    word: Word
    sentence: str
    asked: float | None
    at: float
    saved: Figure
    break_even: Figure
    capacity: Figure
    likely: float
    flips: tuple[Condition, ...]


def verdict(scene: Scene, tasks: float | None = None) -> Verdict:
    """``tasks``: how many a month the user has; None asks whether any number would do."""
    capacity, break_even = figure(scene.capacity), figure(scene.break_even)
    at = capacity.value if tasks is None else min(tasks, capacity.value)
    saved = figure(scene.saved(at))
    drawn = scene.saved(at)[1:] if len(scene.gain) > 1 else scene.saved(at)
    word = _word(scene, tasks, saved, break_even)
    return Verdict(
        word=word,
        sentence=_sentence(word, scene, tasks, saved, break_even),
        asked=tasks,
        at=at,
        saved=saved,
        break_even=break_even,
        capacity=capacity,
        likely=float((drawn > 0).mean()),
        flips=tuple(conditions(scene, at)),
    )


def _word(scene: Scene, tasks: float | None, saved: Figure, break_even: Figure) -> Word:
    capacity = float(scene.capacity[0])
    if tasks is not None and tasks > capacity * (1 + 1e-9):
        return "not on one machine"
    if scene.seen is not None and scene.seen < SPARSE:
        return "not distinguishable"
    if saved.low > 0:
        return "local wins"
    if saved.high >= 0 and saved.low < saved.high:
        return "not distinguishable"
    if figure(scene.gain).high <= 0:
        return "no break-even at any volume"
    if capacity < break_even.value < math.inf:
        return "not on one machine"
    return "cloud wins"


def _sentence(word: Word, scene: Scene, tasks: float | None, saved: Figure, break_even: Figure) -> str:
    fits = count(float(scene.capacity[0]))
    at = f"at {count(tasks)} tasks a month" if tasks is not None else f"at the {fits} tasks a month that fit"
    if word == "local wins":
        used = f"{100 * scene.utilisation(break_even.value):.2g} %"
        here = f"; {at} it {compared(saved)}" if tasks is not None else ""
        return f"local wins above {_from(break_even)} tasks a month, {used} of the machine's time{here}"
    if word == "no break-even at any volume":
        more = dollars(-float(scene.gain[0]))
        return (
            "no break-even at any volume: the cloud wins, since a task done locally costs"
            f" {more} more even before the machine is paid"
        )
    if word == "not distinguishable":
        if scene.seen is not None and scene.seen < SPARSE:
            return f"not distinguishable: {plural(scene.seen, 'common task')} say too little; it takes {SPARSE} at the least"
        return f"not distinguishable {at}: local {compared(saved)}"
    if word == "not on one machine":
        if tasks is not None and tasks > float(scene.capacity[0]):
            return f"not on one machine: {count(tasks)} tasks a month, and {fits} fit"
        return (
            f"not on one machine: the cloud wins even {at}; it would take {count(break_even.value)} a month"
        )
    if math.isinf(break_even.value):
        return f"cloud wins {at}: local {compared(saved)}; no volume seems to change that, though none is ruled out"
    return f"cloud wins {at}: local {compared(saved)}; local wins above {_from(break_even)} a month"


def compared(saved: Figure) -> str:
    """What a task saves locally, or costs more, with its interval."""
    word = "saves" if saved.value >= 0 else "costs"
    more = " a task" if saved.value >= 0 else " more a task"
    if saved.low == saved.high:
        return f"{word} {dollars(abs(saved.value))}{more}"
    ends = (saved.low, saved.high) if saved.value >= 0 else (-saved.high, -saved.low)
    return f"{word} {dollars(abs(saved.value))}{more} (95 %: {dollars(ends[0])} to {dollars(ends[1])})"


def _from(break_even: Figure) -> str:
    if break_even.value == 0:
        return "0"
    low, high = count(break_even.low), count(break_even.high)
    spread = f" (95 %: {low} to {high})" if break_even.low < break_even.high else ""
    return f"{count(break_even.value)}{spread}"


def conditions(scene: Scene, tasks: float) -> Iterator[Condition]:
    """What each input alone would have to be for both ways to cost the same, where it can be that. What is saved is linear
    in each of them, so that two values tell.
    """
    today = float(scene.saved(tasks)[0])
    if scene.machine.fixed_month > 0 and math.isfinite(float(scene.break_even[0])):
        yield Condition("tasks: tasks a month", "<" if today > 0 else ">", float(scene.break_even[0]), tasks)
    for name, value, most, change in _inputs(scene):
        zero, one = (float(change(scene, x).saved(tasks)[0]) for x in (0.0, 1.0))
        slope = one - zero
        if abs(slope) < 1e-12:
            continue
        threshold = -zero / slope
        if 0 <= threshold <= most:
            falls = (today > 0) == (slope > 0)
            yield Condition(name, "<" if falls else ">", threshold, value)


Input = tuple[str, float, float, Callable[[Scene, float], Scene]]


def _inputs(scene: Scene) -> Iterator[Input]:
    handling, machine = scene.handling, scene.machine
    yield (
        "fix, of a task that no attempt did",
        handling.fix,
        math.inf,
        lambda s, x: replace(s, handling=replace(s.handling, fix=x)),
    )
    yield (
        "review, of an accepted result",
        handling.review,
        math.inf,
        lambda s, x: replace(s, handling=replace(s.handling, review=x)),
    )
    yield (
        "a cloud attempt",
        float(scene.cloud.dollars[0]),
        math.inf,
        lambda s, x: replace(s, cloud=replace(s.cloud, dollars=_at(s, x))),
    )
    yield (
        "share: local pass rate",
        float(scene.local.solved[0]),
        1.0,
        lambda s, x: replace(s, local=replace(s.local, solved=_at(s, x))),
    )
    yield (
        "share: cloud pass rate",
        float(scene.cloud.solved[0]),
        1.0,
        lambda s, x: replace(s, cloud=replace(s.cloud, solved=_at(s, x))),
    )
    if machine.fixed_month > 0:
        yield ("the machine's month", machine.fixed_month, math.inf, _with_month)


def _with_month(scene: Scene, month: float) -> Scene:
    """All of it as upkeep."""
    machine = scene.machine
    bare = replace(machine, mode="owned", idle_watts=0.0, watts=max(0.0, machine.watts - machine.idle_watts))
    part = bare if machine.mode != "rent" else replace(bare, kwh_dollars=0.0)
    return replace(scene, machine=replace(part, upkeep_hours=month, wage_hour=1.0))


def _at(scene: Scene, value: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.full(len(scene.gain), value)


def dollars(value: float) -> str:
    """Whole dollars from a thousand on, cents from one on, three digits below, two of what is tiny."""
    if not math.isfinite(value):
        return "n/a" if math.isnan(value) else "no bound"
    if value < 0:
        return f"−{dollars(-value)}"
    if value >= 1 or value == 0:
        return f"${value:,.0f}" if value >= 1000 else f"${value:,.2f}"
    if value >= 0.001:
        return f"${amount(value)}"
    return f"${value:.{1 - math.floor(math.log10(value))}f}" if value >= 1e-7 else "<$0.0000001"


def count(volume: float) -> str:
    """Tasks a month: whole, beyond ten thousand to three digits, since no estimate promises more."""
    if not math.isfinite(volume):
        return "no bound"
    if volume < 10_000:
        return f"{volume:,.0f}" if volume >= 10 else amount(volume)
    unit = 10 ** (math.floor(math.log10(volume)) - 2)
    return f"{round(volume / unit) * unit:,.0f}"


_SHOWN: dict[str, Callable[[float], str]] = {
    "tasks": count,
    "share": lambda value: f"{100 * value:.1f} %",
}
