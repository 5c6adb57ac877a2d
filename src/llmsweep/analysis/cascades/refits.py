"""What the model of further tries adds to the doubt: the same plans with betas that other tasks would have given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from llmsweep.analysis.cascades.plans import Pair, Plan
from llmsweep.analysis.cascades.tries import Beta, fit_beta
from llmsweep.analysis.costs.handling import Handling
from llmsweep.analysis.stats import Floats

REFITS = 100


def shifts(
    pair: Pair, plans: Callable[[Pair], Iterable[Plan]], handling: Handling, seed: int = 0
) -> dict[str, Floats]:
    """How far the means over tasks of cost, solved, full and wrong move, refits x plans, when the beta is fitted to tasks
    drawn anew; no refit where every try was measured.
    """
    betas = _betas(pair, seed)
    whole = _means(list(plans(pair)), handling)
    moved = [
        _means(list(plans(replace(pair, beta=beta))), handling) - whole for beta in betas if beta is not None
    ]
    every = np.array(moved).reshape(len(moved), *whole.shape)
    return {name: every[:, number] for number, name in enumerate(MEASURES)}


MEASURES = ("cost", "solved", "full", "wrong")


def _betas(pair: Pair, seed: int) -> list[Beta | None]:
    local, random = pair.local, np.random.default_rng(seed)
    tasks = len(pair.tasks)
    drawn = (random.integers(tasks, size=tasks) for _ in range(REFITS))
    return [fit_beta(local.passes[chosen], local.attempts[chosen]) for chosen in drawn]


def _means(plans: Sequence[Plan], handling: Handling) -> Floats:
    """Measures x plans."""
    return np.array(
        [
            [float(plan.cost.mean()) for plan in plans],
            [float(plan.solved.mean()) for plan in plans],
            [float(plan.full(handling).mean()) for plan in plans],
            [float(plan.wrong.mean()) for plan in plans],
        ]
    )
