"""How long one decision of a race takes: the fit and the allocation of a batch."""

from __future__ import annotations

import numpy as np
import pytest

from llmsweep.belief.allocate import allocate
from llmsweep.belief.verdict import Evidence, Terms, judge


@pytest.mark.slow
@pytest.mark.parametrize(
    ("axes", "tasks", "at_most_s"), [((6, 2, 2), 60, 0.1), ((10, 5, 4), 500, 5.0)], ids=["24x60", "200x500"]
)
def test_one_step(benchmark, axes: tuple[int, ...], tasks: int, at_most_s: float):
    """After about four episodes a task and cell of the better half, as late in a race."""
    random = np.random.default_rng(0)
    grid = np.stack(np.meshgrid(*(np.arange(n) for n in axes), indexing="ij"), axis=-1).reshape(-1, len(axes))
    levels = {
        "temperature": (grid[:, 0] / 5).tolist(),
        "protocol": [str(level) for level in grid[:, 1]],
        "prompt": [str(level) for level in grid[:, 2]],
    }
    attempts = random.poisson(np.where(np.arange(len(grid)) % 2, 4.0, 0.2), (tasks, len(grid)))
    passes = random.binomial(attempts, 1 / (1 + np.exp(-random.normal(0, 1.8, (tasks, 1)))))
    evidence = Evidence(levels, passes, attempts, 100.0 * attempts, np.zeros(len(grid), np.bool_))

    def step() -> None:
        found, costs, verdict = judge(evidence, Terms())
        rivals = verdict.rivals(24, np.random.default_rng(0))
        picks = allocate(found, verdict.chosen, rivals, costs.mean, np.full(attempts.shape, 50))
        assert len(picks) == 24

    benchmark.pedantic(step, rounds=5, warmup_rounds=1)
    assert benchmark.stats.stats.median < at_most_s
