"""The one table of the public frames' columns: name, dtype, unit, meaning; the frames are cast by it, docs/api.md is written from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from llmsweep.analysis.cells import CEILINGS, STOPS
from llmsweep.analysis.frame import AXES, COLUMNS, SLIPS, TURN_COLUMNS, Column
from llmsweep.errors import UsageError, nearest


def _floats(prefix: str, holds: str) -> dict[str, Column]:
    """A value with the ends of its 95 % interval."""
    return {
        prefix: Column("float64", holds),
        f"{prefix}_low": Column("float64", f"lower end of 95 % of {prefix}"),
        f"{prefix}_high": Column("float64", f"upper end of 95 % of {prefix}"),
    }


CELLS = {
    "cell_id": COLUMNS["cell_id"],
    "label": Column("string", "what the cell changes against the baseline, in words"),
    "baseline": Column("bool", "it is the baseline"),
    "recommended": Column("bool", "it is the cell to ship"),
    **AXES,
    "episodes": Column("int64", "scored episodes"),
    "tasks": Column("int64", "tasks that these cover"),
    "passes": Column("int64", "episodes that passed"),
    "rate": Column("float64", "its own pass rate: mean over its tasks"),
    "low": Column("float64", "lower end of 95 % of rate, for tasks like these"),
    "high": Column("float64", "upper end of 95 % of rate, likewise"),
    **_floats("diff", "rate less the baseline's, paired over common tasks; NaN in the baseline's own row"),
    "diff_p": Column("float64", "p of diff, corrected for the number of cells (Holm)"),
    "diff_tasks": Column("int64", "common tasks"),
    "estimate": Column("float64", "pass rate on this suite's tasks by the belief, from all cells' episodes"),
    "est_low": Column("float64", "lower end of 95 % (credible) of estimate"),
    "est_high": Column("float64", "upper end of 95 % (credible) of estimate"),
    "est_diff": Column("float64", "estimate less the baseline's"),
    "est_diff_low": Column("float64", "lower end of 95 % of est_diff"),
    "est_diff_high": Column("float64", "upper end of 95 % of est_diff"),
    "belief": Column("float64", "probability that it is within delta of the best and not dearer"),
    "apart": Column("float64", "probability that it is worse than the best"),
    "tied": Column("bool", "in the tie group: not believed to be worse than the best"),
    "tokens": Column("float64", "of an episode, input and output: median"),
    "tokens_mean": Column("float64", "likewise: mean"),
    "tokens_na": Column("int64", "episodes that did not report them"),
    "tokens_per_pass": Column("float64", "all tokens over all passes; NaN without a pass"),
    "ttft_s": Column("float64", "time to first token on a warm model: median"),
    "ttft_p95_s": Column("float64", "likewise: 95th percentile"),
    "ttft_na": Column("int64", "episodes without one"),
    "seconds": Column("float64", "of a whole episode: median"),
    "seconds_p95": Column("float64", "likewise: 95th percentile"),
    "seconds_mean": Column("float64", "likewise: mean"),
    "progress": Column("float64", "mean share of milestones held; NaN where no task has any"),
    **{f"slip_{slip}": Column("int64", f"turns with the slip {slip}") for slip in SLIPS},
    "recovered": Column("int64", "actions that were read out of text"),
    **{f"stop_{stop}": Column("int64", f"scored episodes that ended by {stop}") for stop in STOPS},
    **{f"ceiling_{name}": Column("int64", f"failures by the ceiling {name}") for name in CEILINGS},
    "faults": Column("int64", "attempts that broke, in no rate"),
    "unscored": Column("int64", "episodes still owed because of them"),
}
TASKS = {
    "task_id": COLUMNS["task_id"],
    "tier": COLUMNS["tier"],
    "cell_id": COLUMNS["cell_id"],
    "label": CELLS["label"],
    "attempts": Column("int64", "scored episodes of this task in this cell"),
    "passes": Column("int64", "those that passed"),
    "rate": Column("float64", "passes over attempts; NaN without an attempt"),
    "estimate": Column(
        "float64", "pass probability by the belief; NaN for a cell that is not to choose from"
    ),
}
FAULTS = {
    name: COLUMNS[name] for name in ("key", "task_id", "cell_id", "repeat", "fault", "duration_s", "machine")
} | {"error": Column("string", "what was said"), "started_at": COLUMNS["started_at"]}
BUDGETS = {
    "cell_id": COLUMNS["cell_id"],
    "cell": CELLS["label"],
    "kind": Column("string", "turns, tokens, seconds or max_tokens"),
    "budget": Column("float64", "the budget, in units of its kind"),
    "what": Column("string", "rate, or bound: of max_tokens `at` is a lower bound only"),
    **_floats("at", "share of tasks that pass when the budget ends the episode"),
    **_floats("by", "share that passed then or after an earlier turn"),
    **_floats("change", "at less that of the largest budget, paired over tasks"),
    "enough": Column("boolean", "the smallest that cannot be told from the largest"),
    "uncut": Column(
        "float64", "share of episodes (of max_tokens: of calls) that end by themselves within it"
    ),
    "tokens": Column("float64", "of an episode under this budget: mean; NaN: not all reported"),
    "episodes": Column("int64", "episodes that are graded turn by turn"),
    "tasks": Column("int64", "tasks that these cover"),
}
_TWO = {
    f"{name}_{side}": Column("float64", f"{holds}, {place} sweep")
    for name, holds in (
        ("rate", "pass rate on the common tasks"),
        ("tokens", "mean of an episode"),
        ("seconds", "mean of an episode"),
        ("ttft", "time to first token, median"),
    )
    for side, place in (("first", "first"), ("second", "second"))
}
DIFFERENCES = {
    "label": CELLS["label"],
    "cell_first": Column("string", "its id in the first sweep"),
    "cell_second": Column("string", "its id in the second sweep"),
    **_TWO,
    **_floats("diff", "pass rate, second less first, paired over the common tasks"),
    "p": Column("float64", "p of diff, corrected for the number of rows (Holm)"),
    "tasks": Column("int64", "common tasks, with the same text, that both cells ran"),
    "better": Column("int64", "of these, how many passed more often in the second"),
    "worse": Column("int64", "likewise, less often"),
}
COSTS = {
    "cell": COLUMNS["cell_id"],
    "label": CELLS["label"],
    "attempts": Column("int64", "scored episodes"),
    "tasks": Column("int64", "tasks that these cover"),
    "rate": CELLS["rate"],
    "low": CELLS["low"],
    "high": CELLS["high"],
    "dollars": Column("float64", "of an attempt: mean"),
    **_floats(
        "solved", "of a solved task (cost of pass); where nothing passed low is a bound, high infinite"
    ),
    "wrong": Column("float64", "tasks that end as a wrong result which was accepted"),
    **_floats("full", "of a task until it is done, with people"),
    "above": Column("float64", "the part of dollars that is the frontier model's; NaN: none"),
    "seconds": Column("float64", "busy seconds of the machine, an attempt: mean; NaN of tokens"),
    "capacity": Column("float64", "tasks a month that fit on the machine; NaN of tokens"),
    "fix_break_even": Column("float64", "h*, the fix at which it costs what the first row does; NaN: none"),
}
CURVE = {
    "tasks_month": Column("float64", "tasks a month"),
    "utilisation": Column("float64", "busy share of the machine's month; above 1 it does not fit"),
    "fits": Column("bool", "so many tasks fit on the machine"),
    **{
        name: column
        for side in ("local", "cloud")
        for name, column in {
            f"{side}_naive": Column("float64", f"an attempt on the {side} side, as a naive sheet has it"),
            **_floats(f"{side}_solved", f"a solved task on the {side} side"),
            **_floats(f"{side}_full", f"a task until it is done on the {side} side, with people"),
            f"{side}_month_naive": Column("float64", f"a month of the {side} side, naive"),
            **_floats(f"{side}_month_full", f"a month of the {side} side, with people"),
        }.items()
    },
    **_floats("ratio", "a solved task, local over cloud, paired"),
    **_floats("saved", "what a task with people saves locally, paired"),
}
FRAMES: Mapping[str, Mapping[str, Column]] = {
    "episodes": COLUMNS,
    "turns": TURN_COLUMNS,
    "cells": CELLS,
    "tasks": TASKS,
    "faults": FAULTS,
    "budgets": BUDGETS,
    "differences": DIFFERENCES,
    "costs": COSTS,
    "curve": CURVE,
}
"""Frame -> its columns, in order."""

_DOLLARS = (
    "dollars",
    "solved",
    "full",
    "above",
    "fix_break_even",
    "saved",
    "naive",
    "month_naive",
    "month_full",
)
_NUMBERS = (
    "temperature",
    "top_p",
    "top_k",
    "min_p",
    "repeat_penalty",
    "seed",
    "tier",
    "repeat",
    "turn",
    "ratio",
)


def unit(frame: str, name: str) -> str:
    """Of a column's numbers: s, tokens, J, $, share (0 to 1), count, or 1 for numbers without one; empty for words and flags."""
    dtype = FRAMES[frame][name].dtype
    stem = name.removesuffix("_low").removesuffix("_high")
    for side in ("local_", "cloud_"):
        stem = stem.removeprefix(side) if frame == "curve" else stem
    if dtype in ("string", "bool", "boolean"):
        return ""
    if frame == "budgets" and name == "budget":
        return "its kind's"
    if stem in _DOLLARS and frame in ("costs", "curve"):
        return "$"
    if stem in _NUMBERS or stem in ("reward", "load", "utilisation") or stem.endswith("_p") or stem == "p":
        return "1"
    if stem.startswith(("stop_", "slip_", "ceiling_")):
        return "count"
    if name == "joules":
        return "J"
    if stem.endswith("_s") or (stem.startswith(("seconds", "ttft")) and not stem.endswith("_na")):
        return "s"
    if ("tokens" in stem and not stem.endswith("_na")) or stem == "context":
        return "tokens"
    return "count" if dtype in ("int64", "Int64") or stem in ("tasks_month", "capacity") else "share"


