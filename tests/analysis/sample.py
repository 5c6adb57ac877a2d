"""Made-up sweeps of realistic shape for the tests of the analysis: outcomes by a logit model, seeded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

import builders
from llmsweep.types import Cell, Episode, EpisodeSpec, Turn, Usage

TEMPERATURES = (0.0, 0.4, 0.8, 1.2)


def temperature_cells() -> list[Cell]:
    """Four temperatures, the first is the baseline."""
    return [builders.cell(temperature=t, max_tokens=1024) for t in TEMPERATURES]


def grid_cells() -> list[Cell]:
    """24 cells: temperature, reasoning, top_p and max_tokens."""
    return [
        builders.cell(temperature=t, reasoning=r, top_p=p, max_tokens=m)
        for t, r, p, m in product((0.0, 0.4, 0.8), (False, True), (0.9, 1.0), (512, 1024))
    ]


def spec(cell: Cell, task: str = "micro/t00", repeat: int = 0) -> EpisodeSpec:
    return EpisodeSpec(task=builders.task(task), cell=cell, repeat=repeat, harness="h")


def sweep(
    cells: Sequence[Cell], *, tasks: int = 20, repeats: int = 3, seed: int = 0, skill: float = 0.3
) -> list[Episode]:
    """Every cell on every task; one repeat at temperature 0. Warmer is worse, reasoning helps and costs thrice."""
    random = np.random.default_rng(seed)
    hard = random.normal(0, 1.8, tasks)
    made = []
    for cell in cells:
        sampling = cell.sampling
        logit = skill - 2.2 * (sampling.temperature - 0.2) ** 2 + 0.9 * bool(sampling.reasoning)
        for repeat in range(repeats if sampling.temperature else 1):
            for t in range(tasks):
                passed = bool(random.random() < 1 / (1 + np.exp(-(logit + hard[t]))))
                made.append(_episode(random, spec(cell, f"micro/t{t:02}", repeat), passed))
    made[0] = replace(made[0], turns=(replace(made[0].turns[0], cold=True, ttft_s=2.4), *made[0].turns[1:]))
    return made


def outcomes(cell: Cell, passed: Iterable[Sequence[bool | None]], **changes: Any) -> Iterator[Episode]:
    """One cell's episodes, given for each task what each repeat came to; None is a fault."""
    for t, repeats in enumerate(passed):
        for repeat, one in enumerate(repeats):
            ceiling = "capability" if one is False else None
            yield builders.episode(
                spec(cell, f"micro/t{t:02}", repeat), passed=one, **{"ceiling": ceiling, **changes}
            )


def _episode(random: np.random.Generator, one: EpisodeSpec, passed: bool) -> Episode:
    sampling = one.cell.sampling
    longer = 3.0 if sampling.reasoning else 1.0
    turns = tuple(
        Turn(
            usage=Usage(input_tokens=300 + 250 * i, output_tokens=int(longer * random.gamma(6, 20))),
            ttft_s=float(random.lognormal(-2.2 + 0.4 * (i > 0), 0.35)),
            duration_s=float(longer * random.gamma(4, 0.3)),
        )
        for i in range(1 if passed and random.random() < 0.6 else 2)
    )
    stop = "submitted" if passed else str(random.choice(["submitted", "turns", "malformed"]))
    ceiling = None if passed else "turn" if stop == "turns" else "capability"
    seconds = sum(turn.duration_s for turn in turns) + 0.4
    return builders.episode(one, passed=passed, stop=stop, ceiling=ceiling, turns=turns, duration_s=seconds)
