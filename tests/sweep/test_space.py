from __future__ import annotations

import pytest

from builders import cell
from llmsweep.errors import UsageError
from llmsweep.sweep.space import (
    AXES,
    Range,
    check_level,
    difference,
    grid_cells,
    level,
    ofat_cells,
    refused_within,
    sketch_cells,
    with_level,
    without_effect,
)


def test_ofat_is_the_baseline_and_one_knob_at_a_time():
    base = cell(temperature=0.4)
    cells = ofat_cells(base, {"temperature": [0.0, 0.4, 0.8], "turns": [2, 8]})
    assert cells[0] == base
    assert [difference(c, base) for c in cells[1:]] == [
        {"temperature": 0.0},
        {"temperature": 0.8},
        {"turns": 8},
    ]


def test_grid_is_every_combination_once():
    cells = grid_cells(
        cell(), {"temperature": [0.0, 0.8], "protocol": ["native", "whole_file"], "tokens": [None, 9]}
    )
    assert len(cells) == len(set(cells)) == 8


def test_echo_without_reasoning_has_one_canonical_cell_whatever_the_order_of_axes():
    for axes in (["reasoning", "echo_reasoning"], ["echo_reasoning", "reasoning"]):
        cells = grid_cells(cell(), {axis: [False, True] for axis in axes})
        assert {(c.sampling.reasoning, c.sampling.echo_reasoning) for c in cells} == {
            (False, False),
            (True, False),
            (True, True),
        }


def test_an_axis_that_changes_nothing_is_said():
    base = cell()
    space = {"echo_reasoning": [False, True], "temperature": [0.0, 0.8]}
    notes = without_effect(base, space, ofat_cells(base, space))
    assert len(notes) == 1
    assert "echo_reasoning" in notes[0]
    assert "reasoning is off" in notes[0]


@pytest.mark.parametrize("axis", AXES)
def test_every_axis_can_be_set_and_read(axis: str):
    value = {"protocol": "native", "prompt": "thin"}.get(axis, 7)
    assert level(with_level(cell(), axis, value), axis) == value


def test_an_unknown_axis_is_refused_with_the_nearest():
    with pytest.raises(UsageError, match="did you mean 'temperature'"):
        with_level(cell(), "temprature", 1)


@pytest.mark.parametrize("axis", ["top_p", "top_k", "min_p"])
def test_what_only_leaves_out_unlikely_tokens_has_no_effect_at_temperature_0(axis: str):
    space = {axis: [0.5, 0.9]}
    for temperature, strategy, said in (
        (0.0, ofat_cells, True),
        (0.7, ofat_cells, False),
        (None, ofat_cells, False),
    ):
        base = cell(temperature=temperature)
        notes = without_effect(base, space, strategy(base, space))
        assert [f"space.{axis}=[0.5, 0.9] has no effect at temperature 0" in note for note in notes] == [
            True
        ] * said
    base, both = cell(temperature=0.0), {"temperature": [0.0, 0.7], **space}
    assert without_effect(base, both, grid_cells(base, both)) == []
    assert len(without_effect(base, both, ofat_cells(base, both))) == 1


@pytest.mark.parametrize(
    ("axis", "value", "words"),
    [
        ("top_k", -1, "top_k=-1: it must be 0 \\(no limit\\) or more"),
        ("min_p", 1.5, "min_p=1.5: it must be between 0"),
        ("min_p", -0.1, "min_p=-0.1"),
        ("repeat_penalty", 0.0, "repeat_penalty=0.0: it must be more than 0"),
    ],
)
def test_a_value_that_no_server_could_honour_is_refused(axis: str, value: float, words: str):
    with pytest.raises(UsageError, match=words):
        check_level(axis, axis, value)
    for fine in (None, 1):
        check_level(axis, axis, fine)


def test_a_range_holds_its_ends_and_only_its_steps():
    stepped = Range(low=0, high=1.5, step=0.05)
    assert stepped.ends == (0, 1.5)
    assert [stepped.near(x) for x in (-1, 0.149, 0.16, 0.7 + 1e-9, 9)] == [0, 0.15, 0.15, 0.7, 1.5]
    assert Range(low=0, high=1, step=0.3).ends == (0, 0.9)
    assert Range(low=0, high=1).near(1 / 3) == 0.3333
    assert Range(low=0.12345, high=1).near(0.1) == 0.12345
    whole = Range(low=16, high=4096, log=True, whole=True).near(99.6)
    assert (whole, type(whole)) == (100, int)


@pytest.mark.parametrize(
    "wrong",
    [
        {"low": 1, "high": 1},
        {"low": 2, "high": 1},
        {"low": 0, "high": 1, "log": True},
        {"low": 1, "high": 2, "log": True, "step": 0.5},
        {"low": 0, "high": 1, "step": 0},
        {"low": 0, "high": 1, "step": 2},
        {"low": 0, "high": 1.5, "whole": True},
    ],
)
def test_a_range_with_nothing_to_choose_from_is_refused(wrong):
    with pytest.raises(UsageError):
        Range(**wrong)


@pytest.mark.parametrize("cells", [ofat_cells, grid_cells])
def test_a_range_cannot_be_listed(cells):
    with pytest.raises(UsageError, match=r"space.top_p=\{low: 0, high: 1\}.*strategy=optuna takes ranges"):
        cells(cell(), {"temperature": [0.0, 1.0], "top_p": Range(low=0, high=1)})


def test_a_sketch_has_every_value_in_a_cell_where_it_acts_and_every_pair_of_words():
    space = {
        "temperature": Range(low=0.0, high=1.5),
        "reasoning": [True, False],
        "echo_reasoning": [False, True],
        "protocol": ["native", "fenced"],
        "prompt": ["thin", "rich"],
    }
    cells = sketch_cells(cell(), space)
    assert cells[0] == cell()
    assert {c.sampling.temperature for c in cells} == {0.0, 1.5}
    assert any(c.sampling.echo_reasoning for c in cells)
    assert {(c.protocol, c.prompt) for c in cells} >= {
        (p, q) for p in space["protocol"] for q in space["prompt"]
    }
    assert without_effect(cell(), space, cells) == []
    assert len(cells) < 30


@pytest.mark.parametrize(
    ("refused", "temperature", "told"),
    [
        ({1.5}, 0.7, True),  # the other end is the baseline's, which proves nothing
        ({1.5}, 0.0, False),
        ({0.0}, 0.7, False),
        (set(), 0.7, False),
    ],
)
def test_what_is_refused_at_the_ends_is_refused_between(refused, temperature: float, told: bool):
    space = {"temperature": Range(low=0.0, high=1.5), "top_p": [0.5, 1.0]}

    def refuses(c):
        return "ignored" if c.sampling.temperature in refused else None

    found = refused_within(refuses, cell(temperature=temperature), cell(), space)
    assert found == ("ignored" if told else None)
    if told:
        between = refused_within(refuses, cell(temperature=temperature), cell(temperature=0.2), space)
        assert between is None
