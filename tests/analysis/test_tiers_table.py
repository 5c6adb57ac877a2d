"""What a tiered policy did: shares, triggers and both models' parts, from episodes whose answers are known."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from builders import cell, episode, task
from llmsweep.analysis.frame import frame, turns_frame
from llmsweep.analysis.recommend import recommend
from llmsweep.analysis.tiers import tiers
from llmsweep.policy import Handoff, Tiered, Trigger
from llmsweep.types import FRESH, Episode, EpisodeSpec, Turn, Usage

POLICY = Tiered(frontier=cell(model="big"), harness="h", words="w")
LOCAL = Turn(usage=Usage(input_tokens=100, output_tokens=20), duration_s=1.0)
ABOVE = Turn(usage=Usage(input_tokens=300, output_tokens=60), duration_s=3.0, frontier=True)


def one(
    number: int,
    *,
    passed: bool | None = True,
    trigger: Trigger | None = None,
    stood: bool | None = False,
    repeat: int = 0,
) -> Episode:
    spec = EpisodeSpec(task=task(f"t/{number}"), cell=cell(), repeat=repeat, harness="h")
    handoff = None
    if trigger is not None:
        handoff = Handoff(
            trigger=trigger, reason="x", after=1, passed=stood, read_tokens=300, local_s=1.5, frontier_s=4.0
        )
    turns = (LOCAL,) if trigger is None else (LOCAL, ABOVE)
    return episode(spec, passed=passed, policy=POLICY, handoff=handoff, turns=turns)


EPISODES = [
    one(1),
    one(2, passed=False),
    one(3, trigger="check"),
    one(4, passed=False, trigger="check"),
    one(5, passed=False, trigger="turns", stood=True),
    one(6, passed=None, trigger="turns"),
    one(7, trigger="asked", repeat=FRESH),
]


def test_shares_triggers_and_parts():
    (found,) = tiers(EPISODES)
    assert (found.episodes, found.passed, found.alone) == (5, 2, 1)
    assert (found.handed.some, found.handed.all, found.handed.rate) == (3, 5, 0.6)
    assert found.handed.interval.low < 0.6 < found.handed.interval.high
    assert (found.after.some, found.after.all) == (1, 3)
    assert [(t.name, t.episodes, t.passed) for t in found.triggers] == [("check", 2, 1), ("turns", 1, 0)]
    assert (found.needless, found.judged) == (1, 3)
    assert found.handoff_tokens == 300
    assert found.tokens == (pytest.approx(120.0), pytest.approx(3 * 360 / 5))
    assert found.seconds == (pytest.approx((2 * 1.0 + 3 * 1.5) / 5), pytest.approx(12 / 5))


def test_what_was_not_reported_is_unknown_and_never_0():
    silent = replace(EPISODES[2], turns=(LOCAL, replace(ABOVE, usage=Usage())))
    (found,) = tiers([EPISODES[0], silent])
    assert found.tokens[0] == 120
    assert math.isnan(found.tokens[1])
    assert frame([silent])["frontier_tokens"].isna().all()


def test_episodes_without_a_policy_are_none_of_it():
    assert tiers([episode()]) == []
    row = frame([episode()]).iloc[0]
    assert (row["frontier_turns"], row["frontier_tokens"]) == (0, 0)
    assert frame([episode()])[["frontier", "trigger", "handoff_tokens"]].isna().all(axis=None)


def test_the_frames_tell_both_models_apart():
    row = frame([EPISODES[2]]).iloc[0]
    assert (row["frontier"], row["trigger"], row["handoff_tokens"]) == ("big", "check", 300)
    assert (row["tokens"], row["frontier_tokens"], row["frontier_turns"]) == (480, 360, 1)
    assert list(turns_frame([EPISODES[2]])["frontier"]) == [False, True]


def test_the_budget_to_raise_is_that_of_the_model_that_ran_into_it():
    for turns, key in (("turns", "policy.frontier_baseline.turns"), (None, "baseline.turns")):
        ended = [
            replace(one(n, passed=False, trigger=turns), stop="turns", ceiling="turn") for n in range(12)
        ]
        found = recommend(frame([*ended, one(20)]), cell().id, "ofat")
        (said,) = [text for text in (found.caveat, *found.caveats) if "ran into a budget" in text]
        assert f"for want of turns: {key}" in said
