"""Cascades: tries without replacement and beyond what was measured, a hand-computed joint table, a*, the front, the doubts."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
import sample

import builders
from llmsweep.analysis.cascades import (
    Asked,
    Band,
    Beta,
    Outcomes,
    Pair,
    Terms,
    cascade,
    claimed,
    doubts,
    fit_beta,
    frontier_only,
    joint_table,
    local_only,
    measured_verifier,
    possible,
    sentences,
    study,
    study_table,
    tolerable,
    tries,
)
from llmsweep.analysis.cascades.front import hull, mixed, pareto
from llmsweep.analysis.costs.handling import Handling
from llmsweep.types import Act, Episode, Turn, Usage

FREE = Handling(review=0, fix=0, damage=0)
ORACLE = Terms(handling=FREE)


def checked(s: float, a: float, **people: float) -> Terms:
    return Terms(handling=replace(FREE, accept_right=s, accept_wrong=a, **people))


def outcomes(*attempts: str, cost: float = 1.0) -> Outcomes:
    """A task each, its attempts as 1 and 0."""
    task = np.array([t for t, each in enumerate(attempts) for _ in each])
    solved = np.array([float(one) for each in attempts for one in each])
    return Outcomes.of(task, solved, np.full(len(task), cost), len(attempts))


def pair(local: Outcomes, frontier: Outcomes, handoff: float = 0.0) -> Pair:
    tasks = tuple(f"t{i}" for i in range(len(local.passes)))
    beta = fit_beta(local.passes, local.attempts)
    return Pair(tasks=tasks, local=local, frontier=frontier, handoff=np.full(len(tasks), handoff), beta=beta)


def drawn(tasks: int = 40, repeats: int = 3, seed: int = 0, alike: float = 0.8) -> Pair:
    """Two models whose tasks are hard for both, as far as ``alike`` says."""
    random = np.random.default_rng(seed)
    hard = random.normal(0, 2, tasks)
    p = 1 / (1 + np.exp(hard))
    q = 1 / (1 + np.exp(alike * hard - 1 + (1 - alike) * random.normal(0, 2, tasks)))
    sides = []
    for chance, n, price in ((p, repeats, 0.01), (q, 2, 0.2)):
        solved = (random.random((tasks, n)) < chance[:, None]).astype(float).ravel()
        cost = price * random.gamma(4, 0.25, tasks * n) * (2 - solved)
        sides.append(Outcomes.of(np.repeat(np.arange(tasks), n), solved, cost, tasks))
    return pair(*sides, handoff=0.02)


# tries


@pytest.mark.parametrize("n", range(1, 7))
def test_with_an_oracle_measured_tries_are_pass_at_k(n: int):
    for x, k in product(range(n + 1), range(1, n + 1)):
        found = tries(np.array([x]), np.array([n]), k)
        assert 1 - found.left[0, -1] == pytest.approx(1 - math.comb(n - x, k) / math.comb(n, k))


@pytest.mark.parametrize("accept", [(1.0, 0.0), (0.8, 0.2), (0.5, 0.5)])
def test_with_many_attempts_tries_are_a_geometric_series(accept: tuple[float, float]):
    n, x, k = 200_000, 60_000, 4
    p = x / n
    a = p * accept[0] + (1 - p) * accept[1]
    found = tries(np.array([x]), np.array([n]), k, accept)
    made = (1 - (1 - a) ** k) / a
    assert found.left[0, -1] == pytest.approx((1 - a) ** k, abs=1e-4)
    assert (found.right + found.wrong).sum() == pytest.approx(made, abs=1e-4)
    assert accept[0] * found.right.sum() == pytest.approx(p * accept[0] / a * (1 - (1 - a) ** k), abs=1e-4)


def test_beyond_what_was_measured_tries_follow_the_beta_binomial():
    beta = Beta(0.7, 1.9)
    k = 5
    log_left = sum(math.log((beta.wrong + i) / (beta.right + beta.wrong + i)) for i in range(k))
    nothing = tries(np.array([0]), np.array([0]), k, beta=beta)
    assert nothing.left[0, -1] == pytest.approx(math.exp(log_left))  # B(al, be + k) / B(al, be)
    after = tries(np.array([0]), np.array([3]), 4, beta=beta)
    assert after.right[0].tolist()[:3] == [0, 0, 0]
    assert after.right[0, 3] == pytest.approx(beta.right / (beta.right + beta.wrong + 3))


def test_every_try_that_is_made_is_right_or_wrong_and_made_only_while_none_was_accepted():
    found = tries(np.array([0, 1, 3]), np.array([2, 4, 3]), 6, (0.9, 0.1), Beta(0.5, 0.5))
    made = found.right + found.wrong
    assert made[:, 0] == pytest.approx(1)
    assert made[:, 1:] == pytest.approx(found.left[:, :-1])
    accepted = 0.9 * found.right.sum(axis=1) + 0.1 * found.wrong.sum(axis=1)
    assert accepted + found.left[:, -1] == pytest.approx(1)


def test_the_beta_of_many_tasks_is_found_and_tells_of_further_tries():
    random = np.random.default_rng(1)
    truth = Beta(0.5, 0.9)
    p = random.beta(*truth, 6000)
    passes = random.binomial(3, p)
    found = fit_beta(passes, np.full(6000, 3))
    assert found is not None
    assert found == pytest.approx(truth, rel=0.15)
    solved = 1 - tries(passes, np.full(6000, 3), 8, beta=found).left[:, -1].mean()
    assert solved == pytest.approx((1 - (1 - p) ** 8).mean(), abs=0.01)
    assert solved < 1 - (1 - p.mean()) ** 8 - 0.1  # what independence claims


@pytest.mark.parametrize("passes", [0, 1, 2])
def test_a_beta_is_sound_where_all_tasks_agree(passes: int):
    found = fit_beta(np.full(9, passes), np.full(9, 2))
    assert found is not None
    assert all(0 < one < math.inf for one in found)
    assert (found.right > found.wrong) == (passes == 2) or passes == 1


def test_without_a_second_attempt_nobody_knows_what_a_second_try_gives():
    assert fit_beta(np.array([1, 0, 1]), np.array([1, 1, 1])) is None
    with pytest.raises(ValueError, match="beyond them"):
        tries(np.array([1]), np.array([1]), 2)
    with pytest.raises(ValueError, match="at least 1"):
        tries(np.array([1]), np.array([1]), 0)


# plans, by hand


def by_hand() -> Pair:
    """a: local 1 of 2 (right 1, wrong 3), frontier 1 of 1 at 10; b: local 0 of 2 at 2, frontier 1 of 2 at 20."""
    local = Outcomes.of(
        np.array([0, 0, 1, 1]), np.array([1.0, 0, 0, 0]), np.array([1.0, 3, 2, 2]), 2, standing=0.5
    )
    frontier = Outcomes.of(np.array([0, 1, 1]), np.array([1.0, 1, 0]), np.array([10.0, 20, 20]), 2)
    return pair(local, frontier, handoff=1.0)


def test_a_cascade_by_hand():
    one = cascade(by_hand(), 1, ORACLE)
    assert one.cost.tolist() == pytest.approx([0.5 + 2 + 0.5 * 11, 0.5 + 2 + 21])
    assert one.solved.tolist() == pytest.approx([1.0, 0.5])
    assert one.escalated.tolist() == pytest.approx([0.5, 1.0])
    two = cascade(by_hand(), 2, ORACLE)
    # Two tries at a are both of its attempts, so that the right one is among them; the wrong one comes first half of the times.
    assert two.cost.tolist() == pytest.approx([0.5 + 1 + 0.5 * 3, 0.5 + 4 + 21])
    assert two.solved.tolist() == pytest.approx([1.0, 0.5])
    assert two.escalated.tolist() == pytest.approx([0.0, 1.0])
    assert two.wrong.tolist() == pytest.approx([0.0, 0.0])


def test_a_cascade_by_hand_whose_verifier_tosses_a_coin():
    terms = checked(0.5, 0.5, verifier=0.25)
    one = cascade(by_hand(), 1, terms)
    assert one.cost.tolist() == pytest.approx([0.5 + 2.25 + 0.5 * 11.25, 0.5 + 2.25 + 0.5 * 21.25])
    assert one.solved.tolist() == pytest.approx([0.25 + 0.5, 0.25])
    assert one.wrong.tolist() == pytest.approx([0.25, 0.5 + 0.5 * 0.5 * 0.5])
    assert one.accepted.tolist() == pytest.approx([0.75, 0.75])
    people = Handling(review=5, fix=40, damage=100, verifier=0.25, accept_right=0.5, accept_wrong=0.5)
    assert one.full(people).tolist() == pytest.approx(
        [one.cost[0] + 0.75 * 5 + 0.25 * 40 + 0.25 * 100, one.cost[1] + 0.75 * 5 + 0.25 * 40 + 0.625 * 100]
    )


def test_a_machine_that_serves_both_is_paid_once():
    two = by_hand()
    apart = replace(two, frontier=replace(two.frontier, standing=0.5))
    one = replace(apart, one_machine=True)
    cost = [float(cascade(each, 1, ORACLE).cost.mean()) for each in (two, apart, one)]
    assert cost == pytest.approx([cost[0], cost[0] + 0.5, cost[0]])
    alone = frontier_only(one, ORACLE).cost.mean() - frontier_only(two, ORACLE).cost.mean()
    assert alone == pytest.approx(0.5)


def test_what_independence_claims_by_hand():
    claim = claimed("cascade", by_hand(), 2, ORACLE)
    p, q = 0.25, 0.75
    assert claim.solved == pytest.approx(1 - (1 - p) ** 2 * (1 - q))
    assert claim.escalated == pytest.approx((1 - p) ** 2)
    assert claim.cost == pytest.approx(0.5 + 2 * (1 + 0.75) + (1 - p) ** 2 * (15 + 1))
    assert claim.solved > cascade(by_hand(), 2, ORACLE).solved.mean()


def test_one_attempt_is_what_the_full_cost_of_a_single_model_says():
    """D = c + v + A r + (1 - A) h + (1 - p) a d, as `costs` has it."""
    handling = Handling(review=5, fix=40, damage=7, verifier=0.5, accept_right=0.9, accept_wrong=0.2)
    found = frontier_only(by_hand(), Terms(handling=handling))
    frontier = by_hand().frontier
    assert found.full(handling) == pytest.approx(handling.full(frontier.cost, frontier.rates))
    local = local_only(by_hand(), 1, Terms(handling=handling))
    assert local.full(handling) == pytest.approx(
        handling.full(by_hand().local.cost + 0.5, by_hand().local.rates)
    )


# properties


def test_where_outcomes_are_independent_measured_and_claimed_agree():
    """Equal rates on all tasks, from so many attempts that drawing without replacement does not matter."""
    n = 100_000
    local = Outcomes(
        passes=np.full(3, 40_000),
        attempts=np.full(3, n),
        cost=np.full(3, 1.0),
        cost_right=np.full(3, 1.0),
        cost_wrong=np.full(3, 1.0),
    )
    frontier = replace(local, passes=np.full(3, 70_000), cost=np.full(3, 9.0))
    two = Pair(tasks=("a", "b", "c"), local=local, frontier=frontier, handoff=np.full(3, 0.5))
    assert joint_table(two).phi == pytest.approx(0, abs=1e-9)
    for (s, a), k in product([(1.0, 0.0), (0.8, 0.15)], (1, 2, 3)):
        terms = checked(s, a, verifier=0.1)
        for plan in (local_only(two, k, terms), cascade(two, k, terms), frontier_only(two, terms)):
            claim = claimed(plan.name, two, k, terms)
            assert plan.cost.mean() == pytest.approx(claim.cost, abs=1e-3)
            assert plan.solved.mean() == pytest.approx(claim.solved, abs=1e-4)
            assert plan.wrong.mean() == pytest.approx(claim.wrong, abs=1e-4)
            assert plan.escalated.mean() == pytest.approx(claim.escalated, abs=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_one_try_with_an_oracle_lies_within_what_the_rates_leave_open(seed: int):
    two = drawn(seed=seed)
    bounds = possible(float(two.local.rates.mean()), float(two.frontier.rates.mean()))
    solved = float(cascade(two, 1, ORACLE).solved.mean())
    joint = joint_table(two)
    assert bounds.low - 1e-12 <= solved <= bounds.high + 1e-12
    assert solved == pytest.approx(joint.both + joint.local + joint.frontier)
    assert sum(joint[:4]) == pytest.approx(1)


def test_comonotone_outcomes_solve_what_the_better_model_does_and_disjoint_ones_the_sum():
    local, frontier = outcomes("1", "0", "0", "0"), outcomes("1", "1", "0", "0")
    assert cascade(pair(local, frontier), 1, ORACLE).solved.mean() == 0.5
    apart = outcomes("0", "0", "1", "1")
    assert cascade(pair(local, apart), 1, ORACLE).solved.mean() == 0.75


@pytest.mark.parametrize("seed", range(3))
def test_more_tries_escalate_less_and_with_an_oracle_solve_no_less(seed: int):
    two = drawn(seed=seed)
    plans = [cascade(two, k, ORACLE) for k in range(1, 7)]
    alone = [local_only(two, k, ORACLE) for k in range(1, 7)]
    for before, after in [*pairwise(plans), *pairwise(alone)]:
        assert (after.solved >= before.solved - 1e-12).all()
        assert (after.escalated <= before.escalated + 1e-12).all()
        assert (after.tries >= before.tries - 1e-12).all()


def test_hard_tasks_are_hard_for_both_and_independence_claims_too_much():
    two = drawn(tasks=200, alike=1.0)
    plan, claim = cascade(two, 3, ORACLE), claimed("cascade", two, 3, ORACLE)
    assert claim.solved > plan.solved.mean() + 0.05
    assert claim.cost < plan.cost.mean()


def test_what_is_measured_on_few_repeats_is_right_on_average():
    """Against the closed form of the true rates, for a verifier that errs: no bias from few attempts a task."""
    p, q, (s, a), k = np.array([0.1, 0.5, 0.8]), np.array([0.3, 0.9, 0.6]), (0.9, 0.2), 3
    accepted = p * s + (1 - p) * a
    left = (1 - accepted) ** k
    made = (1 - left) / accepted
    solved, wrong = p * s * made + left * q, (1 - p) * a * made + left * (1 - q) * a
    cost = made * (p * 1.0 + (1 - p) * 3.0) + left * 11.0
    random = np.random.default_rng(0)
    draws, task = 4000, np.repeat(np.arange(3 * 4000), 4)
    local = Outcomes.of(
        task,
        right := (random.random(len(task)) < np.tile(p, draws)[task]).astype(float),
        np.where(right > 0, 1.0, 3.0),
        3 * draws,
    )
    task = np.repeat(np.arange(3 * draws), 2)
    hit = (random.random(len(task)) < np.tile(q, draws)[task]).astype(float)
    frontier = Outcomes.of(task, hit, np.full(len(task), 10.0), 3 * draws)
    plan = cascade(pair(local, frontier, handoff=1.0), k, checked(s, a))
    for values, truth in (
        (plan.solved, solved),
        (plan.wrong, wrong),
        (plan.escalated, left),
        (plan.cost, cost),
    ):
        assert values.reshape(draws, 3).mean(axis=0) == pytest.approx(truth, rel=0.02, abs=0.005)


# a*


def test_the_tolerable_share_of_wrong_accepts_is_the_ratio_of_what_each_alone_solves():
    local, frontier = outcomes("1", "1", "0", "0", "0", "0", "1"), outcomes("0", "1", "1", "1", "1", "1", "1")
    for s in (1.0, 0.6):
        found = tolerable(pair(local, frontier), 1, checked(s, 0.0))
        assert found.value == pytest.approx(s * 1 / 4, abs=1e-6)
        assert found.low <= found.value <= found.high


@pytest.mark.parametrize("k", [1, 2, 3])
def test_at_the_tolerable_share_a_cascade_solves_as_much_as_the_frontier(k: int):
    two = drawn(seed=3)
    found = tolerable(two, k, checked(0.9, 0.0))
    assert 0 < found.value < 1
    there, above = (cascade(two, k, checked(0.9, a)) for a in (found.value, found.value + 0.05))
    assert there.solved.mean() == pytest.approx(two.frontier.rates.mean(), abs=1e-6)
    assert above.solved.mean() < two.frontier.rates.mean()


def test_nothing_is_tolerable_where_the_local_model_adds_nothing_and_all_is_where_the_frontier_does():
    useless = pair(outcomes(*["0"] * 6), outcomes(*["1", "0"] * 3))
    assert tolerable(useless, 1, ORACLE).value == 0
    needless = pair(outcomes(*["1"] * 6), outcomes(*["1", "0"] * 3))
    assert math.isinf(tolerable(needless, 1, ORACLE).value)


# the front


def test_the_front_is_what_no_plan_and_no_mix_beats():
    cost, solved = np.array([1.0, 2, 4, 5, 3]), np.array([0.2, 0.5, 0.55, 0.8, 0.4])
    assert pareto(cost, solved).tolist() == [True, True, True, True, False]
    assert hull(cost, solved) == [0, 1, 3]  # 2 is under the mix of 1 and 3
    assert hull(np.array([1.0, 1.0]), np.array([0.3, 0.4])) == [1]
    assert hull(np.array([2.0]), np.array([0.3])) == [0]


def test_a_mix_solves_in_proportion_to_what_is_spent():
    cost, solved = np.array([[1.0, 3.0]]), np.array([[0.2, 0.6]])
    at = [float(mixed(cost, solved, np.array([c]))[0]) for c in (1.0, 2.0, 3.0, 9.0)]
    assert at == pytest.approx([0.2, 0.4, 0.6, 0.6])
    assert math.isnan(mixed(cost, solved, np.array([0.5]))[0])
    worse = mixed(np.array([[1.0, 3.0]]), np.array([[0.6, 0.2]]), np.array([2.0]))
    assert worse[0] == pytest.approx(0.6)  # spending more on a worse model is no mix to take


# the study


def test_a_study_has_every_plan_with_intervals_that_hold_its_value_and_ranges_over_the_bands():
    found = study(drawn(), Asked(draws=2000))
    assert [line.plan.label for line in found.lines] == [
        "local, 1 try",
        "local, 2 tries",
        "local, 3 tries",
        "cascade, 1 try",
        "cascade, 2 tries",
        "cascade, 3 tries",
        "frontier",
    ]
    for line in found.lines:
        for one in (line.cost, line.solved, line.wrong, line.full):
            assert one.low <= one.value <= one.high
        assert line.range_solved.low <= line.solved.value <= line.range_solved.high
        assert line.range_wrong.low <= line.wrong.value <= line.range_wrong.high
    table = study_table(found)
    assert table["tasks"].eq(40).all()
    assert table.loc[table["plan"] == "cascade", "tolerable_wrong"].notna().all()
    assert table["front"].any()
    assert study(drawn(), Asked(draws=2000)).lines[0].cost == found.lines[0].cost  # no chance in it


def test_a_local_model_that_solves_what_the_frontier_cannot_makes_a_cascade_that_beats_it():
    local, frontier = outcomes(*["11"] * 15, *["00"] * 15, cost=0.1), outcomes(*["0"] * 14, *["1"] * 16)
    asked = Asked(ks=(1,), accept_right=Band(1, 1), accept_wrong=Band(0, 0), draws=2000)
    found = study(pair(local, frontier), asked)
    beside = found.cascades[0].against
    assert beside is not None
    assert (beside.solves, beside.costs) == ("more", "fewer")
    assert "beats the frontier alone" in " ".join(sentences(found))
    assert found.cascades[0].above is not None
    assert found.cascades[0].above.low > 0


def test_a_local_model_that_is_accepted_when_wrong_loses():
    local, frontier = outcomes(*["00"] * 30, cost=0.1), outcomes(*["1"] * 28, "0", "0")
    asked = Asked(ks=(1,), accept_right=Band(1, 1), accept_wrong=Band(0.9, 0.9), draws=2000)
    found = study(pair(local, frontier), asked)
    text = " ".join(sentences(found))
    assert "costs less than the frontier alone and solves less" in text
    assert "up to 0 % of wrong tries" in text


def test_a_gain_within_chance_is_no_gain():
    local = outcomes(*["1", "0", "0", "0"] * 5, cost=0.01)
    frontier = outcomes(*["0", "1", "0", "0"] * 2, *["1"] * 12)
    asked = Asked(ks=(1,), accept_right=Band(1, 1), accept_wrong=Band(0, 0), draws=500)
    found = study(pair(local, frontier), asked)
    beside = found.cascades[0].against
    assert beside is not None
    assert beside.solved.value > 0
    assert (beside.solves, beside.costs) == ("unclear", "fewer")
    assert "what it solves cannot be told apart" in " ".join(sentences(found))


def test_one_task_is_computed_and_called_too_few():
    found = study(pair(outcomes("10"), outcomes("1")), Asked(ks=(1, 2, 3), draws=500))
    cascade_1 = found.cascades[0]
    assert cascade_1.plan.escalated[0] == pytest.approx(1 - 0.5 * 0.875 - 0.5 * 0.15)
    assert math.isnan(cascade_1.cost.low)
    assert "cannot be compared" in " ".join(sentences(found))
    said = " ".join(doubts(found))
    assert "too few tasks: 1 task in common" in said
    assert "too few repeats" in said


def test_without_repeats_only_one_try_is_shown_and_said_why():
    found = study(pair(outcomes(*["1", "0"] * 10), outcomes(*["1"] * 20)), Asked(draws=500))
    assert {line.plan.k for line in found.cascades} == {1}
    assert "no task was tried twice" in " ".join(doubts(found))
    with pytest.raises(ValueError, match="no number of tries"):
        study(pair(outcomes(*["1", "0"] * 10), outcomes(*["1"] * 20)), Asked(ks=(2, 3), draws=500))


def test_tries_beyond_the_repeats_are_called_modelled():
    found = study(drawn(repeats=2), Asked(draws=500))
    assert [line.modelled for line in found.cascades] == [0, 0, 1]
    assert "fewer than 3 local attempts (2)" in " ".join(doubts(found))
    measured = study(drawn(repeats=3), Asked(draws=500))
    assert "too few repeats" not in " ".join(doubts(measured))


def test_a_known_verifier_has_no_band_and_no_doubt_about_it():
    asked = Asked(accept_right=Band(0.9, 0.9), accept_wrong=Band(0.1, 0.1), draws=500)
    found = study(drawn(), asked)
    for line in found.lines:
        assert line.range_solved.low == line.range_solved.high
    assert "errors are assumed" not in " ".join(doubts(found))


@pytest.mark.slow
def test_intervals_hold_the_truth_about_as_often_as_they_say():
    """Of what a cascade solves over tasks like these, by fresh draws of 40 tasks."""
    truth = float(cascade(drawn(tasks=20_000, seed=999), 2, checked(0.9, 0.1)).solved.mean())
    asked = Asked(ks=(2,), accept_right=Band(0.9, 0.9), accept_wrong=Band(0.1, 0.1), draws=100)
    inside = 0
    for seed in range(200):
        line = study(drawn(seed=seed), asked).cascades[0]
        inside += line.solved.low <= truth <= line.solved.high
    assert inside >= 180


# the visible check


def checks(outcomes_and_checks: list[tuple[bool, str | None]]) -> list[Episode]:
    """A task each."""
    return [
        builders.episode(
            sample.spec(builders.cell(), f"micro/t{t:02}"),
            passed=passed,
            turns=(
                Turn(usage=Usage(), acts=(Act(name="check", status="failed"),)),
                Turn(usage=Usage(), acts=() if status is None else (Act(name="check", status=status),)),
            )
            if status != "none"
            else (Turn(usage=Usage()),),
        )
        for t, (passed, status) in enumerate(outcomes_and_checks)
    ]


def test_the_visible_check_is_measured_by_its_last_run():
    episodes = checks([(True, "ok")] * 9 + [(True, "failed")] + [(False, "ok")] * 2 + [(False, None)] * 18)
    found = measured_verifier(episodes, builders.cell().id)
    assert found is not None
    assert (found.passed, found.failed) == (10, 20)
    assert found.right.at == pytest.approx(0.9)
    assert found.wrong.at == pytest.approx(0.1)
    assert found.wrong.low < 0.1 < found.wrong.high
    asked = Asked(accept_right=found.right, accept_wrong=found.wrong, draws=500)
    assert asked.terms().accept == pytest.approx((0.9, 0.1))
    assert "it is measured as 10 %" in " ".join(sentences(study(drawn(), asked)))


def test_without_a_check_or_without_failures_nothing_is_measured():
    cell = builders.cell().id
    assert measured_verifier(checks([(True, "none"), (False, "none")]), cell) is None
    assert measured_verifier(checks([(True, "ok"), (True, "ok")]), cell) is None
    assert measured_verifier(checks([(True, "ok"), (False, "ok")]), "another") is None
