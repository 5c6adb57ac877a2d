"""Searches through the command line, without a model: ranges as people write them, broken off, gone on with, looked at."""

from __future__ import annotations

from pathlib import Path

import optuna
import pytest
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

from llmsweep import manifest
from llmsweep.cli import run
from llmsweep.store import read_episodes
from llmsweep.sweep.optuna_search import VERDICT

SEARCH = [
    "model=scripted",
    "strategy=optuna",
    "space.temperature={low: 0.1, high: 1.2, step: 0.1}",
    "space.top_p={low: 0.5, high: 1}",
    "baseline.temperature=0.3",
    "strategy.trials=6",
    "strategy.startup=4",
    "strategy.finalists=1",
    "suite.tasks=[add-numbers,is-even,gcd]",
    "confidence=0.4",
    "sandbox=local",
    "snapshots=false",
    "plots=false",
    "confirm=0",
    "smoke=0",
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = tmp_path_factory.mktemp("whole")
    assert run([*SEARCH, f"results={results}"]) == 0
    return results


def study(results: Path) -> list[tuple[object, ...]]:
    storage = JournalStorage(JournalFileBackend(str(results / "scripted" / "study.log")))
    trials = optuna.load_study(study_name="micro scripted", storage=storage).trials
    return [(t.state, t.params, t.values, t.user_attrs) for t in trials]


def settled(trials: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Without what is measured by a clock."""
    return [
        (*others, {k: v for k, v in attributes.items() if k != "seconds"})
        for *others, attributes in trials
        if isinstance(attributes, dict)
    ]


def test_a_search_that_was_broken_off_goes_on_with_the_same_study(tmp_path: Path, whole: Path, capsys):
    assert run([*SEARCH, f"results={tmp_path}", "envelope.episodes=7"]) == 0
    told = capsys.readouterr()
    assert "6 trials in the space of temperature, top_p x 3 tasks" in told.err
    assert "search: 0 of 6 trials done" in told.err
    assert "of the next batch still owed" in told.err
    assert "study.log (to look at it: optuna-dashboard" in told.err
    assert len(study(tmp_path)) < len(study(whole))
    assert run([*SEARCH, f"results={tmp_path}"]) == 0
    assert settled(study(tmp_path)) == settled(study(whole))
    capsys.readouterr()
    assert run([*SEARCH, f"results={tmp_path}"]) == 0
    assert "nothing to run" in capsys.readouterr().err


def test_what_a_search_leaves_behind(whole: Path):
    about = manifest.read(whole / "scripted")
    episodes = list(read_episodes(whole / "scripted"))
    assert about.strategy == "optuna"
    assert about.owed == 0
    assert list(about.current(episodes)) == [e for e in episodes if e.repeat >= VERDICT], (
        "the search chose nothing"
    )
    judged = {e.cell_id for e in episodes if e.repeat >= VERDICT}
    assert judged <= set(about.cells)
    assert about.cells[0] == about.baseline.id
    assert {e.cell_id for e in episodes} > set(about.cells)


def test_several_objectives_end_in_a_front_that_is_said(tmp_path: Path, capsys):
    words = ["strategy.objectives=[pass_rate,cost]", "strategy.sampler=nsga2", "envelope.episodes=18"]
    assert run([*SEARCH, *words, f"results={tmp_path}"]) == 0
    told = capsys.readouterr().err
    assert "front: " in told
    assert "% of 3, " in told
    trials = study(tmp_path)
    assert all(isinstance(values, list) and len(values) == 2 for _, _, values, _ in trials)


def test_prompts_and_protocols_in_a_search_are_all_part_of_the_sweep(tmp_path: Path):
    words = ["space.protocol=[whole_file,fenced]", "space.prompt=[thin,rich]", "envelope.episodes=14"]
    assert run([*SEARCH, *words, f"results={tmp_path}"]) == 0
    about = manifest.read(tmp_path / "scripted")
    assert len(about.harness) == 4
    assert about.cells == []  # the search goes on: all of the log's


SLIPS = {
    "space.temperature={low:0,high:1}": [
        "space.temperature={low: 0, high: 1}",
        "strategy=optuna takes ranges",
    ],
    "space.temperature={low:1,high:0}": ["space.temperature: low=1, high=0", "below high"],
    "space.temperature={low:1}": ["needs low and high"],
    "space.temperature={low:0,hihg:1}": ["space.temperature.hihg", "did you mean 'high'"],
    "space.temperature={low:0,high:a}": ["space.temperature.high=a", "of type Float"],
    "space.temperature={low:0,high:1,log:2}": ["space.temperature.log=2", "true or false"],
    "space.turns={low:1,high:2.5}": ["space.turns.high=2.5", "of type Integer"],
    "space.min_p={low:0,high:2}": ["space.min_p=2", "between 0"],
    "space.protocol={low:0,high:1}": ["space.protocol=", "list its values"],
    "space.temperature=0.4": ["space.temperature=0.4", "a list of values", "a range"],
    "space.echo_reasoning=[x]": ["space.echo_reasoning[0]=x", "bool"],
    "space.protocol=[null]": ["space.protocol[0]=null", "needs a value"],
    "strategy=optuna strategy.sampler=tp": ["strategy.sampler=tp", "did you mean 'tpe'"],
    "strategy=optuna strategy.trials=x": ["strategy.trials=x", "whole number"],
    "strategy=optuna strategy.trails=3": ["strategy.trails", "did you mean 'strategy.trials'"],
}


@pytest.mark.parametrize("words", SLIPS)
def test_a_slip_is_answered_in_one_sentence(words: str, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["model=scripted", *words.split()]) == 2
    told = capsys.readouterr().err
    for part in SLIPS[words]:
        assert part in told
    assert told.startswith("llmsweep: ")
    assert len(told.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_range_in_a_run_of_several_models(tmp_path: Path, capsys):
    words = ["-m", "model=scripted", *SEARCH[1:], "envelope.episodes=2", f"results={tmp_path}"]
    assert run(words) == 0
    assert len(list(read_episodes(tmp_path / "scripted"))) == 2


def test_a_range_and_a_list_take_each_others_place(capsys):
    words = ["model=scripted", "space.temperature={low: 0, high: 1}", "--cfg", "job"]
    assert run(words) == 0
    shown = capsys.readouterr().out
    assert "temperature:\n    low: 0\n    high: 1\n" in shown
    assert run(["model=scripted", "space.temperature=[0.5]", "--cfg", "job"]) == 0
    assert "temperature:\n  - 0.5\n" in capsys.readouterr().out