def columns(frame: str) -> pd.DataFrame:
    """What the columns of one public frame are: `name`, `dtype`, `unit`, `meaning`. Raises UsageError for a frame that is none."""
    if frame not in FRAMES:
        raise UsageError(f"columns({frame!r}): there is no such frame; {nearest(frame, FRAMES)}")
    rows = [(name, one.dtype, unit(frame, name), one.holds) for name, one in FRAMES[frame].items()]
    return pd.DataFrame(rows, columns=["name", "dtype", "unit", "meaning"])


def typed(data: pd.DataFrame, frame: str) -> pd.DataFrame:
    """The documented columns in their order and dtypes, with a plain index."""
    wanted: dict[str, Any] = {name: one.dtype for name, one in FRAMES[frame].items()}
    return data.reset_index(drop=True)[list(wanted)].astype(wanted)


def as_markdown() -> str:
    """The tables of docs/api.md."""
    parts = []
    for frame in FRAMES:
        rows = [
            f"| `{name}` | {one.dtype} | {unit(frame, name)} | {one.holds.replace('|', '/')} |"
            for name, one in FRAMES[frame].items()
        ]
        parts.append(
            "\n".join([f"### {frame}", "", "| column | dtype | unit | meaning |", "|---|---|---|---|", *rows])
        )
    return "\n\n".join(parts) + "\n"
