from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import sample
from matplotlib.image import imread

import builders
from llmsweep.analysis.beliefs import believe
from llmsweep.analysis.cells import cells_table
from llmsweep.analysis.frame import frame
from llmsweep.analysis.plots import Shown, plot_axes, plot_costs, plot_ttft, write_plots
from llmsweep.analysis.recommend import recommend
from llmsweep.belief.verdict import Terms
from llmsweep.types import Turn, Usage


def data_of(cells, **changes):
    return frame(sample.sweep(cells, **changes))


def test_every_picture_is_written_twice_and_is_not_empty(tmp_path):
    cells = sample.temperature_cells()
    data = data_of(cells)
    found = recommend(data, cells[0].id, "ofat")
    written = write_plots(data, found, cells[0].id, tmp_path / "plots")
    assert [path.name for path in written] == [
        f"{name}.{ending}" for name in ("pass_rate", "tokens", "ttft") for ending in ("png", "svg")
    ]
    for path in written:
        if path.suffix == ".png":
            picture = imread(path)[..., :3]
            assert picture[0, -1].min() == 1, "white ground"
            assert 0.01 < (picture.min(axis=2) < 0.9).mean() < 0.5
        else:
            assert "</svg>" in path.read_text()


def test_titles_say_what_is_shown_of_what_on_how_much():
    cells = sample.temperature_cells()
    title = plot_axes(data_of(cells), cells[0].id, suite="micro").get_suptitle()
    assert (
        title == "Pass rate against temperature, 95 % intervals\nm on micro: 200 episodes, 20 tasks, 4 cells"
    )


def test_the_picture_of_an_axis_shows_what_the_table_says():
    cells = sample.temperature_cells()
    data = data_of(cells)
    panel = plot_axes(data, cells[0].id).axes[0]
    rates = cells_table(data, cells[0].id)["estimate"].to_numpy(dtype=float)
    drawn = [line.get_ydata() for line in panel.lines if len(line.get_ydata()) == 4]
    assert any(np.allclose(line, rates) for line in drawn)
    assert panel.get_xlabel() == "temperature"
    assert panel.get_xticklabels()[0].get_text().splitlines()[1].endswith("/20 (base)")


def test_levels_are_compared_in_the_same_surroundings():
    """A race ran one prompt of the better temperature far more often: pooled, the other prompt would look worse."""
    grid = [
        builders.cell(temperature=t, prompt=p, protocol="native")
        for t in (0.0, 0.8)
        for p in ("thin", "rich")
    ]
    often = {grid[0].id: 12, grid[1].id: 3, grid[2].id: 3, grid[3].id: 12}
    episodes = [
        episode
        for cell in grid
        for episode in sample.outcomes(
            cell, [((True,) if cell.sampling.temperature == 0 else (False,)) * often[cell.id]] * 10
        )
    ]
    data = frame(episodes)
    believed = believe(data, Terms())
    panels = plot_axes(data, grid[0].id, Shown(believed, grid[1].id)).axes
    (prompt,) = (panel for panel in panels if panel.get_xlabel() == "prompt")
    ticks = [tick.get_text().splitlines()[1] for tick in prompt.get_xticklabels()]
    assert ticks == ["30/30", "120/120 (base)"], "both at temperature 0, the recommended cell's"


@pytest.mark.parametrize("cells", [sample.temperature_cells(), sample.grid_cells()])
def test_letters_stand_apart(cells):
    data = data_of(cells)
    figure = plot_costs(data, cells[0].id, cells[1].id)
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    assert len(boxes) >= 3
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


@pytest.mark.parametrize("axis", ["top_k", "min_p"])
@pytest.mark.parametrize(("base", "other"), [(None, 1), (1, None)])
def test_a_level_that_is_not_sent_stands_beside_the_others(axis: str, base, other):
    cells = [builders.cell(temperature=0.7, **{axis: value}) for value in (base, other)]
    panel = plot_axes(data_of(cells, tasks=5), cells[0].id).axes[0]
    ticks = {tick.get_text().splitlines()[0]: tick.get_text() for tick in panel.get_xticklabels()}
    assert set(ticks) == {"none", "1"}
    assert [name for name, text in ticks.items() if "(base)" in text] == ["none" if base is None else "1"]
    elsewhere = plot_axes(data_of(cells, tasks=5), "none of them").axes[0]
    assert not any("(base)" in tick.get_text() for tick in elsewhere.get_xticklabels())


def test_rows_of_many_cells_are_levels_of_axes():
    cells = sample.grid_cells()
    panel = plot_ttft(data_of(cells, tasks=5), cells[0].id).axes[0]
    names = [label.get_text() for label in panel.get_yticklabels()]
    assert names[:3] == ["temperature 0", "temperature 0.4", "temperature 0.8"]
    assert "reasoning on" in names


def test_unobserved_times_are_said_and_a_wide_range_gets_a_log_scale():
    cells = sample.temperature_cells()
    panel = plot_ttft(data_of(cells), cells[0].id).axes[0]
    assert panel.texts[0].get_text() == "n 19, NA 1"
    assert panel.get_xscale() == "log", "the cold one took far longer"


@pytest.mark.parametrize("passed", [True, False])
def test_the_least_data_still_give_pictures(passed, tmp_path):
    cell = builders.cell()
    silent = (Turn(usage=Usage()),)
    data = frame(sample.outcomes(cell, [(passed,)], turns=silent))
    found = recommend(data, cell.id, "ofat")
    assert len(write_plots(data, found, cell.id, tmp_path)) == 6


def test_tiers_are_named_in_a_legend():
    cells = sample.temperature_cells()
    episodes = [replace(e, tier=1 + int(e.task_id[-2:]) % 3) for e in sample.sweep(cells)]
    figure = plot_axes(frame(episodes), cells[0].id)
    legend = figure.axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["tier 1", "tier 2", "tier 3"]
    assert len({line.get_linestyle() for line in legend.get_lines()}) == 3


def test_no_global_state_of_matplotlib_is_used(tmp_path):
    demo = shutil.copytree(Path(__file__).parents[2] / "results/published/demo", tmp_path / "demo")
    code = "import sys; from llmsweep.cli import run; run(sys.argv[1:]); sys.exit('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, "results", "show", "--write", str(demo)])
    assert done.returncode == 0
    assert list(demo.glob("*/plots/pass_rate.svg"))
