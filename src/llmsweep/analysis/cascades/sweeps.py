"""Recorded attempts as what cascades are computed from: outcomes task by task, one unit of cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from llmsweep.analysis.cascades.plans import Outcomes, Pair
from llmsweep.analysis.cascades.tries import fit_beta
from llmsweep.analysis.costs.attempts import Attempts
from llmsweep.analysis.costs.machine import Machine
from llmsweep.analysis.costs.money import Tokens
from llmsweep.analysis.costs.scene import local_seconds
from llmsweep.analysis.stats import Floats
from llmsweep.errors import UsageError


def outcomes_of(side: Attempts, tasks: Sequence[str], each: Floats, standing: float = 0.0) -> Outcomes:
    """Of one cell's attempts at ``tasks`` (ids, each of which it attempted); ``each``: what every attempt cost."""
    place = {task: number for number, task in enumerate(tasks)}
    index = np.array([place.get(task, -1) for task in side.tasks], dtype=np.int64)[side.task]
    kept = index >= 0
    return Outcomes.of(index[kept], side.solved[kept], each[kept], len(tasks), standing)


def pair_of(
    tasks: Sequence[str], local: Outcomes, frontier: Outcomes, handoff: Outcomes, *, one_machine: bool = False
) -> Pair:
    """``handoff``: what handing over after each local attempt costs; wrong ones are what is handed over."""
    return Pair(
        tasks=tuple(tasks),
        local=local,
        frontier=frontier,
        handoff=handoff.cost_wrong,
        beta=fit_beta(local.passes, local.attempts),
        one_machine=one_machine,
    )


def counted(side: Attempts, unit: str) -> Floats:
    """Tokens (input and output) or busy seconds of each attempt. Raises UsageError where one is not known."""
    each = side.seconds
    if unit == "tokens":
        each = np.zeros(len(side.solved))
        np.add.at(each, side.owner, side.completions.read + side.completions.made)
        each[np.bincount(side.owner, minlength=len(each)) == 0] = np.nan
    if np.isnan(each).any():
        raise UsageError(
            f"unit={unit}: {side.origin} does not say of every attempt how many {unit} it took, and an unknown cost is never"
            " taken for 0."
        )
    return each


def machine_dollars(side: Attempts, machine: Machine) -> tuple[Floats, float]:
    """What each attempt adds to a machine's month, by measured joules where all have them, as `costs` counts it; and the
    mean of its busy seconds.
    """
    seconds = local_seconds(side, machine)
    measured = machine.prefill_tokens_s is None and not np.isnan(side.joules).any()
    return machine.electricity(side.joules if measured else machine.added(seconds)), float(seconds.mean())


def has_dollars(side: Attempts) -> bool:
    """Whether any attempt says what was paid."""
    return bool((side.dollars >= 0).any())


def transcripts(side: Attempts) -> Floats | None:
    """Tokens of each attempt's last completion, prompt and answer: what another model must read to take over. None where
    one is not known.
    """
    last = np.full(len(side.solved), -1, dtype=np.int64)
    last[side.owner] = np.arange(len(side.owner))
    tokens = np.where(last >= 0, (side.completions.read + side.completions.made)[last], np.nan)
    return None if np.isnan(tokens).any() else tokens


def as_prompts(side: Attempts, tokens: Floats, reader: Attempts) -> Attempts:
    """Completions that only read so many tokens, none of them cached, one an attempt of ``side``, in the reader's name."""
    nothing = np.zeros(len(tokens))
    return replace(
        side,
        origin=reader.origin,
        model=reader.model,
        where=reader.where,
        completions=Tokens(read=tokens, cached=nothing, written=nothing, made=nothing),
        owner=np.arange(len(tokens)),
    )


def constant(side: Attempts, value: float) -> Floats:
    """The same for each attempt."""
    return np.full(len(side.solved), value)


def left_out(name: str, side: Attempts, tasks: Sequence[str]) -> Iterator[str]:
    """What is in no figure: tasks that the other side did not run, attempts that faults ended; and what looks wrong."""
    ran = {side.tasks[t] for t in np.unique(side.task)}
    if len(ran) > len(tasks):
        yield (
            f"{len(ran) - len(tasks)} of the {len(ran)} tasks of {name} are left out: the other side did not run the same"
            " text of them"
        )
    if side.broken:
        yield f"{name}: {side.broken} attempts that faults ended are in no figure"
    yield from (f"{name}: {flag}" for flag in side.flags)
