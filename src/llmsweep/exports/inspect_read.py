"""What an Inspect log has of each sample, as rows of the tables that `replay` and `cost` read."""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from llmsweep.errors import UnfitError, UsageError, nearest

ZSTANDARD = 93
"""The compression of current .eval files, which Python reads from 3.14 on."""
AXES = ("temperature", "top_p", "top_k", "max_tokens")
"""Of Inspect's generate config, what is an axis here."""
TABLES = {
    "replay": ("task", "repeat", "passed", "tokens", "seconds", *AXES),
    "cost": (
        *("task", "cell", "solved", "repeat", "tokens", "seconds"),
        *("input_tokens", "cached_tokens", "output_tokens", "cost"),
    ),
}
"""Table -> its columns; those that hold nothing are left out."""
RIGHT, WRONG = ("C", "correct", "true", "pass", "yes"), ("I", "N", "P", "incorrect", "false", "fail", "no")


class Log(NamedTuple):
    """``config``: the generation settings; ``samples``: as they came."""

    path: Path
    model: str
    config: Mapping[str, Any]
    scorers: Sequence[str]
    samples: Sequence[Mapping[str, Any]]


class Imported(NamedTuple):
    """``rows``: by the table's columns; ``unscored``: samples with an error or without a verdict, which are left out."""

    model: str
    columns: list[str]
    rows: list[dict[str, Any]]
    unscored: int


def read_logs(
    paths: Sequence[Path], *, table: str, scorer: str | None = None, pass_at: float = 1.0
) -> Imported:
    """The scored samples of one or several logs. ``scorer``: whose verdict, None where there is one; ``pass_at``: a score
    that is a number passes from there on. Raises UsageError for files and scores that mean nothing, UnfitError where
    Python cannot unpack one.
    """
    logs = [_read(path) for path in paths]
    models = sorted({log.model for log in logs})
    if table == "replay" and len(models) > 1:
        raise UsageError(
            f"--table replay: the logs are of several models ({', '.join(models)}), and replay chooses among settings of"
            " one; import those of one, or use --table cost."
        )
    rows, unscored = [], 0
    for log in logs:
        chosen = _scorer(log, scorer)
        for sample in log.samples:
            passed = _passed(log.path, sample, chosen, pass_at)
            if passed is None:
                unscored += 1
            else:
                rows.append({**_row(sample), **_settings(log, table), "passed": passed, "solved": passed})
    if not rows:
        raise UsageError(
            f"{', '.join(map(str, paths))}: no sample has a score, so there is nothing to import."
        )
    _renumber(rows)
    columns = [name for name in TABLES[table] if any(row.get(name) is not None for row in rows)]
    return Imported(", ".join(models), columns, rows, unscored)


def _read(path: Path) -> Log:
    """A .eval file, or the JSON that `inspect log convert` makes of one."""
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file.")
    try:
        header, samples = _unpacked(path) if zipfile.is_zipfile(path) else _plain(path)
        spec = header["eval"]
        config = {
            **(spec.get("model_generate_config") or {}),
            **((header.get("plan") or {}).get("config") or {}),
        }
        scorers = [str(one["name"]) for one in (header.get("results") or {}).get("scores") or []]
        return Log(path, str(spec["model"]), config, scorers, samples)
    except (KeyError, TypeError, ValueError, AttributeError, zipfile.BadZipFile) as e:
        raise UsageError(
            f"{path}: it is no log of Inspect's that can be read ({type(e).__name__}: {e})."
        ) from e


def _plain(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    whole = json.loads(path.read_text(encoding="utf-8"))
    return whole, whole.get("samples") or []


def _unpacked(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    with _archive(path) as archive:
        names = archive.namelist()
        if "header.json" not in names:
            raise UsageError(
                f"{path}: the run that wrote it has not ended (no header.json); import it afterwards."
            )
        samples = [name for name in names if name.startswith("samples/") and name.endswith(".json")]
        return json.loads(archive.read("header.json")), [json.loads(archive.read(name)) for name in samples]


def _archive(path: Path) -> zipfile.ZipFile:
    with zipfile.ZipFile(path) as seen:
        packed = any(entry.compress_type == ZSTANDARD for entry in seen.infolist())
    if not packed or hasattr(zipfile, "ZIP_ZSTANDARD"):
        return zipfile.ZipFile(path)
    try:
        from backports.zstd import zipfile as newer
    except ImportError as e:
        raise UnfitError(
            f"{path}: it is packed with Zstandard: pip install 'llmsweep[inspect]', or turn it into JSON with"
            " inspect log convert."
        ) from e
    unpacked: zipfile.ZipFile = newer.ZipFile(path)
    return unpacked


def _scorer(log: Log, asked: str | None) -> str | None:
    """Whose verdict counts; None where the log names no scorer, so that each sample's only one does."""
    known = log.scorers or list(
        dict.fromkeys(name for sample in log.samples for name in sample.get("scores") or {})
    )
    if asked is not None:
        if asked not in known:
            raise UsageError(f"--scorer {asked}: {log.path} has no such scorer; {nearest(asked, known)}")
        return asked
    if len(known) > 1:
        raise UsageError(
            f"{log.path}: it has several scorers ({', '.join(known)}); say which verdict counts with --scorer NAME."
        )
    return known[0] if known else None


def _passed(path: Path, sample: Mapping[str, Any], scorer: str | None, pass_at: float) -> bool | None:
    score = (sample.get("scores") or {}).get(scorer)
    if score is None or sample.get("error"):
        return None
    value = score.get("value")
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return None if math.isnan(value) else value >= pass_at
    if value in RIGHT or value in WRONG:
        return value in RIGHT
    raise UsageError(
        f"{path}, sample {sample.get('id')}: the score {json.dumps(value)} of {scorer} is neither right nor wrong;"
        " a verdict is C or I, true or false, or a number."
    )


def _row(sample: Mapping[str, Any]) -> dict[str, Any]:
    """``seconds`` are of work, Inspect's waiting for others left out."""
    seconds = sample.get("working_time")
    return {
        "task": str(sample["id"]),
        "repeat": int(sample.get("epoch") or 1) - 1,
        "seconds": sample.get("total_time") if seconds is None else seconds,
        **_usage(list((sample.get("model_usage") or {}).values())),
    }


def _usage(used: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Over all models of the sample; nothing where none reported. Our input tokens are the whole prompt's."""
    if not used:
        return {}
    fresh, read, written, made = (
        sum(one.get(name) or 0 for one in used)
        for name in ("input_tokens", "input_tokens_cache_read", "input_tokens_cache_write", "output_tokens")
    )
    costs = [one["total_cost"] for one in used if one.get("total_cost") is not None]
    return {
        "tokens": fresh + read + written + made,
        "input_tokens": fresh + read + written,
        "cached_tokens": read,
        "output_tokens": made,
        "cost": sum(costs) if len(costs) == len(used) else None,
    }


def _settings(log: Log, table: str) -> dict[str, Any]:
    axes = {name: log.config[name] for name in AXES if log.config.get(name) is not None}
    said = ", ".join([log.model, *(f"{name} {value}" for name, value in axes.items())])
    return {"cell": said} if table == "cost" else axes


def _renumber(rows: list[dict[str, Any]]) -> None:
    """The same epoch of the same sample in two logs of one cell are two attempts."""
    taken: set[tuple[Any, ...]] = set()
    for row in rows:
        cell = tuple(row.get(name) for name in ("cell", *AXES))
        while (row["task"], cell, row["repeat"]) in taken:
            row["repeat"] += 1
        taken.add((row["task"], cell, row["repeat"]))
