"""The cost pictures: what must be on them, also where a side passed nothing or there is no break-even."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from llmsweep.analysis.costs.curve import curve_table
from llmsweep.analysis.costs.handling import Handling
from llmsweep.analysis.costs.machine import Machine
from llmsweep.analysis.costs.scene import Scene, Side
from llmsweep.analysis.costs.tornado import tornado
from llmsweep.analysis.costs.verdict import verdict
from llmsweep.analysis.plots.cost_curve import plot_cost_curve
from llmsweep.analysis.plots.cost_texts import Told
from llmsweep.analysis.plots.tornado import plot_tornado

BOX = Machine(name="box", mode="buy", price=3000, watts=200, idle_watts=50)


def scene(local: float = 0.5, cloud: float = 0.6, fix: float = 1.0) -> Scene:
    random = np.random.default_rng(0)

    def draw(value: float) -> np.ndarray:
        return np.concatenate([[value], np.clip(random.normal(value, 0.1 * value, 200), 0, 1)])

    nothing = np.zeros(201)
    seconds = np.full(201, 60.0)
    return Scene(
        machine=BOX,
        handling=Handling(review=0.2, fix=fix),
        local=Side(solved=draw(local), dollars=nothing, seconds=seconds, joules=BOX.added(seconds)),
        cloud=Side(solved=draw(cloud), dollars=draw(0.3), seconds=nothing, joules=nothing),
    )


def words(figure: Figure) -> str:
    return " ".join(" ".join(text.get_text() for text in figure.findobj(Text)).split())


def test_the_picture_says_all_that_it_must():
    found = verdict(scene(), 2000)
    figure = plot_cost_curve(
        curve_table(scene(), 2000), scene(), found, Told("a against b", ["a: basis billed"], "as fast")
    )
    told = words(figure)
    for part in (
        "naive: every attempt counts as solved", "honest: failures count", "one machine is full", "your tasks",
        "break-even", "share of the machine's time", "tasks a month", "a: basis billed", "Assumed, not measured: as fast",
        "Local wins above", "the cloud would be cheaper if", "a month: naive, and with people",
    ):  # fmt: skip
        assert part in told, part


def test_no_break_even_is_said_and_no_line_is_drawn():
    worse = scene(local=0.2, cloud=0.9, fix=40)
    figure = plot_cost_curve(curve_table(worse), worse, verdict(worse), Told("a against b", ["x"]))
    told = words(figure)
    assert "No break-even at any volume" in told
    assert "Assumed" not in told
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    assert "break-even" not in legend
    assert "your tasks" not in legend


@pytest.mark.parametrize("changes", [{"local": 0.0}, {"cloud": 0.0}, {"fix": 0.0}])
def test_odd_sides_are_drawn(changes: dict[str, float]):
    odd = scene(**changes)
    figure = plot_cost_curve(curve_table(odd, 100), odd, verdict(odd, 100), Told("a against b", ["x"]))
    figure.savefig(io.BytesIO(), format="png")
    plot_tornado(tornado(odd, 100), "a against b").savefig(io.BytesIO(), format="png")


def test_a_machine_that_is_free_and_never_full_is_drawn():
    free = replace(scene(), machine=Machine(name="mine", mode="owned"))
    free = replace(free, local=replace(free.local, seconds=np.zeros(201), joules=np.zeros(201)))
    figure = plot_cost_curve(curve_table(free), free, verdict(free, 50), Told("a against b", ["x"]))
    figure.savefig(io.BytesIO(), format="png")


def test_the_tornado_names_its_ends_and_probabilities():
    figure = plot_tornado(tornado(scene(), 2000), "a against b")
    told = words(figure).replace("\\", "")
    assert "fix of a failed task ($1.00)" in told
    assert "P(local cheaper)" in told
    assert "$2.00 (" in told
