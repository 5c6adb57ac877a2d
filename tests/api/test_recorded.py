"""Loaded sweeps say what the terminal says; mistakes get one clear sentence; pictures are Axes."""

from __future__ import annotations

import shutil
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib import pyplot
from matplotlib.axes import Axes

import llmsweep
from llmsweep import plots
from llmsweep.cli import run

PUBLISHED = Path(__file__).parents[2] / "results/published"


@pytest.fixture(autouse=True)
def _no_window():
    with mpl.rc_context({"backend": "agg"}):
        yield
    pyplot.close("all")


@pytest.fixture(scope="module")
def demo() -> llmsweep.Sweep:
    return llmsweep.load(PUBLISHED / "micro-demo")


@pytest.fixture(scope="module")
def turns() -> llmsweep.Sweep:
    return llmsweep.load(PUBLISHED / "micro-turns")


@pytest.mark.parametrize("name", ["demo", "micro-race-seed3", "micro-turns"])
def test_it_says_what_the_terminal_says(name, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    assert run(["results", "show", str(PUBLISHED / name)]) == 0
    assert llmsweep.load(PUBLISHED / name).report(100) == capsys.readouterr().out


def test_the_frames_fit_together(turns):
    scored = turns.episodes["passed"].notna().sum()
    assert scored == turns.cells["episodes"].sum() == turns.tasks["attempts"].sum()
    assert turns.cells["recommended"].sum() == turns.cells["baseline"].sum() == 1
    assert len(turns.turns) == turns.episodes["n_turns"].sum()
    assert set(turns.budgets["kind"]) == {"turns", "tokens", "seconds", "max_tokens"}
    assert turns.recommendation.budgets is not None


def test_a_sweep_against_itself_differs_nowhere(demo):
    found = llmsweep.compare(demo, demo)
    assert (found.cells["diff"] == 0).all()
    assert (found.cells[["better", "worse"]] == 0).all(axis=None)
    assert found.same_machine


def test_two_sweeps_are_paired_by_task(demo, turns):
    row = llmsweep.compare(demo, turns, pair="recommended").cells.iloc[0]
    assert row["diff"] == pytest.approx(row["rate_second"] - row["rate_first"])
    assert (row["better"] - row["worse"]) / row["tasks"] == pytest.approx(row["diff"])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda d, t: llmsweep.load("nowhere"), "there is no such folder"),
        (lambda d, t: llmsweep.load(PUBLISHED.parent), "no results there"),
        (lambda d, t: llmsweep.columns("cell"), "cells"),
        (lambda d, t: llmsweep.compare(d, t), "turns_budget"),
        (lambda d, t: llmsweep.compare(d, t, ignore=["temprature"]), "temperature"),
        (lambda d, t: llmsweep.compare(d, t, pair="all"), "settings or recommended"),
        (lambda d, t: llmsweep.costs(d), "machine="),
        (lambda d, t: llmsweep.costs(d, price="openai/gpt-4.1x"), "unknown price is never 0"),
        (lambda d, t: d.cell("nine"), "there is no such cell"),
        (lambda d, t: plots.pass_rate(d, "protocol"), "not swept"),
        (lambda d, t: plots.budgets(d, "turn"), "turns"),
    ],
)
def test_a_mistake_gets_one_sentence(demo, turns, call, words):
    with pytest.raises(llmsweep.LlmsweepError) as caught:
        call(demo, turns)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_other_texts_of_the_tasks_are_not_compared(demo):
    other = llmsweep.load(PUBLISHED / "micro-demo-h100")
    with pytest.raises(llmsweep.LlmsweepError, match="other files"):
        llmsweep.compare(demo, other)
    assert not llmsweep.compare(demo, other, same_texts=False, ignore=["prompt"]).same_machine


def test_two_models_in_a_folder_have_to_be_named(tmp_path):
    for name in ("one", "two"):
        shutil.copytree(PUBLISHED / "micro-turns/smollm2", tmp_path / name)
    with pytest.raises(llmsweep.LlmsweepError, match=r"several models \(one, two\)"):
        llmsweep.load(tmp_path)
    assert len(llmsweep.load_all(tmp_path)) == 2


def test_a_local_pass_rate_does_not_stand_for_a_clouds(demo):
    machine = llmsweep.Machine(name="laptop", watts=60, idle_watts=10)
    with pytest.raises(llmsweep.LlmsweepError, match="assume"):
        llmsweep.local_or_cloud(demo, demo, machine, price="openai/gpt-4.1")
    found = llmsweep.local_or_cloud(
        demo, demo, machine, price="openai/gpt-4.1", assume="a check of arithmetic"
    )
    assert any("assumed" in line for line in found.rests)
    assert found.scene.seen == 16


def test_the_worked_example_breaks_even_where_it_should():
    machine = llmsweep.Machine(
        name="spark", mode="buy", price=4699, residual=0.3, years=3, watts=80, idle_watts=25, kwh_dollars=0.17
    )
    local, cloud = llmsweep.Stated(0.1869, seconds=178.61), llmsweep.Stated(0.3185, dollars=0.10652)
    found = llmsweep.local_or_cloud(local, cloud, machine, people=llmsweep.Handling(review=0, fix=0.5))
    assert found.verdict.break_even.value == pytest.approx(2347, abs=1)
    assert isinstance(plots.cost_curve(found), Axes)


@pytest.mark.parametrize("name", ["pass_rate", "cells", "tokens", "ttft", "tasks", "ceilings", "budgets"])
def test_a_picture_is_an_axes_on_a_figure_of_its_own_or_yours(turns, name):
    draw = getattr(plots, name)
    assert isinstance(draw(turns), Axes)
    mine = pyplot.subplots(layout="constrained")[1]
    assert draw(turns, ax=mine) is mine
    mine.figure.draw_without_rendering()


def test_differences_are_drawn(demo):
    assert isinstance(plots.differences(llmsweep.compare(demo, demo)), Axes)
    assert set(plots.__all__) >= {"differences", "cost_curve"}
