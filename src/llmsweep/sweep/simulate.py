"""Hidden truths to judge strategies by: families of response surfaces with 24 cells, drawn anew for every run.

The families and their figures are those of docs/strategies.md#how-strategies-are-judged. A truth is kept only where the
cells' mean pass rate is 15 to 85 % and the best cell is 3 to 20 points above the middle one, so that there is something
to find. Cells are 6 temperatures x reasoning x prompt; reasoning costs three times the tokens, the second prompt 15 %
more where there is reasoning.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from llmsweep.sweep.space import Space, grid_cells
from llmsweep.types import Budget, Cell, Sampling, Task, Verifier

Floats = NDArray[np.float64]

TEMPERATURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
SPACE: Space = {
    "temperature": list(TEMPERATURES),
    "reasoning": [False, True],
    "prompt": ["thin", "rich"],
}
TOKENS = 1_000
"""What an episode of the cheapest cell takes."""
DIFFICULTY = 1.8
"""Standard deviation of tasks' logits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """``rates``: tasks x cells, pass probabilities; ``tokens``: of an episode, by cell."""

    cells: Sequence[Cell]
    tasks: Sequence[Task]
    rates: Floats
    tokens: Floats


@dataclass(frozen=True, slots=True)
class _Family:
    """``effect``: (random, temperature, reasoning, prompt) -> the cells' logits; ``slopes``: standard deviations over
    tasks of what temperature, reasoning and prompt do to them; ``residual``: of what is left of task and cell.
    """

    effect: Callable[[np.random.Generator, Floats, Floats, Floats], Floats]
    slopes: tuple[float, float, float] = (0.6, 0.4, 0.2)
    residual: float = 0.2
    nested: bool = False
    filtered: bool = True


def _curve(random: np.random.Generator, temperature: Floats, low: float = 0.3, high: float = 2.0) -> Floats:
    return np.asarray(-random.uniform(low, high) * (temperature - random.uniform(0, 1)) ** 2)


def _additive(random: np.random.Generator, t: Floats, r: Floats, p: Floats) -> Floats:
    return _curve(random, t) + random.normal(0.4, 0.5) * r + random.normal(0, 0.25) * p


def _interaction(random: np.random.Generator, t: Floats, r: Floats, p: Floats) -> Floats:
    """Another curve under reasoning; the prompt acts under reasoning alone, exact ties elsewhere."""
    with_it = _curve(random, t) + random.normal(0.4, 0.5) + random.normal(0, 0.25) * p
    return np.asarray(np.where(r > 0, with_it, _curve(random, t)))


def _cliff(random: np.random.Generator, t: Floats, r: Floats, p: Floats) -> Floats:
    fall = np.select([t == 0.8, t == 1.0], [-0.5, -1.5], 0.0)
    fall = fall + _curve(random, t, 0.1, 0.5)
    return np.asarray(fall + random.normal(0.8, 0.2) * r + random.normal(0, 0.25) * p)


def _messy(random: np.random.Generator, t: Floats, r: Floats, p: Floats) -> Floats:
    return _additive(random, t, r, p) + random.normal(0, 0.2, len(t))


def _unstructured(random: np.random.Generator, t: Floats, r: Floats, p: Floats) -> Floats:
    return random.normal(0, 0.5, len(t))


def _flat(random: np.random.Generator, t: Floats, r: Floats, p: Floats) -> Floats:
    return random.normal(0, 0.06, len(t))


FAMILIES = {
    "additive": _Family(_additive),
    "interaction": _Family(_interaction, nested=True),
    "cliff": _Family(_cliff),
    "heterogeneity": _Family(_additive, slopes=(1.5, 1.0, 0.5), residual=0.5),
    "messy": _Family(_messy, slopes=(0.9, 0.6, 0.3), residual=0.4),
    "unstructured": _Family(_unstructured, residual=0.5),
    "flat": _Family(_flat, filtered=False),
}


def truth(family: str, seed: int, tasks: int = 40) -> Truth:
    """The ``seed``-th truth of a family."""
    random = np.random.default_rng([seed, *family.encode()])
    start = Cell(
        model="simulated",
        revision=family,
        sampling=Sampling(temperature=0.0),
        protocol="whole_file",
        budget=Budget(turns=1),
    )
    cells = grid_cells(start, SPACE)
    while True:
        rates = _rates(FAMILIES[family], random, cells, tasks)
        if _worth_finding(rates) or not FAMILIES[family].filtered:
            break
    reasoning, rich = _axis(cells, "reasoning"), _axis(cells, "prompt")
    tokens = TOKENS * (1 + 2 * reasoning) * (1 + 0.15 * reasoning * rich)
    return Truth(
        cells=cells, tasks=[stand_in(f"simulated/{i:03}") for i in range(tasks)], rates=rates, tokens=tokens
    )


def stand_in(name: str) -> Task:
    """A task in name only: what replays need."""
    nowhere = Path("/nonexistent")
    return Task(
        id=name,
        prompt="",
        digest=name,
        environment=nowhere,
        verifier=Verifier(tests=nowhere, timeout_s=1.0),
    )


def _axis(cells: Sequence[Cell], axis: str) -> Floats:
    values = {
        "temperature": [float(cell.sampling.temperature or 0) for cell in cells],
        "reasoning": [float(bool(cell.sampling.reasoning)) for cell in cells],
        "prompt": [float(cell.prompt == "rich") for cell in cells],
    }
    return np.array(values[axis])


def _rates(family: _Family, random: np.random.Generator, cells: Sequence[Cell], tasks: int) -> Floats:
    t, r, p = (_axis(cells, axis) for axis in SPACE)
    acts = p * r if family.nested else p
    logits = family.effect(random, t, r, p) + random.normal(random.normal(0.3, 0.5), DIFFICULTY, (tasks, 1))
    for values, deviation in zip((t - 0.5, r - 0.5, acts - acts.mean()), family.slopes, strict=True):
        logits = logits + random.normal(0, deviation, (tasks, 1)) * values
    own = random.normal(0, family.residual, (tasks, len(cells)))
    if family.nested:
        # What differs in nothing that acts is the same cell under two names.
        first = [list(zip(t, r, acts, strict=True)).index(kind) for kind in zip(t, r, acts, strict=True)]
        own = own[:, first]
    return np.asarray(1 / (1 + np.exp(-(logits + own))))


def _worth_finding(rates: Floats) -> bool:
    means = rates.mean(axis=0)
    return bool(0.15 < means.mean() < 0.85 and 0.03 < means.max() - np.median(means) < 0.20)
