"""The pictures of a sweep, each a function of the frame that returns a Figure; no global state of matplotlib is touched."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from llmsweep.analysis.beliefs import Beliefs, believe
from llmsweep.analysis.frame import choosing
from llmsweep.analysis.plots.axes import Shown, plot_axes
from llmsweep.analysis.plots.costs import plot_costs
from llmsweep.analysis.plots.ttft import plot_ttft
from llmsweep.analysis.recommend import Recommendation
from llmsweep.belief.verdict import Terms

__all__ = ["Shown", "plot_axes", "plot_costs", "plot_ttft", "write_plots"]


def write_plots(
    data: pd.DataFrame,
    recommendation: Recommendation,
    baseline_cell_id: str,
    folder: Path,
    beliefs: Beliefs | None = None,
) -> list[Path]:
    """Write every picture as PNG and SVG into ``folder``, which is made; the paths, in order.

    ``beliefs``: None forms them from all cells, on the usual terms.
    """
    shown = Shown(beliefs or believe(choosing(data), Terms()), recommendation.cell_id)
    folder.mkdir(parents=True, exist_ok=True)
    figures = {
        "pass_rate": plot_axes(data, baseline_cell_id, shown, suite=recommendation.suite),
        "tokens": plot_costs(
            data,
            baseline_cell_id,
            recommendation.cell_id,
            suite=recommendation.suite,
            beliefs=shown.beliefs,
        ),
        "ttft": plot_ttft(data, baseline_cell_id, suite=recommendation.suite),
    }
    written = []
    for name, figure in figures.items():
        for ending, about in (("png", {}), ("svg", {"Date": None})):
            path = folder / f"{name}.{ending}"
            figure.savefig(path, dpi=150, metadata=about)
            written.append(path)
    return written
