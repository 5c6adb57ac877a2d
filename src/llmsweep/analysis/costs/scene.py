"""One comparison, local and cloud: every figure of it for what was observed and, beside it, for each bootstrap draw."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from llmsweep.analysis.costs.attempts import Attempts
from llmsweep.analysis.costs.draws import DRAWS, Rows, solving_draws, task_means
from llmsweep.analysis.costs.handling import Handling
from llmsweep.analysis.costs.machine import Machine
from llmsweep.analysis.costs.money import Basis
from llmsweep.errors import UsageError

Floats = NDArray[np.float64]
LEVEL = 0.95


class Figure(NamedTuple):
    """A value with its 95 % interval; an end is infinite where draws have no bound."""

    value: float
    low: float
    high: float


def figure(values: Floats) -> Figure:
    """Of an array whose first entry is what was observed and whose others are draws."""
    value = float(values[0])
    if len(values) == 1:
        return Figure(value, value, value)
    # Percentiles that interpolate between finite and infinite draws would be nan.
    low, high = np.quantile(values[1:], [(1 - LEVEL) / 2, (1 + LEVEL) / 2], method="closest_observation")
    return Figure(value, float(low), float(high))


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Means over the tasks of an attempt, first what was observed, then draws. ``seconds``, ``joules`` (that an attempt
    adds to idling): of a local side; ``dollars``: of a cloud side.
    """

    solved: Floats
    dollars: Floats
    seconds: Floats
    joules: Floats

    def at(self, draw: int) -> Side:
        """One draw alone."""
        chosen = slice(draw, draw + 1)
        return Side(
            solved=self.solved[chosen],
            dollars=self.dollars[chosen],
            seconds=self.seconds[chosen],
            joules=self.joules[chosen],
        )


