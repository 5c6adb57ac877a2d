from __future__ import annotations

import pytest

from builders import cell
from llmsweep.errors import UsageError
from llmsweep.sweep.space import AXES, difference, grid_cells, level, ofat_cells, with_level, without_effect


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
