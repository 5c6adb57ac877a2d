"""Which uncertain input the answer hangs on, and how probable it is that local is cheaper with all of them in doubt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from llmsweep.analysis.costs.curve import Floats
from llmsweep.analysis.costs.scene import Scene, Side, figure
from llmsweep.errors import UsageError, nearest

SAMPLES = 2_000


class Range(NamedTuple):
    low: float
    high: float


class Bar(NamedTuple):
    """One input moved alone. ``saved``: dollars a task that local saves at ``low`` and at ``high``; ``likely``: the share
    of the bootstrap's draws in which local is cheaper, likewise.
    """

    name: str
    today: float
    low: float
    high: float
    saved: tuple[float, float]
    likely: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tornado:
    """``bars``: the widest first. ``likely``: P(local cheaper) by the recorded episodes alone; ``likely_all``: with every
    input in doubt too.
    """

    tasks: float
    saved: float
    bars: tuple[Bar, ...]
    likely: float
    likely_all: float


class Place(NamedTuple):
    """A scene and how many tasks a month it is asked about."""

    scene: Scene
    tasks: float

    @property
    def saved(self) -> Floats:
        return self.scene.saved(self.tasks)


_MACHINE = (
    *("years", "residual", "finance", "kwh_dollars", "pue", "idle_watts", "watts"),
    *("upkeep_hours", "wage_hour", "dollars_hour", "price"),
)
_HANDLING = ("review", "fix", "damage", "verifier", "accept_right", "accept_wrong")
_DATA = ("local_solved", "cloud_solved", "cloud_dollars", "seconds", "tasks")
KNOWN = (*_MACHINE, *_HANDLING, *_DATA)
"""Inputs that may have a range."""


def default_ranges(scene: Scene, tasks: float) -> dict[str, Range]:
    """Where nobody says better: measured ones over their 95 % interval, a verifier as public test suites are (5 to 25 % of
    wrong results accepted, 75 to 100 % of right ones), the rest from half to twice; see docs/costs.md.
    """
    machine, handling = scene.machine, scene.handling
    ranges = {
        "tasks": Range(tasks / 2, max(tasks, min(2 * tasks, float(scene.capacity[0])))),
        "fix": _twice(handling.fix),
        "review": _twice(handling.review),
        "accept_wrong": Range(min(0.05, handling.accept_wrong), max(0.25, handling.accept_wrong)),
        "accept_right": Range(min(0.75, handling.accept_right), 1.0),
        "cloud_dollars": Range(0.5 * float(scene.cloud.dollars[0]), 1.5 * float(scene.cloud.dollars[0])),
        "local_solved": _interval(scene.local.solved),
        "cloud_solved": _interval(scene.cloud.solved),
    }
    if handling.damage is not None and handling.accept_wrong:
        ranges["damage"] = _twice(handling.damage)
    if machine.mode == "rent":
        ranges["dollars_hour"] = Range(0.65 * machine.dollars_hour, 1.5 * machine.dollars_hour)
    else:
        ranges["kwh_dollars"] = _twice(machine.kwh_dollars)
        ranges["idle_watts"] = Range(0.5 * machine.idle_watts, 1.5 * machine.idle_watts)
        if not scene.metered:
            ranges["watts"] = Range(0.7 * machine.watts, 1.4 * machine.watts)
            ranges["seconds"] = _twice(float(scene.local.seconds[0]))
    if machine.mode in ("buy", "shared"):
        ranges |= {"years": Range(2.0, max(5.0, machine.years)), "residual": Range(0.0, 0.5)}
    ranges["upkeep_hours"] = Range(0.0, max(2.0, 2 * machine.upkeep_hours))
    return ranges


def tornado(scene: Scene, tasks: float, given: Mapping[str, Range] | None = None, seed: int = 0) -> Tornado:
    """``given``: ranges that replace the defaults. Raises UsageError for an input that there is not."""
    ranges = default_ranges(scene, tasks)
    refuse_unknown(given or {})
    ranges |= given or {}
    here = Place(scene, tasks)
    bars = sorted(_bars(here, ranges), key=lambda bar: -abs(bar.saved[1] - bar.saved[0]))
    return Tornado(
        tasks=tasks,
        saved=float(here.saved[0]),
        bars=tuple(bars),
        likely=_likely(here.saved),
        likely_all=_all_in_doubt(here, ranges, seed),
    )


def refuse_unknown(given: Mapping[str, tuple[float, float]]) -> None:
    """Raises UsageError for ranges of inputs that there are not, or whose ends are the wrong way round."""
    for name, (low, high) in given.items():
        if name not in KNOWN:
            raise UsageError(f"range.{name}: there is no such input; {nearest(name, KNOWN)}")
        if not low <= high:
            raise UsageError(f"range.{name}={low:g}..{high:g}: the low end comes first.")


def tornado_table(found: Tornado) -> pd.DataFrame:
    """One row a bar: ``input``, ``today``, ``low``, ``high``, ``saved_low``, ``saved_high``, ``likely_low``, ``likely_high``."""
    return pd.DataFrame(
        [
            {
                **{"input": bar.name, "today": bar.today, "low": bar.low, "high": bar.high},
                **{"saved_low": bar.saved[0], "saved_high": bar.saved[1]},
                **{"likely_low": bar.likely[0], "likely_high": bar.likely[1]},
            }
            for bar in found.bars
        ]
    )


def _bars(here: Place, ranges: Mapping[str, Range]) -> Iterator[Bar]:
    for name, one in ranges.items():
        ends = [_moved(here, {name: value}).saved for value in one]
        values = (float(ends[0][0]), float(ends[1][0]))
        if abs(values[1] - values[0]) > 1e-12:
            likely = (_likely(ends[0]), _likely(ends[1]))
            yield Bar(name, _today(here, name), one.low, one.high, values, likely)


def _all_in_doubt(here: Place, ranges: Mapping[str, Range], seed: int) -> float:
    """Each input drawn by itself between its ends (evenly by ratio where both are above 0), the measured ones with the
    bootstrap's draws.
    """
    random = np.random.default_rng(seed)
    doubted = {name: one for name, one in ranges.items() if name not in ("local_solved", "cloud_solved")}
    shares = random.random((SAMPLES, len(doubted)))
    draws = random.integers(min(1, len(here.saved) - 1), len(here.saved), size=SAMPLES)
    wins = 0
    for draw, sample in zip(draws.tolist(), shares.tolist(), strict=True):
        ratio = _ratio(here.scene, draw)
        values = {
            name: _between(one, share) * ratio.get(name, 1.0)
            for (name, one), share in zip(doubted.items(), sample, strict=True)
        }
        wins += bool(_moved(Place(here.scene.at(draw), here.tasks), values).saved[0] > 0)
    return wins / SAMPLES


def _ratio(scene: Scene, draw: int) -> dict[str, float]:
    """How far a measured mean that is also in doubt lies from what was observed, in one draw."""

    def of(values: Floats) -> float:
        return float(values[draw] / values[0]) if values[0] else 1.0

    return {"cloud_dollars": of(scene.cloud.dollars), "seconds": of(scene.local.seconds)}


def _between(one: Range, share: float) -> float:
    if one.low > 0:
        return float(one.low * (one.high / one.low) ** share)
    return one.low + (one.high - one.low) * share


def _moved(here: Place, values: Mapping[str, float]) -> Place:
    """With inputs at other values, all at once."""
    scene, tasks = here
    handling = {name: value for name, value in values.items() if name in _HANDLING}
    if handling:
        changed: Any = handling
        scene = replace(scene, handling=replace(scene.handling, **changed))
    figures = {name: value for name, value in values.items() if name in _MACHINE}
    if figures:
        scene = _machine(scene, figures)
    for name, change in _DATA_CHANGES.items():
        if name in values:
            scene = change(scene, values[name])
    return Place(scene, values.get("tasks", tasks))


def _machine(scene: Scene, values: Any) -> Scene:
    """Joules that an attempt adds follow the watts, where these gave them."""
    old = scene.machine
    if "idle_watts" in values or "watts" in values:
        # A machine that is idle takes no more than one that is busy.
        values = {
            **values,
            "idle_watts": min(values.get("idle_watts", old.idle_watts), values.get("watts", old.watts)),
        }
    new = replace(old, **values)
    before = old.added(1.0)
    if scene.metered or before <= 0:
        return replace(scene, machine=new)
    local = replace(scene.local, joules=scene.local.joules * (new.added(1.0) / before))
    return replace(scene, machine=new, local=local)


def _all(side: Side, name: str, value: float) -> Side:
    given: dict[str, Any] = {name: np.full(len(side.solved), value)}
    return replace(side, **given)


def _seconds(scene: Scene, value: float) -> Scene:
    old = float(scene.local.seconds[0])
    joules = scene.local.joules * (value / old if old > 0 else 1.0)
    return replace(scene, local=replace(_all(scene.local, "seconds", value), joules=joules))


_DATA_CHANGES: dict[str, Callable[[Scene, float], Scene]] = {
    "local_solved": lambda scene, value: replace(scene, local=_all(scene.local, "solved", value)),
    "cloud_solved": lambda scene, value: replace(scene, cloud=_all(scene.cloud, "solved", value)),
    "cloud_dollars": lambda scene, value: replace(scene, cloud=_all(scene.cloud, "dollars", value)),
    "seconds": _seconds,
}


def _today(here: Place, name: str) -> float:
    scene = here.scene
    if name in _HANDLING:
        return scene.handling.harm if name == "damage" else float(getattr(scene.handling, name))
    if name in _MACHINE:
        return float(getattr(scene.machine, name))
    values = {
        "tasks": here.tasks,
        "local_solved": scene.local.solved[0],
        "cloud_solved": scene.cloud.solved[0],
        "cloud_dollars": scene.cloud.dollars[0],
        "seconds": scene.local.seconds[0],
    }
    return float(values[name])


def _likely(saved: Floats) -> float:
    drawn = saved[1:] if len(saved) > 1 else saved
    return float((drawn > 0).mean())


def _twice(value: float) -> Range:
    return Range(value / 2, value * 2)


def _interval(values: Floats) -> Range:
    found = figure(values)
    return Range(found.low, found.high)
