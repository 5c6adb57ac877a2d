"""How strategies did in replays: when they were right, whether they were as often right as they said, what it took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from llmsweep.analysis.stats import Floats, Interval, wilson

TARGETS = (0.90, 0.95)
LEVELS = (0.90, 0.95, 0.98)
"""Beliefs at which runs might have been stopped: how often was the choice right then?"""
DRAWS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One replay as arrays, a value a look; ``ended``: the strategy stopped by itself."""

    episodes: Floats
    cost: Floats
    right: Floats
    belief: Floats
    regret: Floats
    ended: bool

    @classmethod
    def of(cls, looks: Sequence[tuple[float, ...]], *, ended: bool) -> Run:
        """``looks``: episodes, cost, right, belief, regret of each."""
        episodes, cost, right, belief, regret = np.array(looks, dtype=np.float64).T
        return cls(episodes=episodes, cost=cost, right=right, belief=belief, regret=regret, ended=ended)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """``at``: where the share of right runs first stays at a target or above, None where it never does; ``low``, ``high``:
    95 % by a bootstrap over runs, None where more than a fortieth of the draws never reach it.
    """

    at: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stops:
    """The runs that a rule ended, ``count`` of them: after a median of ``episodes``, with a mean belief ``stated`` (NaN
    where none is stated), a share ``right`` with ``within``. ``level``: the rule, a belief that was reached in two looks
    running; None is the strategy's own end.
    """

    level: float | None
    count: int
    episodes: float
    stated: float
    right: float
    within: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One strategy's replays. ``episodes``, ``cost``: to each of TARGETS; ``finally_right``: share right where it was
    broken off or stopped; ``stops``: those of its own and of LEVELS that any run came to; ``regret``: mean, a share.
    """

    name: str
    runs: int
    episodes: tuple[Reached, ...]
    cost: tuple[Reached, ...]
    finally_right: float
    stops: tuple[Stops, ...]
    regret: float


def standing(name: str, runs: Sequence[Run]) -> Standing:
    rules = (None, *LEVELS)
    return Standing(
        name=name,
        runs=len(runs),
        episodes=tuple(reached([r.episodes for r in runs], runs, target) for target in TARGETS),
        cost=tuple(reached([r.cost for r in runs], runs, target) for target in TARGETS),
        finally_right=float(np.mean([run.right[-1] for run in runs])),
        stops=tuple(found for level in rules if (found := _stops(runs, level)) is not None),
        regret=float(np.mean([run.regret[-1] for run in runs])),
    )


def _stops(runs: Sequence[Run], level: float | None) -> Stops | None:
    """None where no run came to it."""
    ends = [(run, at) for run in runs if (at := _end(run, level)) is not None]
    if not ends:
        return None
    right = sum(float(run.right[at]) for run, at in ends)
    return Stops(
        level=level,
        count=len(ends),
        episodes=float(np.median([run.episodes[at] for run, at in ends])),
        stated=float(np.mean([run.belief[at] for run, at in ends])),
        right=right / len(ends),
        within=wilson(right, len(ends)),
    )


def _end(run: Run, level: float | None) -> int | None:
    """The look at which the rule would have ended a run."""
    if level is None:
        return len(run.right) - 1 if run.ended else None
    held = (run.belief[1:] >= level) & (run.belief[:-1] >= level)
    return int(held.argmax()) + 1 if held.any() else None


def curve(places: Sequence[Floats], runs: Sequence[Run], grid: Floats) -> Floats:
    """Runs x grid: whether each is right once so much was spent; what it chose last holds from its end on."""
    rows = [
        np.where(grid < place[0], 0.0, run.right[np.searchsorted(place, grid, side="right") - 1])
        for place, run in zip(places, runs, strict=True)
    ]
    return np.array(rows)


def reached(places: Sequence[Floats], runs: Sequence[Run], target: float) -> Reached:
    """Over all points at which any run looked, at most 400 of them."""
    every = np.unique(np.concatenate(places))
    grid = every[np.linspace(0, len(every) - 1, min(400, len(every))).astype(int)]
    right = curve(places, runs, grid)
    random = np.random.default_rng(0)
    found = [
        _first(right[random.integers(len(right), size=len(right))].mean(axis=0), grid, target)
        for _ in range(DRAWS)
    ]
    known = [value for value in found if value is not None]
    sure = len(known) >= DRAWS * 39 // 40
    low, high = np.quantile(known, [0.025, 0.975]) if known else (0.0, 0.0)
    return Reached(
        at=_first(right.mean(axis=0), grid, target),
        low=float(low) if known else None,
        high=float(high) if sure else None,
    )


def _first(share: Floats, grid: Floats, target: float) -> float | None:
    at = np.flatnonzero(share >= target - 1e-12)
    return float(grid[at[0]]) if len(at) else None


def contests_table(standings: Sequence[Standing]) -> pd.DataFrame:
    """One row a strategy, as the CSV has it; unknown is NaN."""
    rows = []
    for one in standings:
        row: dict[str, object] = {"strategy": one.name, "runs": one.runs}
        for what, figures in (("episodes", one.episodes), ("cost", one.cost)):
            for target, figure in zip(TARGETS, figures, strict=True):
                name = f"{what}_{100 * target:.0f}"
                row |= {name: figure.at, f"{name}_low": figure.low, f"{name}_high": figure.high}
        row |= {"right_at_the_end": one.finally_right, "regret": one.regret}
        known = {stops.level: stops for stops in one.stops}
        for level in (None, *LEVELS):
            name, stops = "stopped" if level is None else f"believed_{100 * level:.0f}", known.get(level)
            row |= {
                name: stops.count if stops else 0,
                f"{name}_episodes": stops.episodes if stops else np.nan,
                f"{name}_stated": stops.stated if stops else np.nan,
                f"{name}_right": stops.right if stops else np.nan,
                f"{name}_right_low": stops.within.low if stops else np.nan,
                f"{name}_right_high": stops.within.high if stops else np.nan,
            }
        rows.append(row)
    return pd.DataFrame(rows)


def plot_contests(contests: Mapping[str, Sequence[Run]], subject: str) -> Figure:
    """Share of runs that are right against episodes, a line a strategy with its 95 % band."""
    from matplotlib.ticker import PercentFormatter

    from llmsweep.analysis.plots.canvas import light

    figure = Figure(figsize=(8.6, 4.8), layout="constrained")
    panel = figure.subplots()
    light(panel)
    most = max(float(run.episodes[-1]) for runs in contests.values() for run in runs)
    for name, runs in contests.items():
        first = max(float(run.episodes[0]) for run in runs)
        grid = np.linspace(first, most, 200)
        right = curve([run.episodes for run in runs], runs, grid).mean(axis=0)
        bounds = [wilson(float(share) * len(runs), len(runs)) for share in right]
        (line,) = panel.plot(grid, right, label=name, linewidth=1.8)
        panel.fill_between(
            grid,
            [b.low for b in bounds],
            [b.high for b in bounds],
            color=line.get_color(),
            alpha=0.12,
            linewidth=0,
        )
    for target in TARGETS:
        panel.axhline(target, color="0.6", linewidth=0.8, linestyle=":")
    panel.set(xlabel="episodes", ylabel="share of runs that choose right", ylim=(0, 1.02), xlim=(0, most))
    panel.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    panel.legend(frameon=False, loc="lower right")
    figure.suptitle(f"Strategies on {subject}", fontsize=11, x=0.01, ha="left")
    return figure
