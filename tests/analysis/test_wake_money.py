"""The money of a wake filter: worked example E4 to the digits given, and what must hold for any figures."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import numpy as np
import pytest

from llmsweep.analysis.wake.money import Stakes, break_even_miss, break_even_signal, flips, pays
from llmsweep.analysis.wake.rules import Counts
from llmsweep.analysis.wake.tuning import positives_needed, shown_by_none_missed
from llmsweep.analysis.wake.worth import Terms, worth
from llmsweep.errors import UsageError

E4 = Stakes(cycle=0.56, call=0.001, miss=5, signal=0.20)
RECALL, FALSE_WAKE = 0.97, 0.10


def worlds(count: int = 300) -> list[tuple[Stakes, float, float]]:
    drawn = random.Random(4)
    return [
        (
            Stakes(
                cycle=10 ** drawn.uniform(-2, 1),
                call=10 ** drawn.uniform(-5, -1),
                miss=10 ** drawn.uniform(-2, 2),
                signal=drawn.random(),
            ),
            drawn.random(),
            drawn.random(),
        )
        for _ in range(count)
    ]


def test_e4():
    assert E4.with_filter(RECALL, FALSE_WAKE) == pytest.approx(0.18444, abs=5e-6)
    assert E4.ideal == pytest.approx(0.113, abs=5e-4)
    assert E4.without == 0.56
    assert E4.tolerable_miss(FALSE_WAKE) == pytest.approx(0.4529, abs=5e-5)
    assert E4.precision(RECALL, FALSE_WAKE) == pytest.approx(0.194 / 0.274)


def test_at_the_tolerable_miss_rate_with_and_without_cost_the_same():
    for stakes, _, false_wake in worlds():
        tolerable = stakes.tolerable_miss(false_wake)
        if math.isfinite(tolerable):
            assert stakes.with_filter(1 - tolerable, false_wake) == pytest.approx(stakes.without)


def test_below_the_break_even_signal_rate_it_pays_and_above_it_does_not():
    for stakes, recall, false_wake in worlds():
        found = pays(stakes.cycle, stakes.call, stakes.miss, (recall, false_wake))
        for signal in (0.001, 0.25, 0.5, 0.75, 0.999):
            gains = replace(stakes, signal=signal).with_filter(recall, false_wake) < stakes.without
            wanted = {
                "below": signal < found.at,
                "above": signal > found.at,
                "always": True,
                "never": False,
            }[found.where]
            assert gains == wanted, (stakes, recall, false_wake, signal, found)


def test_what_turns_the_answer_does_so_alone():
    for stakes, recall, false_wake in worlds():
        rates = {"recall": recall, "false_wake": false_wake}
        for name, value in flips(stakes, recall, false_wake).items():
            if math.isnan(value) or (name == "cycle" and value == 0):
                continue
            changed = replace(stakes, **{name: value}) if name not in rates else stakes
            at = {**rates, **({name: value} if name in rates else {})}
            cost = changed.with_filter(at["recall"], at["false_wake"])
            assert cost == pytest.approx(changed.without, rel=1e-6, abs=1e-9), name


def test_a_dearer_miss_never_helps_and_a_perfect_filter_is_the_ideal_one():
    for stakes, recall, false_wake in worlds():
        dearer = replace(stakes, miss=stakes.miss * 2)
        assert dearer.with_filter(recall, false_wake) >= stakes.with_filter(recall, false_wake)
        assert stakes.with_filter(1.0, 0.0) == pytest.approx(stakes.ideal)
        assert stakes.with_filter(1.0, 1.0) == pytest.approx(stakes.without + stakes.call)
        most = break_even_miss(stakes.cycle, stakes.call, stakes.signal, (recall, false_wake))
        if 0 <= most < math.inf:
            assert replace(stakes, miss=most).with_filter(recall, false_wake) == pytest.approx(stakes.without)


def test_draws_of_the_break_even_agree_with_the_single_figure():
    for stakes, recall, false_wake in worlds(50):
        found = pays(stakes.cycle, stakes.call, stakes.miss, (recall, false_wake))
        (drawn,) = break_even_signal(
            stakes.cycle, stakes.call, stakes.miss, np.array([recall]), np.array([false_wake])
        )
        if found.where == "below":
            assert drawn == pytest.approx(found.at)
        elif found.where in ("always", "never"):
            assert drawn == (1.0 if found.where == "always" else 0.0)


def test_arrays_give_what_single_figures_give():
    recalls, false_wakes = np.array([0.2, 0.97]), np.array([0.5, 0.1])
    assert E4.with_filter(recalls, false_wakes)[1] == pytest.approx(0.18444, abs=5e-6)
    assert E4.precision(recalls, false_wakes).shape == (2,)


@pytest.mark.parametrize("wrong", [{"signal": 1.2}, {"miss": -1}, {"cycle": 0}, {"call": math.inf}])
def test_figures_that_cannot_be_are_refused(wrong: dict[str, float]):
    with pytest.raises(UsageError, match=next(iter(wrong))):
        replace(E4, **wrong)


def counts(woken: int, triggers: int) -> Counts:
    said = np.array([1] * woken + [0] * (triggers - woken))
    return Counts(said, np.ones(triggers, dtype=np.int64))


def test_the_verdict_knows_what_the_triggers_can_tell():
    terms = Terms(cycle=0.56, miss=5, signal=0.2)
    sure = worth(terms, 0.001, counts(194, 200), counts(20, 200))
    assert sure.word == "pays"
    assert sure.cost is not None
    assert sure.cost.value == pytest.approx(0.18444, abs=5e-6)
    assert sure.cost.low < sure.cost.value < sure.cost.high
    assert worth(terms, 0.001, counts(5, 10), counts(5, 10)).word == "not distinguishable"
    assert worth(terms, 0.001, counts(20, 200), counts(20, 200)).word == "does not pay"
    assert worth(terms, 0.7, counts(194, 200), counts(20, 200)).word == "no break-even"


def test_what_is_not_given_stays_open_and_is_not_assumed():
    real, noise = counts(97, 100), counts(10, 100)
    nothing = worth(Terms(), 0.001, real, noise)
    assert (nothing.word, nothing.cost, nothing.pays, nothing.miss) == ("open", None, None, None)
    no_signal = worth(Terms(cycle=0.56, miss=5), 0.001, real, noise)
    assert no_signal.word == "open"
    assert no_signal.pays is not None
    assert no_signal.pays.at == pytest.approx(0.503 / 0.6372)
    assert no_signal.cost is None
    no_miss = worth(Terms(cycle=0.56, signal=0.2), 0.001, real, noise)
    assert no_miss.miss is not None
    assert no_miss.miss == pytest.approx((0.56 * (1 - 0.274) - 0.001) / 0.006)
    assert no_miss.tolerable is None
    assert worth(Terms(cycle=0.56, miss=5, signal=0.2), math.nan, real, noise).word == "open"


def test_none_missed_does_not_show_that_none_is_ever_missed():
    assert shown_by_none_missed(48) == pytest.approx(0.9395, abs=5e-5)
    assert positives_needed(0.99) == 299
    assert shown_by_none_missed(299) >= 0.99 > shown_by_none_missed(298)
    spread = worth(Terms(cycle=1, miss=1, signal=0.5), 0.0, counts(48, 48), counts(0, 48))
    assert float(np.quantile(spread.recall[1:], 0.025)) < 0.97