def fixed_side(solved: float, dollars: float = 0.0, seconds: float = 0.0, joules: float = 0.0) -> Side:
    """Means that somebody states, without draws."""
    each = (np.array([value], dtype=np.float64) for value in (solved, dollars, seconds, joules))
    return Side(**dict(zip(("solved", "dollars", "seconds", "joules"), each, strict=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Formulas: docs/costs.md. ``tasks`` (and attempts) are a month's; one attempt a task. ``metered``: joules were
    measured, not taken from the machine's watts; ``seen``: how many tasks were drawn from, None where means are stated.
    """

    machine: Machine
    handling: Handling
    local: Side
    cloud: Side
    metered: bool = False
    seen: int | None = None

    @property
    def marginal(self) -> Floats:
        """Dollars that a local attempt adds."""
        return self.machine.electricity(self.local.joules)

    @property
    def local_variable(self) -> Floats:
        """D_L without the machine's month."""
        return self.handling.full(self.marginal, self.local.solved)

    @property
    def cloud_full(self) -> Floats:
        """D_C."""
        return self.handling.full(self.cloud.dollars, self.cloud.solved)

    def local_full(self, tasks: float) -> Floats:
        return self.local_variable + self.machine.fixed_month / tasks

    def local_attempt(self, tasks: float) -> Floats:
        """Dollars of the machine alone."""
        return self.marginal + self.machine.fixed_month / tasks

    @property
    def gain(self) -> Floats:
        """D_C - D_L: what each task done locally saves once the machine's month is paid."""
        return self.cloud_full - self.local_variable

    def saved(self, tasks: float) -> Floats:
        """What each of so many tasks a month saves when done locally; negative: the cloud is cheaper."""
        return self.gain - self.machine.fixed_month / tasks

    @property
    def break_even(self) -> Floats:
        """V* = fixed / (D_C - D_L) tasks a month; infinite where there is none at any volume."""
        gain, fixed = self.gain, self.machine.fixed_month
        return np.where(gain > 0, fixed / np.where(gain > 0, gain, 1.0), np.inf)

    @property
    def capacity(self) -> Floats:
        """V_max: tasks a month that fit."""
        seconds = self.local.seconds
        most = self.machine.seconds_month * self.machine.utilisation_max
        return np.where(seconds > 0, most / np.where(seconds > 0, seconds, 1.0), np.inf)

    def utilisation(self, tasks: float) -> float:
        return self.machine.utilisation(tasks, float(self.local.seconds[0]))

    def at(self, draw: int) -> Scene:
        return replace(self, local=self.local.at(draw), cloud=self.cloud.at(draw))


class Joint(NamedTuple):
    """What two sides do on the tasks that they share, attempts taken as independent within a task: ``rescued``: P(local
    right, cloud wrong), ``lost``: P(local wrong, cloud right).
    """

    tasks: int
    rescued: float
    lost: float


def common_tasks(local: Attempts, cloud: Attempts) -> list[str]:
    """Tasks that both attempted and whose text is the same, where both say which text it was. Raises UsageError for none."""
    ours = {local.tasks[t] for t in np.unique(local.task)}
    theirs = {cloud.tasks[t] for t in np.unique(cloud.task)}
    both = sorted(
        task
        for task in ours & theirs
        if local.digests.get(task, cloud.digests.get(task))
        == cloud.digests.get(task, local.digests.get(task))
    )
    if not both:
        why = (
            f"they name {', '.join(sorted(ours)[:2])} and {', '.join(sorted(theirs)[:2])}"
            if not ours & theirs
            else "their tasks have the same names and other texts"
        )
        raise UsageError(f"{local.origin} and {cloud.origin} have no task in common: {why}.")
    return both


def compare(
    local: Attempts, cloud: Attempts, machine: Machine, handling: Handling, draws: int = DRAWS, seed: int = 0
) -> tuple[Scene, Joint]:
    """Both sides, each of one cell, on the tasks they share, with a paired bootstrap over these.

    Raises UsageError where the cloud's dollars or the machine's seconds are not known.
    """
    if cloud.basis in (Basis.UNKNOWN, Basis.LOCAL):
        raise UsageError(
            f"cloud={cloud.origin}: its costs have the basis {cloud.basis}; they cannot be compared."
        )
    tasks = common_tasks(local, cloud)
    rows = [
        common_rows(local, tasks, _local_values(local, machine)),
        common_rows(cloud, tasks, _cloud_values(cloud)),
    ]
    ours, theirs = solving_draws(rows, len(tasks), draws, seed)
    p, q = (task_means(one, len(tasks))[:, 0] for one in rows)
    nothing = np.zeros(draws + 1)
    scene = Scene(
        machine=machine,
        handling=handling,
        local=Side(solved=ours[:, 0], dollars=nothing, seconds=ours[:, 1], joules=ours[:, 2]),
        cloud=Side(solved=theirs[:, 0], dollars=theirs[:, 1], seconds=nothing, joules=nothing),
        metered=_metered(local, machine),
        seen=len(tasks),
    )
    return scene, Joint(len(tasks), float((p * (1 - q)).mean()), float(((1 - p) * q).mean()))


def local_seconds(local: Attempts, machine: Machine) -> Floats:
    """Of each attempt: by the machine's rates where it has some, else as measured. Raises UsageError for neither."""
    by_rate = None
    if machine.prefill_tokens_s is not None:
        by_rate = [machine.time(float(f), float(m)) for f, m in zip(local.fresh, local.made, strict=True)]
    seconds = local.seconds if by_rate is None else np.array(by_rate, dtype=np.float64)
    if np.isnan(seconds).any():
        lacking = "seconds" if by_rate is None else "tokens"
        raise UsageError(
            f"local={local.origin}: not every attempt has {lacking}, so nobody knows how long a machine is busy; give"
            " seconds, or tokens and host.cost.prefill_tokens_s and host.cost.decode_tokens_s."
        )
    return seconds


def _local_values(local: Attempts, machine: Machine) -> Floats:
    seconds = local_seconds(local, machine)
    joules = local.joules if _metered(local, machine) else machine.added(seconds)
    return np.stack([local.solved, seconds, joules], axis=1)


def _metered(local: Attempts, machine: Machine) -> bool:
    """Every attempt's joules were measured, on the machine that is asked about."""
    return machine.prefill_tokens_s is None and not bool(np.isnan(local.joules).any())


def _cloud_values(cloud: Attempts) -> Floats:
    return np.stack([cloud.solved, cloud.dollars], axis=1)


def common_rows(attempts: Attempts, tasks: list[str], values: Floats) -> Rows:
    """The attempts at these tasks, with their values."""
    place = {task: number for number, task in enumerate(tasks)}
    index = np.array([place.get(task, -1) for task in attempts.tasks], dtype=np.int64)[attempts.task]
    return Rows(index[index >= 0], values[index >= 0])
