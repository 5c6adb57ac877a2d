"""Attempts that somebody else measured, from a CSV file; what does not look right is flagged, never mended."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import get_args

import numpy as np

from llmsweep.analysis.costs.attempts import Attempts, Floats, Ints, Where
from llmsweep.analysis.costs.money import Basis, Tokens
from llmsweep.analysis.recorded import SWITCHES
from llmsweep.errors import UsageError, nearest

NEEDED = ("task", "cell", "solved")
NUMBERS = ("cost", "tokens", "seconds", "input_tokens", "cached_tokens", "output_tokens", "joules")
COLUMNS = (*NEEDED, *NUMBERS, "repeat")
HEADLINE = ("solved", "cost", "rate")
ABOUT = ("where", "basis", "date", "source", "model", "host", *(f"headline_{name}" for name in HEADLINE))
OFF = 0.005
"""A headline is matched within half a per cent, as far as published figures are rounded."""
BASES = tuple(str(basis) for basis in (Basis.BILLED, Basis.METERED, Basis.LIST))


def read_csv(path: Path, said: Mapping[str, str] | None = None) -> Attempts:
    """One row an attempt: ``task``, ``cell``, ``solved`` (true or false), and as far as known ``cost`` (dollars),
    ``tokens``, ``seconds`` (of a busy machine), ``input_tokens``, ``cached_tokens``, ``output_tokens``, ``joules``, ``repeat``.

    Lines ``# key: value`` before the header say what the rows rest on: where (local or cloud), basis, date, source, model,
    host, headline_solved, headline_cost, headline_rate; ``said`` overrides them. Raises UsageError for what means nothing.
    """
    about, rows = _read(path)
    about |= said or {}
    where, basis = _where(path, about), _basis(path, about, rows)
    tasks, cells = (list(dict.fromkeys(row[name] for row in rows)) for name in ("task", "cell"))
    _refuse_twice(path, rows)
    columns = {name: _column(path, rows, name) for name in NUMBERS}
    solved = np.array([_switch(path, n, row["solved"]) for n, row in enumerate(rows, 1)], dtype=np.float64)
    nan = np.full(len(rows), np.nan)
    read = columns["input_tokens"]
    return Attempts(
        origin=str(path),
        model=about.get("model", path.stem),
        where=where,
        host=about.get("host"),
        tasks=tuple(tasks),
        digests={},
        cells={cell: cell for cell in cells},
        task=_codes(rows, "task", tasks),
        cell=_codes(rows, "cell", cells),
        solved=solved,
        seconds=columns["seconds"],
        clocks=np.full((len(rows), 3), np.nan),
        joules=columns["joules"],
        fresh=read - np.nan_to_num(columns["cached_tokens"]),
        made=columns["output_tokens"],
        dollars=columns["cost"],
        basis=basis,
        date=about.get("date", ""),
        source=about.get("source", path.name),
        completions=Tokens(
            read=read, cached=columns["cached_tokens"], written=nan, made=columns["output_tokens"]
        ),
        owner=np.arange(len(rows)),
        flags=tuple(_flags(columns, solved, about, path)),
    )


def _read(path: Path) -> tuple[dict[str, str], list[dict[str, str]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as e:
        raise UsageError(f"{path}: cannot be read ({e}).") from e
    about: dict[str, str] = {}
    while lines and (not lines[0].strip() or lines[0].startswith("#")):
        key, colon, value = lines.pop(0).lstrip("# ").partition(":")
        if colon and key.strip() in ABOUT:
            about[key.strip()] = value.strip()
        elif colon and " " not in key.strip():
            raise UsageError(f"{path}: '# {key}:' says nothing here; {nearest(key.strip(), ABOUT)}")
    table = csv.DictReader(lines, skipinitialspace=True)
    for column in table.fieldnames or ():
        if column not in COLUMNS:
            raise UsageError(f"{path}: there is no column {column!r}; {nearest(str(column), COLUMNS)}")
    for column in NEEDED:
        if column not in (table.fieldnames or ()):
            raise UsageError(f"{path}: the column {column!r} is missing; every row needs it.")
    rows = [{key: (value or "").strip() for key, value in row.items() if key} for row in table]
    if not rows:
        raise UsageError(f"{path}: it has no row.")
    for n, row in enumerate(rows, 1):
        for column in ("task", "cell"):
            if not row[column]:
                raise UsageError(f"{path}, row {n}: {column} is empty; every row needs one.")
    return about, rows


def _where(path: Path, about: Mapping[str, str]) -> Where | None:
    for place in get_args(Where):
        if about.get("where") == place:
            return place  # type: ignore[no-any-return]
    if "where" in about:
        raise UsageError(f"{path}: where={about['where']}: it must be local or cloud.")
    return None


def _basis(path: Path, about: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> Basis:
    given = about.get("basis")
    if given is None or not any(row.get("cost") for row in rows):
        return Basis.UNKNOWN
    if given not in BASES:
        raise UsageError(f"{path}: basis={given}: there is no such basis of a cost; {nearest(given, BASES)}")
    return Basis(given)


def _refuse_twice(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """A repeat of a task that is there twice is one attempt counted double."""
    seen = set()
    for n, row in enumerate(rows, 1):
        if not row.get("repeat"):
            continue
        attempt = (row["task"], row["cell"], row["repeat"])
        if attempt in seen:
            raise UsageError(
                f"{path}, row {n}: repeat {row['repeat']} of task {row['task']} is there twice in cell {row['cell']}."
            )
        seen.add(attempt)


def _codes(rows: Sequence[Mapping[str, str]], column: str, known: Sequence[str]) -> Ints:
    place = {name: number for number, name in enumerate(known)}
    return np.array([place[row[column]] for row in rows], dtype=np.int64)


def _column(path: Path, rows: Sequence[Mapping[str, str]], name: str) -> Floats:
    return np.array([_number(path, n, name, row.get(name, "")) for n, row in enumerate(rows, 1)], np.float64)


def _number(path: Path, row: int, name: str, text: str) -> float:
    if not text:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise UsageError(f"{path}, row {row}: {name}={text}: it must be a number, 0 or more.")
    return value


def _switch(path: Path, row: int, text: str) -> bool:
    if text.lower() not in SWITCHES:
        raise UsageError(f"{path}, row {row}: solved={text}: it must be true or false.")
    return SWITCHES[text.lower()]


def _flags(
    columns: Mapping[str, Floats], solved: Floats, about: Mapping[str, str], path: Path
) -> Iterator[str]:
    """What does not look right: attempts that took nothing, and a headline that its rows do not give."""
    for name, what in (
        ("tokens", "tokens"),
        ("output_tokens", "output tokens"),
        ("cost", "cost"),
        ("seconds", "seconds"),
    ):
        none = int((columns[name] == 0).sum())
        if none:
            yield f"{none} of {len(solved)} rows have zero {what}: broken attempts, or figures that nobody took"
    lacking = int(np.isnan(columns["cost"]).sum())
    if 0 < lacking < len(solved):
        yield f"{lacking} of {len(solved)} rows have no cost"
    found = {
        "solved": float(solved.sum()),
        "cost": float(columns["cost"].sum()),
        "rate": float(solved.mean()),
    }
    if lacking < len(solved) and "date" not in about:
        yield "nobody says of which day its costs are (a line such as '# date: 2026-10-01')"
    for name in HEADLINE:
        if f"headline_{name}" in about:
            said = _number(path, 0, f"headline_{name}", about[f"headline_{name}"])
            if not abs(found[name] - said) <= OFF * max(abs(said), abs(found[name])):
                yield f"the headline says {name} {said:g}, the rows give {found[name]:g}"
