"""The study that is written is what Optuna reads: values, states, attributes, parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import optuna
import pytest
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState

from builders import cell, task
from llmsweep.store import Row, Table
from llmsweep.sweep.capabilities import Capabilities, Rule
from llmsweep.sweep.optuna_search import VERDICT, Search
from llmsweep.sweep.optuna_search import optuna as strategy
from llmsweep.sweep.optuna_write import write_study
from llmsweep.sweep.space import Range
from llmsweep.sweep.strategies import Design

TASKS = [task(f"t/{n}") for n in range(10)]
RULE = Rule(cell={"reasoning": True, "protocol": "native"}, because="no calls while it thinks")
SPACE = {
    "temperature": Range(low=0.0, high=1.0),
    "protocol": ["whole_file", "native"],
    "reasoning": [False, True],
}


def made(**settings: Any) -> Search:
    design = Design(
        baseline=cell(temperature=0.0),
        space=SPACE,
        tasks=TASKS,
        harness=lambda c: "h",
        refuses=Capabilities(impossible=[RULE]).refuses,
    )
    return strategy(design, **{"trials": 16, "startup": 6, **settings})


def row(spec) -> Row:
    """The warmer, the fewer tasks pass; the cost is the temperature."""
    warm = spec.cell.sampling.temperature
    passed = int(spec.task.id[2:]) >= 10 * warm
    return Row(
        task_id=spec.task.id,
        cell_id=spec.cell.id,
        repeat=spec.repeat,
        passed=passed,
        machine="",
        tokens=100 + int(100 * warm),
        duration_s=1 + warm,
    )


def run(search: Search, batches: int = 10**6) -> Table:
    table: Table = {}
    while batches and (batch := search.next(table)) and batch[0].repeat < VERDICT:
        table |= {spec.key: row(spec) for spec in batch}
        batches -= 1
    return table


def load(path: Path) -> optuna.Study:
    return optuna.load_study(study_name="s", storage=JournalStorage(JournalFileBackend(str(path))))


def test_a_study_holds_what_the_trials_gave(tmp_path: Path):
    search = made()
    table = run(search)
    path = tmp_path / "study.log"
    assert write_study(path, search, table, name="s") == len(search.replay(table).tried)
    study = load(path)
    tried = search.replay(table).tried
    assert study.direction == optuna.study.StudyDirection.MAXIMIZE
    assert sorted(study.user_attrs["tasks"]) == sorted(task.id for task in TASKS)
    assert study.user_attrs["baseline"] == cell(temperature=0.0).id
    states = {"complete": TrialState.COMPLETE, "pruned": TrialState.PRUNED, "refused": TrialState.FAIL}
    assert {trial.state for trial in study.trials} == set(states.values())
    for trial, one in zip(study.trials, tried, strict=True):
        source = one.same_as or one
        assert trial.state == states[source.state]
        assert trial.user_attrs["cell"] == one.cell.id
        assert trial.params["temperature"] == one.cell.sampling.temperature
        if one.state == "refused":
            assert trial.user_attrs["why"] == "no calls while it thinks"
            continue
        own = [r for r in table.values() if r.cell_id == one.cell.id]
        assert trial.user_attrs["episodes"] == len(own)
        assert trial.user_attrs["pass_rate"] == pytest.approx(sum(r.passed for r in own) / len(own))
        assert trial.user_attrs["tokens"] == own[0].tokens
        assert trial.user_attrs["seconds"] == pytest.approx(own[0].duration_s)
        assert trial.intermediate_values == dict(enumerate(source.rates))
        if trial.state == TrialState.COMPLETE:
            assert trial.value == trial.user_attrs["pass_rate"]
    finalists = {t.user_attrs["cell"] for t in study.trials if t.user_attrs.get("finalist")}
    assert finalists == {c.id for c in search.replay(table).finalists}


def test_several_objectives_have_their_values_and_a_front(tmp_path: Path):
    search = made(objectives=["pass_rate", "cost", "seconds"], sampler="nsga2")
    table = run(search)
    write_study(tmp_path / "study.log", search, table, name="s")
    study = load(tmp_path / "study.log")
    assert study.metric_names == ["pass rate", "tokens", "seconds"]
    assert {t.user_attrs["cell"] for t in study.best_trials} == {one.cell.id for one in search.front(table)}
    for trial in (t for t in study.trials if t.state == TrialState.COMPLETE):
        attributes = trial.user_attrs
        assert trial.values == [attributes["pass_rate"], attributes["tokens"], attributes["seconds"]]


def test_an_unfinished_study_can_be_read_and_is_replaced_by_the_finished_one(tmp_path: Path):
    search, path = made(), tmp_path / "study.log"
    part = run(search, batches=4)
    write_study(path, search, dict(list(part.items())[:-3]), name="s")
    assert TrialState.RUNNING in {trial.state for trial in load(path).trials}
    write_study(path, search, run(search), name="s")
    assert TrialState.RUNNING not in {trial.state for trial in load(path).trials}
    assert [p.name for p in tmp_path.iterdir()] == ["study.log"]


def test_nothing_is_read_back(tmp_path: Path):
    search = made()
    table = run(search)
    path = tmp_path / "study.log"
    path.write_text("not a study")
    write_study(path, search, table, name="s")
    assert len(load(path).trials) == len(made().replay(table).tried)
