"""Rules over calls, tuned on one part alone; triggers and their parts; the log of calls."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from builders import cell
from llmsweep.analysis.wake.heard import Heard
from llmsweep.analysis.wake.money import Stakes
from llmsweep.analysis.wake.rules import Rule, counts, means, rules_of
from llmsweep.analysis.wake.tuning import best, by_money, by_recall
from llmsweep.calls import Call, CallLog, Known, read_calls
from llmsweep.errors import UnfitError, UsageError
from llmsweep.wake.prompting import harness_digest, messages, prompt_text
from llmsweep.wake.triggers import fewer, read_corpus


def known(at: int, label: str, part: str) -> Known:
    return Known(id=f"{part}-{label}-{at}", digest=f"{part}{label}{at}", label=label, part=part)  # type: ignore[arg-type]


def heard(said: dict[tuple[str, str], list[list[float | str]]], scored: bool = True) -> Heard:
    """(part, label) -> for each trigger its calls: a score, or a verdict."""
    triggers, calls, owner = [], [], []
    for (part, label), several in said.items():
        for at, each in enumerate(several):
            triggers.append(known(at, label, part))
            for repeat, what in enumerate(each):
                verdict = what if isinstance(what, str) else "wake" if what >= 0.5 else "skip"
                calls.append(call(triggers[-1], repeat, verdict, None if isinstance(what, str) else what))
                owner.append(len(triggers) - 1)
    return Heard(
        cell=cell(),
        triggers=tuple(triggers),
        owner=np.array(owner),
        woke=np.array([one.verdict != "skip" for one in calls]),
        neither=np.array([one.verdict == "neither" for one in calls]),
        score=np.array([np.nan if one.score is None else one.score for one in calls]),
        calls=tuple(calls),
    )


def call(trigger: Known, repeat: int, verdict: str, score: float | None = None) -> Call:
    return Call(
        key=f"{trigger.id}/{repeat}", trigger_id=trigger.id, trigger_digest=trigger.digest, cell=cell(), cell_id="c",
        harness="h", repeat=repeat, form="json_schema", verdict=verdict, score=score,  # type: ignore[arg-type]
    )  # fmt: skip


SCORED = heard(
    {
        ("tune", "wake"): [[0.9], [0.8], [0.3]],
        ("tune", "skip"): [[0.2], [0.4], [0.1]],
        ("heldout", "wake"): [[0.7], [0.2]],
        ("heldout", "skip"): [[0.31], [0.1]],
    }
)


def test_a_threshold_is_tuned_on_the_tuning_part_alone():
    chosen = by_recall(SCORED, 0.99)
    assert chosen.rule.kind == "score"
    assert 0.2 < chosen.rule.threshold <= 0.3
    assert (chosen.recall, chosen.false_wake, chosen.met) == (1.0, pytest.approx(1 / 3), True)
    assert means(SCORED, chosen.rule, "heldout") == (0.5, 0.5)


def test_by_money_a_dear_miss_lowers_the_threshold_and_a_cheap_one_raises_it():
    def stakes(miss: float) -> float:
        money = Stakes(cycle=1, call=0, miss=miss, signal=0.5)
        return by_money(SCORED, lambda heard, rule: money, 0.99).rule.threshold

    assert stakes(100) <= 0.3 < stakes(0.1)


def test_without_scores_votes_are_counted_and_cost_their_calls():
    votes = heard(
        {
            ("tune", "wake"): [["wake", "wake", "skip"], ["wake", "neither", "wake"]],
            ("tune", "skip"): [["wake", "skip", "skip"], ["skip", "skip", "skip"]],
            ("heldout", "wake"): [["skip", "skip", "wake"]],
            ("heldout", "skip"): [["skip", "skip", "skip"]],
        }
    )
    assert [rule.kind for rule in rules_of(votes)] == ["verdict", "votes", "votes", "votes"]
    chosen = by_recall(votes, 1.0)
    assert (chosen.rule.kind, chosen.rule.threshold, chosen.rule.calls) == ("votes", 2, 3)
    assert (chosen.recall, chosen.false_wake) == (1.0, 0.0)
    real, _ = counts(votes, chosen.rule, "heldout")
    assert (real.woken.tolist(), real.made.tolist()) == ([0], [1])


def test_neither_wakes_under_every_rule():
    trigger = known(0, "wake", "tune")
    said = [call(trigger, at, "neither", 0.01) for at in range(3)]
    for rule in (
        Rule(kind="verdict"),
        Rule(kind="score", threshold=0.9),
        Rule(kind="votes", threshold=3, calls=3),
    ):
        assert rule.wakes(said)


def test_one_decision_is_what_the_arrays_say():
    for rule in rules_of(SCORED):
        woken, _ = counts(SCORED, rule, "tune")
        each = [rule.wakes([one]) for one in SCORED.calls if one.trigger_id.startswith("tune-wake")]
        assert woken.woken.tolist() == [int(one) for one in each]


def test_where_no_rule_reaches_the_recall_it_is_said():
    only = heard(
        {("tune", "wake"): [["skip"]], ("tune", "skip"): [["skip"]], ("heldout", "wake"): [["wake"]], ("heldout", "skip"): [["skip"]]}
    )  # fmt: skip
    chosen = by_recall(only, 0.99)
    assert not chosen.met
    assert best([chosen, by_recall(SCORED, 0.99)], None, 0.99).met


def test_gatekeeper_comes_in_its_parts_and_a_limit_keeps_them_even():
    corpus = read_corpus(None)
    assert len(corpus.triggers) == 256
    assert sum(trigger.part == "heldout" for trigger in corpus.triggers) == 96
    few = fewer(corpus.triggers, 10)
    assert len(few) == 10
    groups = [(trigger.part, trigger.label) for trigger in few]
    assert sorted(groups.count(group) for group in set(groups)) == [2, 2, 3, 3]
    assert fewer(few, 10) == few
    with pytest.raises(UsageError, match=r"wake\.limit=3"):
        fewer(few, 3)


def test_parts_without_splits_are_the_same_each_time_and_stratified(tmp_path: Path):
    path = tmp_path / "t.jsonl"
    lines = [{"text": f"t{at}", "label": "wake" if at % 4 else "skip"} for at in range(40)]
    path.write_text("\n".join(map(json.dumps, lines)))
    one = read_corpus(path).triggers
    path.write_text("\n".join(map(json.dumps, reversed(lines))))
    other = read_corpus(path).triggers
    assert {t.digest: t.part for t in one} == {t.digest: t.part for t in other}
    held = [t.label for t in one if t.part == "heldout"]
    assert (held.count("wake"), held.count("skip")) == (15, 5)


@pytest.mark.parametrize("name", ["thin", "rich"])
def test_the_prompt_quotes_the_trigger_and_shows_no_label(name: str):
    trigger = read_corpus(None).triggers[0]
    system, asked = messages(trigger, name)
    assert '{"verdict": "wake"}' in system.content
    assert "{agent}" not in system.content + asked.content
    for line in trigger.text.splitlines():
        assert f"> {line}".rstrip() in asked.content
    assert harness_digest(name, "text") != harness_digest(name, "json_schema")


def test_no_example_of_the_rich_prompt_is_a_trigger():
    said = prompt_text("rich")
    assert not any(trigger.text in said for trigger in read_corpus(None).triggers)


def test_the_log_seals_a_torn_line_and_has_one_writer(tmp_path: Path):
    trigger = known(0, "wake", "tune")
    with CallLog(tmp_path) as log:
        log.append(call(trigger, 0, "wake"))
        log.append(call(trigger, 1, "skip"))
        with pytest.raises(UnfitError, match="another llmsweep is writing"):
            CallLog(tmp_path)
    path = tmp_path / "calls.jsonl"
    path.write_bytes(path.read_bytes()[:-7])
    with CallLog(tmp_path) as log:
        assert log.done == {f"{trigger.id}/0"}
    assert [one.verdict for one in read_calls(tmp_path)] == ["wake"]
