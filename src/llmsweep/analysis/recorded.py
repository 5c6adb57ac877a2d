"""Recorded outcomes as plain rows: from our own logs, or from a table that was measured elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from llmsweep.analysis.frame import AXES, choosing, frame, scored
from llmsweep.analysis.wording import axis_name
from llmsweep.errors import UnfitError, UsageError
from llmsweep.types import Episode

FIXED = ("task", "repeat", "passed", "tokens", "seconds")
"""Columns of a table that are no axes; all but task and passed may be missing."""
TRUE, FALSE = ("true", "1", "1.0", "yes"), ("false", "0", "0.0", "no")


class Recorded(NamedTuple):
    """One attempt. ``levels``: axis -> value."""

    task: str
    levels: dict[str, Any]
    passed: bool
    tokens: int | None
    seconds: float


def from_episodes(episodes: Iterable[Episode]) -> list[Recorded]:
    """The scored episodes of a log that chose; the axes are those in which its cells differ."""
    data = choosing(scored(frame(episodes)))
    if data.empty:
        raise UsageError("table: the log has no scored episode.")
    axes = [axis for axis in AXES if axis not in ("seed", "context") and data[axis].nunique(dropna=False) > 1]
    return [
        Recorded(
            str(row["task_id"]),
            {axis_name(axis): _plain(row[axis]) for axis in axes},
            bool(row["passed"]),
            None if pd.isna(row["tokens"]) else int(row["tokens"]),
            float(row["duration_s"]),
        )
        for row in data.to_dict("records")
    ]


def from_table(path: Path, axes: Iterable[str]) -> list[Recorded]:
    """A CSV or Parquet file with the columns `task`, `passed`, some of ``axes``, and if known `repeat`, `tokens`, `seconds`.

    Raises UsageError for columns and values that mean nothing, UnfitError where Parquet cannot be read here.
    """
    data = _read(path)
    known = {*FIXED, *axes}
    for column in data.columns:
        if column not in known:
            raise UsageError(
                f"table={path}: there is no axis {column!r}; columns are {', '.join(sorted(known))}."
            )
    for column in ("task", "passed"):
        if column not in data.columns or data[column].isna().any():
            raise UsageError(f"table={path}: every row needs a {column!r}.")
    varied = [column for column in data.columns if column not in FIXED]
    if "repeat" in data.columns and (twice := data[data.duplicated(["task", "repeat", *varied])]).size:
        row = twice.iloc[0]
        raise UsageError(
            f"table={path}: repeat {row['repeat']} of task {row['task']} is there twice in one cell."
        )
    return [_recorded(path, row, varied) for row in data.to_dict("records")]


def _read(path: Path) -> pd.DataFrame:
    try:
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
        return pd.read_csv(path)
    except ImportError as e:
        raise UnfitError(f"table={path}: to read Parquet, pip install pyarrow.") from e
    except (OSError, ValueError) as e:
        raise UsageError(f"table={path}: cannot be read ({e}).") from e


def _recorded(path: Path, row: dict[Any, Any], axes: list[str]) -> Recorded:
    word = str(row["passed"]).lower()
    if word not in (*TRUE, *FALSE):
        raise UsageError(f"table={path}: passed={row['passed']}: it must be true or false.")
    tokens, seconds = row.get("tokens"), row.get("seconds")
    return Recorded(
        str(row["task"]),
        {axis: _plain(row[axis]) for axis in axes},
        word in TRUE,
        None if tokens is None or pd.isna(tokens) else int(tokens),
        0.0 if seconds is None or pd.isna(seconds) else float(seconds),
    )


def _plain(value: Any) -> Any:
    """A level as a cell has it."""
    if pd.isna(value):
        return None
    value = value.item() if hasattr(value, "item") else value
    return {"on": True, "off": False}.get(value, value) if isinstance(value, str) else value
