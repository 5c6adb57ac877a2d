"""What a model cannot be asked for is dropped with a reason, and nothing else is."""

from __future__ import annotations

import pytest

import builders
from llmsweep.cli import run
from llmsweep.errors import UsageError
from llmsweep.sweep.capabilities import Capabilities, Rule
from llmsweep.sweep.strategies import Design, grid, ofat

THINKING = Rule(cell={"reasoning": "any", "temperature": "any"}, because="no temperature while it thinks")


def test_an_axis_that_is_not_named_takes_any_value():
    assert Capabilities().refuses(builders.cell(temperature=7.0)) is None


@pytest.mark.parametrize(("temperature", "refused"), [(0.0, False), (1.0, False), (0.5, True), (None, False)])
def test_a_named_axis_takes_its_values_and_null(temperature, refused: bool):
    why = Capabilities(axes={"temperature": [0.0, 1]}).refuses(builders.cell(temperature=temperature))
    assert (why is not None) == refused
    if why:
        assert why == "m does not take temperature=0.5: it takes 0, 1"


def test_an_axis_without_values_must_be_null():
    none = Capabilities(axes={"temperature": []})
    assert none.refuses(builders.cell(temperature=None)) is None
    assert none.refuses(builders.cell(temperature=0.0)) == "m does not take temperature=0: it takes none"


def test_a_level_is_no_switch():
    levels = Capabilities(axes={"reasoning": ["low", "high"]})
    assert levels.refuses(builders.cell(reasoning="low")) is None
    assert levels.refuses(builders.cell(reasoning=True)) is not None


@pytest.mark.parametrize(
    ("settings", "refused"),
    [
        ({"reasoning": True, "temperature": 0.5}, True),
        ({"reasoning": "high", "temperature": 0.0}, True),
        ({"reasoning": False, "temperature": 0.5}, False),
        ({"reasoning": True, "temperature": None}, False),
    ],
)
def test_a_combination_is_refused_only_whole(settings, refused: bool):
    why = Capabilities(impossible=[THINKING]).refuses(builders.cell(**settings))
    assert why == (THINKING.because if refused else None)


@pytest.mark.parametrize(
    "wrong",
    [{"axes": {"temprature": []}}, {"impossible": [Rule(cell={"x": 1}, because="")]}, {"reasoning": "x"}],
)
def test_words_that_do_not_exist_are_refused(wrong):
    with pytest.raises(UsageError):
        Capabilities(**wrong)


@pytest.mark.parametrize("strategy", [ofat, grid])
def test_a_strategy_never_proposes_what_is_refused(strategy):
    baseline = builders.cell(temperature=0.5, reasoning=False)
    design = Design(
        baseline=baseline,
        space={"temperature": [0.5, 1.0], "reasoning": [False, True]},
        tasks=[],
        harness=lambda cell: "h",
        refuses=Capabilities(impossible=[THINKING]).refuses,
    )
    made = strategy(design)
    assert {cell.sampling.temperature for cell in made.cells} == {0.5, 1.0}
    assert {cell.sampling.reasoning for cell in made.cells} == {False}
    assert set(made.dropped.values()) == {THINKING.because}


WORDS = ["model=scripted", "sandbox=local", "plots=false", "smoke=0", "suite.tasks=[add-numbers]"]


def test_a_dropped_cell_is_said_and_the_rest_runs(tmp_path, capsys):
    words = [*WORDS, "+model.capabilities.axes.temperature=[0,0.4]", f"results={tmp_path}"]
    assert run(words) == 0
    told = capsys.readouterr()
    said = told.out + told.err
    assert "dropped temperature=0.8: scripted does not take temperature=0.8: it takes 0, 0.4." in said
    assert "2 cells" in said


def test_a_baseline_that_cannot_be_asked_for_is_refused(tmp_path, capsys):
    words = [*WORDS, "+model.capabilities.axes.temperature=[]", f"results={tmp_path}"]
    assert run(words) == 2
    assert "baseline: scripted does not take temperature=0" in capsys.readouterr().err
    assert run([*words, "baseline.temperature=null", "space=none"]) == 0
