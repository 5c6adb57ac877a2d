from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest

from llmsweep.analysis.stats import pass_at_k, pass_hat_k, wilson


@pytest.mark.parametrize("k", [1, 2, 3, 5])
@pytest.mark.parametrize("passed", range(6))
def test_both_are_what_counting_every_choice_of_k_attempts_gives(passed, k):
    choices = list(combinations([True] * passed + [False] * (5 - passed), k))
    some, every = (np.mean([rule(choice) for choice in choices]) for rule in (any, all))
    assert pass_at_k([passed], [5], k).value == pytest.approx(some)
    assert pass_hat_k([passed], [5], k).value == pytest.approx(every)


@pytest.mark.parametrize(("k", "attempts"), [(1, 4), (3, 4), (3, 9)])
def test_both_are_unbiased(k, attempts):
    """The mean over every outcome, weighed by its probability, is the truth itself."""
    p = 0.3
    chance = [math.comb(attempts, c) * p**c * (1 - p) ** (attempts - c) for c in range(attempts + 1)]
    some = sum(w * pass_at_k([c], [attempts], k).value for c, w in enumerate(chance))
    every = sum(w * pass_hat_k([c], [attempts], k).value for c, w in enumerate(chance))
    assert (some, every) == pytest.approx((1 - (1 - p) ** k, p**k))


def test_one_attempt_is_the_pass_rate_whichever_way_it_is_asked():
    passes, attempts = [0, 1, 3, 4, 2, 1, 1, 3], [4] * 8
    assert pass_at_k(passes, attempts, 1) == pass_hat_k(passes, attempts, 1)
    assert pass_at_k(passes, attempts, 1).value == pytest.approx(sum(passes) / 32)


def test_many_attempts_do_not_overflow():
    assert 0 < pass_hat_k([1_500], [3_000], 20).value < 1e-5


def test_tasks_with_too_few_attempts_are_left_out_and_counted():
    found = pass_at_k([1, 0, 2, 1], [3, 2, 3, 0], 3)
    assert (found.value, found.tasks, found.left_out, found.k) == (1.0, 2, 2, 3)
    nothing = pass_hat_k([1], [1], 2)
    assert math.isnan(nothing.value)
    assert (nothing.low, nothing.high, nothing.tasks, nothing.left_out) == (0, 1, 0, 1)


@pytest.mark.parametrize(("passed", "value"), [(0, 0.0), (6, 1.0)])
def test_where_all_tasks_agree_the_interval_is_wilsons_over_tasks(passed, value):
    for found in (pass_at_k([passed] * 20, [6] * 20, 3), pass_hat_k([passed] * 20, [6] * 20, 3)):
        assert found.value == value
        assert (found.low, found.high) == (wilson(20 * value, 20).low, wilson(20 * value, 20).high)
        assert found.high - found.low == pytest.approx(0.161, abs=0.001)


def test_a_single_task_that_ever_passed_leaves_room_above():
    found = pass_at_k([1, *[0] * 14], [5] * 15, 3)
    assert 0 < found.low < found.value < 0.15 < found.high


def test_intervals_hold_their_value_and_are_reproducible():
    random = np.random.default_rng(5)
    for _ in range(20):
        passes = random.binomial(5, random.beta(0.6, 0.6, 20))
        for found in (pass_at_k(passes, [5] * 20, 3), pass_hat_k(passes, [5] * 20, 3)):
            assert 0 <= found.low <= found.value <= found.high <= 1
    assert pass_at_k([1, 2, 3, 4, 5, 3, 0], [5] * 7, 2) == pass_at_k([1, 2, 3, 4, 5, 3, 0], [5] * 7, 2)


def test_k_below_one_is_no_question():
    with pytest.raises(ValueError, match="k is 0"):
        pass_at_k([1], [1], 0)
