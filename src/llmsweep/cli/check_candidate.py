"""A candidate in words: settings, a YAML file of settings, or changes of the baseline's cell, all as words of a sweep."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from llmsweep.config import BaselineConfig
from llmsweep.errors import UsageError
from llmsweep.sweep.space import level
from llmsweep.types import Cell

FILES = (".yaml", ".yml")
GROUPS = ("model", "suite", "provider", "host", "sandbox", "executor", "policy")
OURS = ("results", "strategy", "space", "confirm", "repeats", "repeats_greedy")
"""Settings that a check makes itself: a candidate is one cell, on the baseline's repeats."""


def words_of(candidate: str, model: str, cell: Cell) -> list[str]:
    """The words of the sweep. ``model``, ``cell``: the baseline's, from which a candidate without model= begins.

    Raises UsageError for words that are no settings, and for those that are not the candidate's to say.
    """
    said = list(_read(candidate))
    for word in said:
        key = word.lstrip("+~").partition("=")[0]
        if key.partition(".")[0] in OURS:
            where = "; say it beside candidate=" if key == "results" else ""
            raise UsageError(
                f"candidate: {key} is not the candidate's to say{where}: it is one cell, run as the baseline was."
            )
    if not any(word.startswith("model=") for word in said):
        said = [f"model={model}", *cell_words(cell), *said]
    last = {word if word[:1] == "-" else word.partition("=")[0]: word for word in said if "=" in word}
    flags = [word for word in said if "=" not in word]
    return [*flags, *last.values(), "space=none", "strategy=grid"]


def cell_words(cell: Cell) -> Iterator[str]:
    """The settings of a cell as they are written."""
    for f in fields(BaselineConfig):
        yield f"baseline.{f.name}={json.dumps(level(cell, f.name))}"


def _read(candidate: str) -> Iterator[str]:
    try:
        parts = shlex.split(candidate)
    except ValueError as e:
        raise UsageError(f"candidate={candidate}: {e}; close the quotes.") from None
    flag = False
    for part in parts:
        if flag or part[:1] == "-":
            flag = _flag(part, flag)
            yield part
        elif "=" in part:
            yield part
        elif part.endswith(FILES):
            yield from _file(Path(part).expanduser())
        else:
            raise UsageError(
                f"candidate={candidate}: {part!r} is neither a results folder nor a YAML file nor key=value, such as"
                ' candidate="model=smollm2 baseline.temperature=0.4".'
            )


def _flag(part: str, value: bool) -> bool:
    """Whether the next word belongs to it. Raises UsageError for all flags but --config-dir, since only one thing runs."""
    if value:
        return False
    if part.partition("=")[0] not in ("--config-dir", "-cd"):
        raise UsageError(f"candidate: {part}: of the flags only --config-dir may be here.")
    return "=" not in part


def _file(path: Path) -> Iterator[str]:
    """The settings of a YAML file, such as a recommendation, as words. Raises UsageError."""
    from omegaconf import OmegaConf

    try:
        loaded = OmegaConf.to_container(OmegaConf.load(path))
    except Exception as e:  # of the file system, of the parser, of OmegaConf
        reason = str(e).splitlines()[0].rstrip(".") if str(e) else type(e).__name__
        raise UsageError(f"candidate={path}: cannot be read: {reason}.") from None
    if not isinstance(loaded, dict) or not loaded:
        raise UsageError(f"candidate={path}: it must hold settings, such as baseline: {{temperature: 0.4}}.")
    yield from _flat({str(key): value for key, value in loaded.items()}, "")


def _flat(settings: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for name, value in settings.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict):
            yield from _flat(value, f"{key}.")
        elif key in GROUPS and isinstance(value, str):
            yield f"{key}={value}"
        else:
            yield f"{key}={json.dumps(value)}"


def names(words: Sequence[str], key: str) -> bool:
    """Whether a word sets the key or something within it."""
    return any(word.lstrip("+").startswith((f"{key}=", f"{key}.")) for word in words)
