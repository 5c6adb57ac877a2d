"""Recorded outcomes as plain rows: from our own logs, or from a table that was measured elsewhere."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from llmsweep.analysis.frame import AXES, choosing, frame, scored
from llmsweep.analysis.wording import axis_name
from llmsweep.errors import UnfitError, UsageError, nearest
from llmsweep.types import Episode

MEASURED = ("task", "repeat", "passed", "tokens", "seconds")
"""Columns of a table that are no axes; all but task and passed may be missing."""
SWITCHES: Mapping[str, bool] = {
    **dict.fromkeys(("true", "1", "1.0", "yes", "on"), True),
    **dict.fromkeys(("false", "0", "0.0", "no", "off"), False),
}
LOGGED = {name: column for name, column in AXES.items() if name not in ("seed", "context")}
"""Axes as our own frames have them: a base seed and a window's size make no other cell here."""


class Recorded(NamedTuple):
    """One attempt. ``levels``: axis -> value, as a `Cell` has it; ``tokens``, ``seconds``: None where nobody measured."""

    task: str
    levels: dict[str, Any]
    passed: bool
    tokens: int | None
    seconds: float | None


def from_episodes(episodes: Iterable[Episode]) -> list[Recorded]:
    """The scored episodes of a log that chose (a confirmation's are left out). Raises UsageError where it has none."""
    data = choosing(scored(frame(episodes)))
    if data.empty:
        raise UsageError("table: the log has no scored episode.")
    return [
        Recorded(
            str(row["task_id"]),
            {axis_name(name): _logged(name, row[name]) for name in LOGGED},
            bool(row["passed"]),
            None if pd.isna(row["tokens"]) else int(row["tokens"]),
            float(row["duration_s"]),
        )
        for row in data.to_dict("records")
    ]


def from_table(path: Path) -> list[Recorded]:
    """A CSV or Parquet file, one row an attempt, with the columns `task` and `passed`, a column for each axis under its
    name in the space, and if known `repeat`, `tokens` and `seconds`.

    `tokens` and `seconds` are what an episode took: the budgets of these names cannot be axes of a table. Raises
    UsageError for columns and values that mean nothing, UnfitError where Parquet cannot be read here.
    """
    data = _read(path)
    axes = {axis_name(name): name for name in LOGGED if axis_name(name) not in MEASURED}
    for column in data.columns:
        if column not in (*MEASURED, *axes):
            raise UsageError(
                f"table={path}: there is no axis {column!r}; {nearest(str(column), [*MEASURED, *axes])}"
            )
    for column in ("task", "passed"):
        if column not in data.columns:
            raise UsageError(f"table={path}: the column {column!r} is missing; every row needs it.")
    if data.empty:
        raise UsageError(f"table={path}: it has no row.")
    varied = {str(column): axes[column] for column in data.columns if column in axes}
    records = data.to_dict("records")
    rows = [_recorded(f"table={path}, row {n}", row, varied) for n, row in enumerate(records, start=1)]
    if "repeat" in data.columns:
        _refuse_twice(path, rows, records)
    return rows


def _read(path: Path) -> pd.DataFrame:
    """Of a CSV every value as its text: what it means depends on its column alone, never on the others of the column."""
    try:
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
        data = pd.read_csv(path, dtype=str, keep_default_na=False, skipinitialspace=True)
    except ImportError as e:
        raise UnfitError(
            f"table={path}: to read Parquet, pip install pyarrow; a CSV file needs nothing."
        ) from e
    except (OSError, ValueError) as e:
        raise UsageError(f"table={path}: it is no table that can be read ({e}).") from e
    return data


def _refuse_twice(path: Path, rows: list[Recorded], records: list[dict[Any, Any]]) -> None:
    seen = set()
    for n, (row, record) in enumerate(zip(rows, records, strict=True), start=1):
        repeat = _number(f"table={path}, row {n}", "repeat", record["repeat"], whole=True)
        if repeat is None:
            raise UsageError(
                f"table={path}, row {n}: repeat is empty; give it in every row, or leave the column out."
            )
        attempt = (row.task, tuple(row.levels.items()), repeat)
        if attempt in seen:
            raise UsageError(
                f"table={path}, row {n}: repeat {repeat} of task {row.task} is there twice in one cell."
            )
        seen.add(attempt)


def _recorded(where: str, row: Mapping[Any, Any], axes: Mapping[str, str]) -> Recorded:
    """``axes``: column -> its name in our frames."""
    task, tokens = _text(row["task"]), _number(where, "tokens", row.get("tokens"))
    if task is None:
        raise UsageError(f"{where}: task is empty; every row needs one.")
    return Recorded(
        task,
        {axis: _level(where, axis, name, row[axis]) for axis, name in axes.items()},
        _switch(where, "passed", row["passed"]),
        None if tokens is None else round(tokens),
        _number(where, "seconds", row.get("seconds")),
    )


def _level(where: str, axis: str, name: str, value: Any) -> Any:
    """A level as a cell has it; empty is None, which only some axes know."""
    text = _text(value)
    if axis == "reasoning":
        if text is None:
            raise UsageError(f"{where}: reasoning is empty; it must be on, off, or a level's name.")
        return SWITCHES.get(text.lower(), text)
    read: dict[str, Callable[[], Any]] = {
        "boolean": lambda: _switch(where, axis, value),
        "string": lambda: text,
        "Int64": lambda: _number(where, axis, value, whole=True),
    }
    level = read.get(AXES[name].dtype, lambda: _number(where, axis, value))()
    if level is None and axis in ("protocol", "prompt", "max_tokens", "turns"):
        raise UsageError(f"{where}: {axis} is empty; give it in every row, or leave the column out.")
    return level


def _text(value: Any) -> str | None:
    return None if pd.isna(value) or str(value).strip() == "" else str(value).strip()


def _switch(where: str, column: str, value: Any) -> bool:
    word = (_text(value) or "").lower()
    if word not in SWITCHES:
        raise UsageError(f"{where}: {column}={value}: it must be true or false.")
    return SWITCHES[word]


def _number(where: str, column: str, value: Any, *, whole: bool = False) -> Any:
    """A number that is not negative; None where it is empty. ``whole``: as an int."""
    text = _text(value)
    if text is None:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf or (whole and number % 1):
        kind = "whole number" if whole else "number"
        raise UsageError(f"{where}: {column}={value}: it must be a {kind}, 0 or more.")
    return int(number) if whole else number


def _logged(name: str, value: Any) -> Any:
    """A level out of our own frame, as a cell has it."""
    if pd.isna(value):
        return None
    value = value.item() if hasattr(value, "item") else value
    return {"on": True, "off": False}.get(value, value) if name == "reasoning" else value
