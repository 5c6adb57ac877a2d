"""policy=filtered through the command line: a stream at a signal rate, a filter that decides, the total of both ways."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llmsweep.calls import read_calls
from llmsweep.cli import run
from llmsweep.errors import UsageError
from llmsweep.store import read_episodes
from llmsweep.types import Usage
from llmsweep.wake.stream import stream
from llmsweep.wake.triggers import Labelled, read_corpus

TASKS = ["suite.tasks=[add-numbers,leap-year]", "sandbox=local", "space=none", "smoke=0", "plots=false"]


def corpus(folder: Path, each: int = 8) -> Path:
    path = folder / "triggers.jsonl"
    lines = [
        {"text": f"{word} number {at}", "label": label}
        for at in range(each)
        for word, label in (("please mend", "wake"), ("all is well", "skip"))
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def filtering(folder: Path, other: str = "skip", **more: str) -> Path:
    """A filter's folder; of noise it says ``other``."""
    words = ["filter", "model=scripted", "prompt=thin", "repeats=1", "plots=false", f"results={folder}/wake"]
    words += [
        '++provider.replies.please=\'{"verdict": "wake"}\'',
        f'provider.reply=\'{{"verdict": "{other}"}}\'',
    ]
    assert run([*words, "provider.right_share=null", f"triggers={corpus(folder)}"]) == 0
    return folder / "wake/scripted"


def spent(usage: Usage) -> int:
    return (usage.input_tokens or 0) + (usage.output_tokens or 0)


def words(folder: Path, gate: Path, *more: str) -> list[str]:
    return [
        "model=scripted",
        *TASKS,
        "policy=filtered",
        f"policy.filter={gate}",
        f"results={folder}/agent",
        *more,
    ]


def test_what_a_good_filter_saves_is_the_cycles_of_the_noise(tmp_path: Path, capsys):
    gate = filtering(tmp_path)
    capsys.readouterr()
    assert run(words(tmp_path, gate, "wake.signal=0.25", "wake.miss=5")) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "8 triggers came in, 2 of them real: 2 woken, 0 of them for nothing; 0 real ones missed" in told
    found = json.loads((tmp_path / "agent/scripted/filtered.json").read_bytes())
    assert (found["arrivals"], found["guessed"]) == (8, 0)
    tokens, episodes = found["totals"]["tokens"], list(read_episodes(tmp_path / "agent/scripted"))
    assert len(episodes) == 8
    assert tokens["without"]["value"] == sum(spent(turn.usage) for e in episodes for turn in e.turns)
    calls = list(read_calls(tmp_path / "agent/scripted/filter/scripted"))
    assert len(calls) == 8
    asked = sum(spent(call.turn.usage) for call in calls if call.turn)
    woken = tokens["with_filter"]["value"] - asked
    assert 0 < woken < tokens["without"]["value"]
    assert tokens["saved"]["value"] == pytest.approx(tokens["without"]["value"] - woken - asked)
    assert found["totals"]["solved"]["saved"]["value"] == 0
    assert "verdict:" in told
    assert run(words(tmp_path, gate, "wake.signal=0.25", "wake.miss=5")) == 0
    assert capsys.readouterr().err.count("nothing to run") == 2


def test_estimated_runs_the_woken_ones_alone(tmp_path: Path, capsys):
    gate = filtering(tmp_path)
    assert run(words(tmp_path, gate, "wake.signal=0.25", "policy.against=estimated")) == 0
    assert len(list(read_episodes(tmp_path / "agent/scripted"))) == 2
    assert "6 skipped cycles did not run" in " ".join(capsys.readouterr().out.split())


def test_a_filter_that_wakes_for_all_only_costs(tmp_path: Path, capsys):
    gate = filtering(tmp_path, other="wake")
    assert run(words(tmp_path, gate, "wake.signal=0.5")) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "4 woken, 2 of them for nothing" in told
    assert "the filter costs more than it saves" in told


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ([], "wake.signal is missing"),
        (["wake.signal=0.2", "policy.filter=null"], "policy.filter is missing"),
        (["wake.signal=0.2", "policy.filter=nowhere"], "policy.filter=nowhere"),
        (["wake.signal=0.2", "policy.against=luck"], "policy.against=luck"),
        (["wake.signal=0"], "wake.signal=0"),
    ],
)
def test_words_that_cannot_be_are_refused(more: list[str], said: str, tmp_path: Path, capsys):
    gate = filtering(tmp_path)
    assert run(words(tmp_path, gate, *more)) == 2
    assert said in capsys.readouterr().err


def test_settings_of_a_policy_that_is_not_chosen_are_refused(capsys, tmp_path: Path):
    assert run(["model=scripted", *TASKS, "policy.filter=results", f"results={tmp_path}"]) == 2
    assert "say policy=filtered" in capsys.readouterr().err


def test_a_stream_is_the_same_each_time_and_has_the_share_that_was_said(tmp_path: Path):
    from builders import task

    triggers = read_corpus(corpus(tmp_path)).triggers
    tasks = [task(f"t/{name}") for name in "abc"]
    one = stream(triggers, tasks, 0.2, 7)
    assert one == stream(triggers, tasks, 0.2, 7)
    assert one != stream(triggers, tasks, 0.2, 8)
    assert (len(one), sum(arrival.real for arrival in one)) == (15, 3)
    assert {arrival.task.id for arrival in one if arrival.real} == {"t/a", "t/b", "t/c"}
    assert len({(arrival.task.id, arrival.attempt) for arrival in one}) == 15
    assert len({(arrival.trigger.id, arrival.asked) for arrival in one}) == 15


def test_real_triggers_that_name_their_task_bring_it(tmp_path: Path):
    from builders import task

    named = [Labelled(id="x", text="mend b", label="wake", part="heldout", task="b")]
    noise = [Labelled(id="y", text="fine", label="skip", part="heldout")]
    found = stream([*named, *noise], [task("t/a"), task("t/b")], 0.5)
    assert {(arrival.real, arrival.task.id) for arrival in found} == {(True, "t/b"), (False, "t/b")}
    with pytest.raises(UsageError, match="task=c: the suite has no such task"):
        stream(
            [Labelled(id="x", text="t", label="wake", part="heldout", task="c"), *noise], [task("t/a")], 0.5
        )
