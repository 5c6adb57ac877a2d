"""Is a race right as often as it says? On hidden truths of every family; docs/strategies.md has the figures of more of them."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
import pytest
from scipy.stats import binom

from llmsweep.sweep.contest import Contest, carry_out
from llmsweep.sweep.replay import Terms
from llmsweep.sweep.simulate import FAMILIES

TRUTHS = 60
ALLOWED = 0.01
"""How far below what it states a race may be right: a point."""


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_a_race_that_stops_is_right_as_often_as_it_says(family: str):
    """Fails where so many wrong choices would come by chance in one of 1,000 honest families."""
    contest = Contest(
        name="race",
        target="llmsweep.sweep.race.race",
        parameters={"batch": 24},
        table=family,
        terms=Terms(confidence=0.95, most=3_000, seed=1_000),
    )
    with ProcessPoolExecutor(2) as pool:
        runs = list(pool.map(partial(carry_out, contest), range(TRUTHS)))
    last = [run.looks[-1] for run in runs if run.ended]
    stated, wrong = np.mean([look.belief for look in last]), sum(not look.right for look in last)
    print(
        f"{family}: {len(last)} of {TRUTHS} stopped, stated {stated:.3f}, right {1 - wrong / len(last):.3f}"
    )
    assert len(last) >= TRUTHS / 3
    assert stated >= 0.95
    assert binom.sf(wrong - 1, len(last), 1 - stated + ALLOWED) > 0.001
    every = [run.looks[-1].regret for run in runs]
    assert np.mean(every) < 0.025
