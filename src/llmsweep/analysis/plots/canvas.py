"""What the pictures share: colours that colour-blind readers tell apart (Okabe & Ito), the frame, the title."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from llmsweep.analysis.frame import scored
from llmsweep.analysis.recommend import suite_name
from llmsweep.analysis.stats import Floats
from llmsweep.analysis.wording import plural

BLUE, GREEN, RED, GREY, LIGHT = "#0072B2", "#009E73", "#D55E00", "#767676", "#C8C8C8"
NAMED = 8
"""Up to so many cells each one is named; beyond, only those that matter."""


def title(figure: Figure, what: str, data: pd.DataFrame, suite: str | None) -> None:
    """What is shown, then of what, on how much."""
    figure.suptitle(f"{what}\n{about(data, suite)}", fontsize=11, x=0.01, ha="left")


def about(data: pd.DataFrame, suite: str | None) -> str:
    """Of what, on how much."""
    good = scored(data)
    return (
        f"{data['model'].iloc[0]} on {suite or suite_name(data)}: {plural(len(good), 'episode')}, "
        f"{plural(good['task_id'].nunique(), 'task')}, {plural(data['cell_id'].nunique(), 'cell')}"
    )


def light(panel: Axes, along: str = "y") -> None:
    """A quiet frame: no box, a faint grid along one direction."""
    panel.spines[["top", "right"]].set_visible(False)
    panel.grid(axis="x" if along == "x" else "y", color="#E6E6E6", lw=0.8, zorder=0)
    panel.set_axisbelow(True)


def root_figure(panel: Axes) -> Figure:
    """The whole figure that a panel stands in, however deep."""
    figure = panel.figure
    while not isinstance(figure, Figure):
        figure = figure.figure
    return figure


def floats(column: pd.Series[Any]) -> Floats:
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def rates(panel: Axes) -> float:
    """Let the axis of pass rates start at 0 and end at 25, 50 or 100 %, whatever holds all that is drawn: low rates can be
    read too. The end, as a share.
    """
    top = next((end for end in (0.25, 0.5) if panel.dataLim.y1 <= end), 1.0)
    panel.set_ylim(-0.04 * top, 1.04 * top)
    panel.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    return top
