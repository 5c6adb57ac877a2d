"""The table of what each cell costs: an attempt, a solved task, a task with people."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from llmsweep.analysis.costs.attempts import Attempts, Floats
from llmsweep.analysis.costs.curve import per_solved
from llmsweep.analysis.costs.draws import DRAWS, Rows, solving_draws, task_means
from llmsweep.analysis.costs.handling import Handling, pass_bound
from llmsweep.analysis.costs.machine import Machine
from llmsweep.analysis.costs.scene import Figure, common_rows, common_tasks, figure, local_seconds
from llmsweep.analysis.stats import rate_interval
from llmsweep.errors import UsageError


class Month(NamedTuple):
    """A machine, and the tasks a month that its fixed costs are spread over."""

    machine: Machine
    tasks: float


def costs_table(
    attempts: Attempts, handling: Handling, month: Month | None = None, draws: int = DRAWS, seed: int = 0
) -> pd.DataFrame:
    """One row a cell, in the order of ``attempts.cells``, the first one being what the others are compared with.

    ``cell``, ``label``, ``attempts``, ``tasks``; ``rate`` with ``low``, ``high``; ``dollars`` an attempt; ``solved``: a solved
    task (cost of pass) with ``solved_low``, ``solved_high``, which where nothing passed are the bound c / (1 - 0.05^(1/n)) and
    infinite; ``above``: the part of ``dollars`` that is the frontier model's, NaN where there is none; ``wrong``: share of tasks that end as a wrong result which was accepted; ``full``: a task with people, with
    ``full_low``, ``full_high``; ``fix_break_even``: h* against the first cell, NaN where there is none; ``seconds`` and
    ``capacity`` (tasks a month) of a machine, NaN of tokens. ``month``: dollars are a machine's; None: those of ``attempts``.
    All intervals are 95 %, over tasks.
    """
    rows = [_row(attempts.of(cell), handling, month, (draws, seed)) for cell in attempts.cells]
    table = pd.DataFrame(rows)
    first = (float(table["dollars"].iloc[0]), float(table["rate"].iloc[0]))
    table["fix_break_even"] = [math.nan] + [
        _nan(handling.fix_break_even(first, (float(row["dollars"]), float(row["rate"])))) for row in rows[1:]
    ]
    return table


def attempt_dollars(attempts: Attempts, month: Month | None = None) -> dict[str, float]:
    """Of every cell: ``dollars`` of `costs_table`, the mean over tasks, without what takes draws."""
    found = {}
    for cell in attempts.cells:
        mine = attempts.of(cell)
        money = _dollars(mine, month, None if month is None else local_seconds(mine, month.machine))
        present, task = np.unique(mine.task, return_inverse=True)
        rows = Rows(task.astype(np.int64), money[:, None])
        found[cell] = float(task_means(rows, len(present)).mean())
    return found


class Versus(NamedTuple):
    """Two cells that are paid by the token, on ``tasks`` common ones: what a task with people saves in the first one, h*
    (None where there is none), and whether the first is cheaper below it or above.
    """

    tasks: int
    saved: Figure
    fix_break_even: float | None
    below: bool


def versus(one: Attempts, other: Attempts, handling: Handling, draws: int = DRAWS, seed: int = 0) -> Versus:
    """Paired over the tasks of both. Raises UsageError where their costs rest on different bases."""
    if one.basis is not other.basis:
        raise UsageError(
            f"{one.origin} has costs with the basis {one.basis}, {other.origin} with {other.basis}: they cannot be compared;"
            " basis=list_no_cache puts logs on one."
        )
    tasks = common_tasks(one, other)
    rows = [common_rows(side, tasks, np.stack([side.solved, side.dollars], axis=1)) for side in (one, other)]
    ours, theirs = solving_draws(rows, len(tasks), draws, seed)
    full = [handling.full(drawn[:, 1], drawn[:, 0]) for drawn in (ours, theirs)]
    means = [(float(drawn[0, 1]), float(drawn[0, 0])) for drawn in (ours, theirs)]
    even = handling.fix_break_even(means[0], means[1])
    return Versus(len(tasks), figure(full[1] - full[0]), even, means[0][1] < means[1][1])


def _row(
    mine: Attempts, handling: Handling, month: Month | None, how: tuple[int, int]
) -> dict[str, float | str | int]:
    seconds = None if month is None else local_seconds(mine, month.machine)
    money = _dollars(mine, month, seconds)
    present, task = np.unique(mine.task, return_inverse=True)
    values = np.stack([mine.solved, money], axis=1)
    rows = Rows(task.astype(np.int64), values)
    drawn = solving_draws([rows], len(present), *how)[0]
    rate, dollars = drawn[:, 0], drawn[:, 1]
    counts = np.bincount(rows.task)
    interval = rate_interval(np.round(task_means(rows, len(present))[:, 0] * counts).astype(np.int64), counts)
    solved, full = figure(per_solved(dollars, rate)), figure(handling.full(dollars, rate))
    low, high = solved.low, solved.high
    if rate[0] == 0:
        low, high = float(dollars[0]) / pass_bound(len(present)), math.inf
    mean_seconds = (
        math.nan
        if seconds is None
        else float(task_means(Rows(rows.task, seconds[:, None]), len(present)).mean())
    )
    id, label = next(iter(mine.cells.items()))
    return {
        **{"cell": id, "label": label, "attempts": len(mine.solved), "tasks": len(present)},
        **{"rate": float(rate[0]), "low": interval.low, "high": interval.high, "dollars": float(dollars[0])},
        **{"solved": solved.value, "solved_low": low, "solved_high": high},
        "wrong": float(handling.wrongly(float(rate[0]))),
        **{"full": full.value, "full_low": full.low, "full_high": full.high},
        "above": math.nan
        if mine.above is None
        else float(task_means(Rows(rows.task, mine.above[:, None]), len(present)).mean()),
        "seconds": mean_seconds,
        "capacity": math.nan if month is None else month.machine.capacity(mean_seconds),
    }


def _dollars(mine: Attempts, month: Month | None, seconds: Floats | None) -> Floats:
    """Of each attempt, what the frontier model took included."""
    money = mine.dollars if month is None or seconds is None else _machine_dollars(mine, month, seconds)
    return money if mine.above is None else money + mine.above


def _machine_dollars(mine: Attempts, month: Month, seconds: Floats) -> Floats:
    """Of each attempt: its share of the month, and the electricity that it adds."""
    machine = month.machine
    measured = machine.prefill_tokens_s is None and not np.isnan(mine.joules).any()
    joules = mine.joules if measured else machine.added(seconds)
    return np.asarray(machine.electricity(joules) + machine.fixed_month / month.tasks)


def _nan(value: float | None) -> float:
    return math.nan if value is None else value
