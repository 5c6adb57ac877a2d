"""Which model to use for a class of tasks: the smallest that cannot be told from the best, and what is not known of that."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from llmsweep.analysis.cells import count
from llmsweep.analysis.frame import choosing, scored
from llmsweep.analysis.stats import (
    COMPARABLE,
    Difference,
    Floats,
    Interval,
    Ints,
    against_baseline,
    rate_interval,
    tie_group,
)

Tier = Literal["small", "medium", "large", "cloud"]
Status = Literal["shown", "provisional", "undecided"]
TIERS: tuple[Tier, ...] = get_args(Tier)
SIZES = {"small": 8.0, "medium": 32.0, "large": math.inf}
"""GB resident, up to which a model is of a tier: about 2 to 7, 13 to 32, and 70 billion parameters and more at 4 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One model with the cell that its own sweep recommends.

    ``passes``, ``attempts``: one entry a task of the comparison, no attempt where it did not run; ``seconds``, ``tokens``:
    mean of an episode, NaN unknown; ``memory_gb``: resident, None where nobody knows; ``rests_on``: who says so; ``cloud``:
    it is paid by the token and takes no memory; ``confirmed``: the cell held on fresh seeds.
    """

    name: str
    origin: str
    cell: str
    passes: Ints
    attempts: Ints
    seconds: float
    tokens: float
    memory_gb: float | None
    rests_on: str
    cloud: bool
    confirmed: bool

    @property
    def tier(self) -> Tier | None:
        if self.cloud:
            return "cloud"
        if self.memory_gb is None:
            return None
        return next(tier for tier in TIERS if self.memory_gb <= SIZES[tier])

    @property
    def rates(self) -> Floats:
        return np.where(self.attempts > 0, self.passes / np.maximum(self.attempts, 1), np.nan)

    @property
    def ran(self) -> int:
        return int((self.attempts > 0).sum())

    @property
    def rate(self) -> float:
        return float(np.nanmean(self.rates)) if self.ran else math.nan

    @property
    def interval(self) -> Interval:
        there = self.attempts > 0
        return rate_interval(self.passes[there], self.attempts[there])


class Seen(NamedTuple):
    """What one cell did; see `Candidate`."""

    passes: Ints
    attempts: Ints
    seconds: float
    tokens: float


def seen(data: pd.DataFrame, cell: str, tasks: Sequence[str]) -> Seen:
    """The scored episodes of a cell that chose, task by task; the cell must have one."""
    rows = scored(choosing(data))
    rows = rows[rows["cell_id"] == cell]
    counts = count(rows)
    passes, attempts = np.zeros(len(tasks), dtype=np.int64), np.zeros(len(tasks), dtype=np.int64)
    places = [list(tasks).index(task) for task in counts.tasks]
    passes[places], attempts[places] = counts.passes[0], counts.attempts[0]
    tokens = math.nan if rows["tokens"].isna().any() else float(rows["tokens"].mean())
    return Seen(passes, attempts, float(rows["duration_s"].mean()), tokens)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a host has for models, in GB; None is not known."""

    name: str
    gb: float | None

    def fits(self, candidate: Candidate) -> bool | None:
        """``memory_gb`` holds the margin that must stay free. None: nobody knows."""
        if candidate.cloud:
            return True
        if candidate.memory_gb is None or self.gb is None:
            return None
        return candidate.memory_gb <= self.gb


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """``candidates``: from the smallest to the largest, then the cloud's, then those of unknown size. ``chosen``: its
    place, None where none can be; ``best``: that of the highest rate; ``tied``: which cannot be told from the best;
    ``ahead``: each one's difference to the chosen, intervals holding all together (95 %); ``status``: shown where no other one can
    be more than delta better; provisional where that is not excluded; undecided where another one is more than delta ahead
    on these tasks and only chance is not excluded, or there is nothing to compare, or none is chosen; ``comparable``: which
    share enough tasks with another.
    """

    candidates: tuple[Candidate, ...]
    room: Room
    fits: tuple[bool | None, ...]
    best: int | None
    chosen: int | None
    tied: NDArray[np.bool_]
    ahead: tuple[Difference, ...]
    status: Status
    comparable: NDArray[np.bool_]
    delta: float


def choose(candidates: Sequence[Candidate], room: Room, delta: float = 0.05, seed: int = 0) -> Choice:
    """The smallest that fits and cannot be told from the best, over the tasks of the comparison.

    A model leaves when another one beats it beyond chance (multiple comparisons with the best over all models at once,
    `stats.tie_group`), paired over the tasks that both ran. Who shares too few tasks with the best to be compared is not
    chosen. ValueError without a candidate.
    """
    if not candidates:
        raise ValueError("there is no candidate")
    ordered = tuple(sorted(candidates, key=_size))
    rates = np.stack([one.rates for one in ordered])
    comparable = _comparable(rates)
    fits = tuple(room.fits(one) for one in ordered)
    passed = bool((rates > 0).any())
    best = _best(rates, comparable) if passed else None
    tied = tie_group(rates, seed=seed) & comparable
    standing = [i for i in range(len(ordered)) if tied[i] and fits[i]]
    chosen = standing[0] if standing and passed else None
    at = chosen if chosen is not None else best if best is not None else 0
    ahead = tuple(against_baseline(rates, at, seed=seed))
    return Choice(
        candidates=ordered,
        room=room,
        fits=fits,
        best=best,
        chosen=chosen,
        tied=tied,
        ahead=ahead,
        status=_status(ahead, chosen, delta),
        comparable=comparable,
        delta=delta,
    )


def _size(candidate: Candidate) -> tuple[int, float, str]:
    tier = candidate.tier
    rank = len(TIERS) if tier is None else TIERS.index(tier)
    return rank, candidate.memory_gb or 0.0, candidate.name


def _comparable(rates: Floats) -> NDArray[np.bool_]:
    """Who shares enough tasks with the one that shares most: alone, everybody is comparable with itself."""
    ran = ~np.isnan(rates)
    if len(rates) == 1:
        return np.ones(1, dtype=np.bool_)
    shared = (ran[:, None, :] & ran[None, :, :]).sum(axis=2)
    np.fill_diagonal(shared, 0)
    return np.asarray(shared.max(axis=1) >= COMPARABLE)


def _best(rates: Floats, comparable: NDArray[np.bool_]) -> int:
    """The highest mean rate over the tasks that all comparable ones ran, else over its own; the smaller of equal ones."""
    common = ~np.isnan(rates[comparable]).any(axis=0) if comparable.any() else np.zeros(rates.shape[1], bool)
    used = rates[:, common] if common.sum() >= COMPARABLE else rates
    means = np.array([np.nanmean(row) if not np.isnan(row).all() else -1.0 for row in used])
    means[~comparable] = -1.0
    return int(np.argmax(means))


def _status(ahead: Sequence[Difference], chosen: int | None, delta: float) -> Status:
    others = [one for i, one in enumerate(ahead) if i != chosen]
    if chosen is None or not others:
        return "undecided"
    if all(one.high <= delta for one in others):  # NaN: not comparable
        return "shown"
    return "undecided" if any(one.value > delta for one in others) else "provisional"
