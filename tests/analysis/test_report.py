from __future__ import annotations

import io

import pytest
import sample
import yaml
from rich.console import Console

import builders
from llmsweep.analysis.frame import frame
from llmsweep.analysis.recommend import cells_table, recommend
from llmsweep.analysis.report import as_text, recommendation_yaml, render


def report_of(cells, strategy="ofat", episodes=None):
    data = frame(episodes or sample.sweep(cells))
    return cells_table(data, cells[0].id), recommend(data, cells[0].id, strategy)


@pytest.fixture(scope="module")
def small():
    return report_of(sample.temperature_cells())


@pytest.fixture(scope="module")
def large():
    return report_of(sample.grid_cells(), "grid")


@pytest.mark.parametrize("width", [60, 80, 140])
@pytest.mark.parametrize("which", ["small", "large"])
def test_nothing_is_wider_than_the_terminal_and_no_row_wraps(request, which, width):
    table, found = request.getfixturevalue(which)
    lines = as_text(table, found, width).splitlines()
    # The legend is one line each that a terminal may fold; rows and sentences must fit.
    fitting = [line for line in lines if not line.startswith(("'>'", "tokens", "baseline:", "TTFT"))]
    assert max(map(len, fitting)) <= width
    first = next(i for i, line in enumerate(lines) if "passes" in line and "95 %" in line)
    assert all("–" in line or "exact" in line for line in lines[first + 1 : first + 1 + len(table)])


def test_the_table_marks_the_recommended_cell_and_says_its_rate(small):
    table, found = small
    text = as_text(table, found)
    row = next(line for line in text.splitlines() if line.startswith(">"))
    assert f"{100 * found.rate:.0f} %" in row
    assert f"Recommendation ({found.status}): {found.label}" in text
    assert "Biggest caveat:" in text


def test_more_width_shows_more_columns(small):
    table, found = small
    assert "failed by" not in as_text(table, found, 70)
    assert "failed by" in as_text(table, found, 160)


def test_faults_stand_beside_the_rates_whatever_the_width():
    cell = sample.temperature_cells()[0]
    table, found = report_of([cell], episodes=list(sample.outcomes(cell, [(True, None)] * 12)))
    assert "faults" in as_text(table, found, 60).splitlines()[1]


def test_a_terminal_gets_the_recommended_row_in_bold_and_a_pipe_no_codes(small):
    table, found = small
    coloured, plain = io.StringIO(), io.StringIO()
    render(table, found, Console(file=coloured, force_terminal=True, width=100, color_system="standard"))
    render(table, found, Console(file=plain, width=100))
    bold = [line for line in coloured.getvalue().splitlines() if "\x1b[1m>" in line]
    assert len(bold) == 1
    assert "\x1b" not in plain.getvalue()


def test_an_empty_comparison_still_reads_well():
    cell = builders.cell()
    table, found = report_of([cell], episodes=list(sample.outcomes(cell, [(False,)] * 3)))
    text = as_text(table, found)
    assert "Nothing passed" in text
    assert "nan" not in text.lower()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"temperature": 1e-05, "reasoning": "on", "prompt": "no"},
        {"reasoning": True, "echo_reasoning": True, "protocol": "native", "top_p": 0.9},
        {"top_k": 20, "min_p": 0.05, "repeat_penalty": 1.1},
    ],
)
def test_the_recommendation_is_a_config_file_that_gives_the_cell_again(changes):
    cell = builders.cell(**changes)
    _, found = report_of([cell], episodes=list(sample.outcomes(cell, [(True,), (False,)] * 8)))
    text = recommendation_yaml(found, cell)
    lines = text.splitlines()
    assert lines[0] == "# @package _global_"
    assert any(found.status in line for line in lines if line.startswith("#"))
    comments = " ".join(line.removeprefix("#").strip() for line in lines if line.startswith("#"))
    assert found.caveat in comments
    assert yaml.safe_load(text) == {
        "baseline": {
            "temperature": cell.sampling.temperature,
            "top_p": cell.sampling.top_p,
            "top_k": cell.sampling.top_k,
            "min_p": cell.sampling.min_p,
            "repeat_penalty": cell.sampling.repeat_penalty,
            "reasoning": cell.sampling.reasoning,
            "echo_reasoning": cell.sampling.echo_reasoning,
            "max_tokens": 64,
            "protocol": cell.protocol,
            "prompt": cell.prompt,
            "turns": 2,
            "tokens": None,
            "seconds": None,
        }
    }
