"""The table of cells and the effects of axes: rates, costs and comparisons, straight from the frame."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from llmsweep.analysis.beliefs import Beliefs, believe
from llmsweep.analysis.frame import AXES, SLIPS, choosing, scored, varied
from llmsweep.analysis.stats import (
    Floats,
    holm,
    mean_rate,
    paired_difference,
    rate_interval,
    spread,
)
from llmsweep.analysis.wording import settings
from llmsweep.belief.verdict import Terms
from llmsweep.types import Ceiling, Stop

STOPS = tuple(stop for stop in get_args(Stop) if stop != "error")
CEILINGS = get_args(Ceiling)


class Counts(NamedTuple):
    """Passes and attempts, cells x tasks; no attempts where a cell has no scored episode of a task."""

    cells: list[str]
    tasks: list[str]
    passes: NDArray[np.int64]
    attempts: NDArray[np.int64]

    @property
    def rates(self) -> Floats:
        """Pass rate of every cell and task, NaN where there is no attempt."""
        return np.where(self.attempts > 0, self.passes / np.maximum(self.attempts, 1), np.nan)


def count(data: pd.DataFrame, by: str = "cell_id") -> Counts:
    """The scored episodes of the frame; rows are its cells (or the levels in column ``by``), in order of appearance."""
    cells = list(data[by].unique())
    tasks = sorted(data["task_id"].unique())
    rows = scored(data)
    where = (
        pd.Categorical(rows[by], categories=cells).codes,
        pd.Categorical(rows["task_id"], categories=tasks).codes,
    )
    passes = np.zeros((len(cells), len(tasks)), dtype=np.int64)
    attempts = np.zeros_like(passes)
    np.add.at(attempts, where, 1)
    np.add.at(passes, where, rows["passed"].to_numpy(dtype=np.int64))
    return Counts(cells, tasks, passes, attempts)


def cells_table(data: pd.DataFrame, baseline_cell_id: str, beliefs: Beliefs | None = None) -> pd.DataFrame:
    """One row a cell, the baseline first, then in the order of the axes' levels.

    ``label``; the axes; ``episodes`` scored, ``tasks`` that they cover, ``passes``; ``rate`` with ``low`` and
    ``high`` (95 %); ``diff``, ``diff_low``, ``diff_high`` to the baseline (95 % each by itself), ``diff_p``
    (Holm over all cells), ``diff_tasks`` in common; ``estimate`` and what begins with est, ``belief``, ``apart``, ``tied``: of the belief model, see `Beliefs.table`; NaN (and not tied) for cells that are not to be chosen from;
    ``tokens``
    (median), ``tokens_mean``, ``tokens_na`` (episodes that did not report), ``tokens_per_pass`` (NaN without
    a pass or with unreported tokens); ``ttft_s`` (median, warm), ``ttft_p95_s``, ``ttft_na``; ``seconds``
    (median), ``seconds_p95``, ``seconds_mean``; ``progress``: mean share of milestones held (NaN where no task has
    any); ``slip_*``: turns in which the model slipped, ``recovered``: actions read out of text; ``stop_*`` and ``ceiling_*`` counts over scored episodes;
    ``faults``: attempts that broke; ``unscored``: episodes that are still owed because of them.
    """
    data = choosing(data)
    if beliefs is None and not scored(data).empty:
        beliefs = believe(data, Terms())
    counts = count(data)
    rows = [
        {
            **_rate(counts.passes[i], counts.attempts[i]),
            **_costs(scored(group)),
            **_ends(group),
            "cell_id": cell,
        }
        for i, (cell, group) in enumerate((c, data[data["cell_id"] == c]) for c in counts.cells)
    ]
    table = pd.DataFrame(rows, index=pd.Index(counts.cells, name="cell"))
    believed = beliefs.table(baseline_cell_id) if beliefs else pd.DataFrame(columns=BELIEVED, dtype="float64")
    table = table.join(believed)
    table["tied"] = table["tied"].eq(True)
    _compare(table, counts, baseline_cell_id)
    axes = data.drop_duplicates("cell_id").set_index("cell_id")[list(AXES)]
    table = table.join(axes)
    table["baseline"] = table["cell_id"] == baseline_cell_id
    table["label"] = labels(data, baseline_cell_id)
    order = table.sort_values(list(AXES), kind="stable").sort_values(
        "baseline", ascending=False, kind="stable"
    )
    return order[["cell_id", "label", "baseline", *AXES, *_MEASURES]]


BELIEVED = [
    *("estimate", "est_low", "est_high", "est_diff", "est_diff_low", "est_diff_high"),
    *("belief", "apart", "tied"),
]
_MEASURES = [
    *("episodes", "tasks", "passes", "rate", "low", "high"),
    *("diff", "diff_low", "diff_high", "diff_p", "diff_tasks"),
    *BELIEVED,
    *("tokens", "tokens_mean", "tokens_na", "tokens_per_pass"),
    *("ttft_s", "ttft_p95_s", "ttft_na", "seconds", "seconds_p95", "seconds_mean"),
    "progress",
    *(f"slip_{slip}" for slip in SLIPS),
    "recovered",
    *(f"stop_{stop}" for stop in STOPS),
    *(f"ceiling_{ceiling}" for ceiling in CEILINGS),
    *("faults", "unscored"),
]


def labels(data: pd.DataFrame, baseline_cell_id: str) -> pd.Series[str]:
    """Cell -> its name: what it changes against the baseline, or all varied axes where the baseline did not run."""
    axes = varied(data)
    cells = data.drop_duplicates("cell_id").set_index("cell_id")[axes].astype("object")
    ran = baseline_cell_id in cells.index
    names: dict[str, str] = {}
    for cell in cells.index:
        levels: dict[str, Any] = {axis: cells.at[cell, axis] for axis in axes}
        if cell == baseline_cell_id:
            names[cell] = f"baseline ({settings(levels)})" if len(levels) == 1 else "baseline"
        else:
            away = {a: v for a, v in levels.items() if not ran or not _same(v, cells.at[baseline_cell_id, a])}
            names[cell] = settings(away) or str(cell)
    return pd.Series(names, dtype="object")


def axis_slice(data: pd.DataFrame, axis: str, around: Sequence[str]) -> pd.DataFrame:
    """The cells that differ from one cell in ``axis`` alone, that one with them: ``level`` and ``cell_id``, in order of levels.

    ``around``: cells by preference; the one with most levels is taken. Levels are never pooled over their surroundings,
    since a race runs some surroundings far more often than others.
    """
    others = [other for other in AXES if other != axis]
    cells = data.drop_duplicates("cell_id")[["cell_id", axis, *others]]
    groups = [group for _, group in cells.groupby(others, dropna=False, sort=False)]
    found = [group for cell in around for group in groups if cell in set(group["cell_id"])] or groups
    best = max(found, key=len)
    return best[[axis, "cell_id"]].rename(columns={axis: "level"}).sort_values("level", ignore_index=True)


def _same(one: Any, other: Any) -> bool:
    return bool(pd.isna(one) and pd.isna(other)) or bool(pd.notna(one) and pd.notna(other) and one == other)


def _rate(passes: NDArray[np.int64], attempts: NDArray[np.int64]) -> dict[str, Any]:
    ran = attempts > 0
    interval = rate_interval(passes[ran], attempts[ran])
    return {
        "episodes": int(attempts.sum()),
        "tasks": int(ran.sum()),
        "passes": int(passes.sum()),
        "rate": mean_rate(passes[ran], attempts[ran]),
        "low": interval.low,
        "high": interval.high,
    }


def _compare(table: pd.DataFrame, counts: Counts, baseline_cell_id: str) -> None:
    """Add the differences to the baseline; all NaN where it did not run, and in its own row."""
    rates = counts.rates
    base = counts.cells.index(baseline_cell_id) if baseline_cell_id in counts.cells else None
    nowhere = np.full(len(counts.tasks), np.nan)
    found = [
        paired_difference(rates[i], nowhere if base is None or i == base else rates[base])
        for i in range(len(rates))
    ]
    table["diff"] = [difference.value for difference in found]
    table["diff_low"] = [difference.low for difference in found]
    table["diff_high"] = [difference.high for difference in found]
    table["diff_p"] = holm([difference.p for difference in found])
    table["diff_tasks"] = [difference.tasks for difference in found]


def _costs(rows: pd.DataFrame) -> dict[str, Any]:
    """What the scored episodes of one cell took."""
    tokens, ttft, seconds = (_floats(rows[name]) for name in ("tokens", "ttft_s", "duration_s"))
    passes = int(rows["passed"].sum())
    token, first, wall = spread(tokens), spread(ttft), spread(seconds)
    return {
        "tokens": token.median,
        "tokens_mean": float(np.nanmean(tokens)) if token.known else math.nan,
        "tokens_na": token.missing,
        "tokens_per_pass": float(tokens.sum()) / passes if passes else math.nan,
        "ttft_s": first.median,
        "ttft_p95_s": first.p95,
        "ttft_na": first.missing,
        "seconds": wall.median,
        "seconds_p95": wall.p95,
        "seconds_mean": float(np.nanmean(seconds)) if wall.known else math.nan,
    }


def _ends(rows: pd.DataFrame) -> dict[str, Any]:
    """How the episodes of one cell ended."""
    good = scored(rows)
    stops, ceilings = good["stop"].value_counts(), good["ceiling"].value_counts()
    progress = _floats(good["progress"])
    return {
        "progress": float(np.nanmean(progress)) if np.isfinite(progress).any() else math.nan,
        **{f"slip_{slip}": int(good[f"slip_{slip}"].sum()) for slip in SLIPS},
        "recovered": int(good["recovered"].sum()),
        **{f"stop_{stop}": int(stops.get(stop, 0)) for stop in STOPS},
        **{f"ceiling_{ceiling}": int(ceilings.get(ceiling, 0)) for ceiling in CEILINGS},
        "faults": int(rows["faults"].sum()),
        "unscored": len(rows) - len(good),
    }


def _floats(column: pd.Series[Any]) -> Floats:
    return column.to_numpy(dtype=np.float64, na_value=np.nan)
