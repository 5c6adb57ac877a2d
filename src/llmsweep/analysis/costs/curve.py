"""The curve: what a task costs, and a month, against tasks a month, as a naive sheet has it and as it is."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from llmsweep.analysis.costs.scene import Figure, Scene, figure

Floats = NDArray[np.float64]
POINTS = 97
LEAST_USED = 0.001
"""The curve begins at this share of the machine's time."""


def naive_local(scene: Scene, tasks: float) -> float:
    """Dollars an attempt as a cost sheet has it: price or rent and electricity by the busy watts, over all attempts,
    whether they solve or not; no idling, no upkeep, nobody's time.
    """
    machine = scene.machine
    capital = machine.part * (machine.capital_month + machine.rent_month)
    busy = replace(machine, idle_watts=0.0).added(float(scene.local.seconds[0]))
    if scene.metered:
        busy = float(scene.local.joules[0])
    return capital / tasks + machine.electricity(busy)


def per_solved(dollars: Floats, solved: Floats) -> Floats:
    """Cost of pass: the ratio of the means; infinite where nothing passed."""
    return np.where(solved > 0, dollars / np.where(solved > 0, solved, 1.0), np.inf)


def volumes(scene: Scene, tasks: float | None) -> Floats:
    """Tasks a month, evenly by ratio, from almost idle (and below V*) to beyond the capacity (or the user's own), with V* among them."""
    capacity = float(scene.capacity[0])
    own = [] if tasks is None else [tasks]
    most = max([capacity if math.isfinite(capacity) else 1e6, *own])
    even = float(scene.break_even[0])
    seen = [one for one in (*own, even) if 0 < one <= most]
    least = min([max(LEAST_USED * most, 1e-3), *(0.3 * one for one in seen)])
    marks = [capacity, even, *own]
    grid = np.geomspace(least, most * 2, POINTS)
    inside = [mark for mark in marks if least <= mark <= most * 2]
    return np.unique(np.concatenate([grid, inside]))


def curve_table(scene: Scene, tasks: float | None = None) -> pd.DataFrame:
    """One row a volume: ``tasks_month``, ``utilisation`` and ``fits``; dollars, for each side (``local_``, ``cloud_``):
    ``naive`` an attempt; ``solved`` a solved task (machine or tokens alone, failures included) with ``_low`` and
    ``_high`` (95 %); ``full`` a task with people, likewise; ``month_naive``, ``month_full`` of all tasks a month. Then the
    paired ones: ``ratio``, local to cloud of a solved task, and ``saved``, what a task with people saves locally. What does
    not fit on the machine is NaN.
    """
    return pd.DataFrame([_row(scene, float(volume)) for volume in volumes(scene, tasks)])


def _row(scene: Scene, volume: float) -> dict[str, float | bool]:
    fits = volume <= float(scene.capacity[0]) * (1 + 1e-9)
    row: dict[str, float | bool] = {
        "tasks_month": volume,
        "utilisation": scene.utilisation(volume),
        "fits": fits,
    }
    sides = {
        "local": (
            naive_local(scene, volume),
            per_solved(scene.local_attempt(volume), scene.local.solved),
            scene.local_full(volume),
        ),
        "cloud": (
            float(scene.cloud.dollars[0]),
            per_solved(scene.cloud.dollars, scene.cloud.solved),
            scene.cloud_full,
        ),
    }
    for side, (naive, solved, full) in sides.items():
        there = fits or side == "cloud"
        row[f"{side}_naive"] = naive if there else math.nan
        row |= _spread(f"{side}_solved", figure(solved), there)
        row |= _spread(f"{side}_full", figure(full), there)
        row[f"{side}_month_naive"] = naive * volume if there else math.nan
        row |= _spread(f"{side}_month_full", figure(full * volume), there)
    row |= _spread("ratio", figure(_ratio(sides["local"][1], sides["cloud"][1])), fits)
    return row | _spread("saved", figure(scene.saved(volume)), fits)


def _ratio(one: Floats, other: Floats) -> Floats:
    """Of two costs of pass; infinite, or 0, where one side passed nothing."""
    with np.errstate(invalid="ignore", divide="ignore"):
        found = one / other
    return np.where(np.isnan(found), 1.0, found)


def _spread(name: str, found: Figure, there: bool) -> dict[str, float]:
    value, low, high = found if there else (math.nan, math.nan, math.nan)
    return {name: value, f"{name}_low": low, f"{name}_high": high}
