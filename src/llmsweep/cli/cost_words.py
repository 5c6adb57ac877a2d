"""The words of the verb `cost`: key=value, each checked, as plain objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from llmsweep.cli.values import config_dir, day, number, whole
from llmsweep.errors import UsageError, nearest

HANDLING = ("review", "fix", "damage", "verifier", "accept_right", "accept_wrong")
NUMBERS = (*HANDLING, "tasks")
WHOLE = {"draws": 10_000, "seed": 0}
OF_SIDE = ("cell", "price", "where", "basis", "date", "source", "host")
SIDES = ("local", "cloud")
FRONTIER = "frontier"
"""Whose price alone can be said here: that of the model which takes over in a tiered sweep."""
MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """``dir``: what `show` shows; ``local``, ``cloud``: a results folder or a CSV file; ``host``: its name, ``host_keys``:
    what changes in it; ``sides``: side -> key -> text; ``numbers``: review, fix, tasks ...; ``ranges``: input -> ends;
    ``on``: the day of the prices; ``folders``: of the user's own configuration.
    """

    dir: Path | None = None
    local: Path | None = None
    cloud: Path | None = None
    host: str | None = None
    host_keys: dict[str, str] = field(default_factory=dict)
    sides: dict[str, dict[str, str]] = field(default_factory=lambda: {side: {} for side in SIDES})
    numbers: dict[str, float] = field(default_factory=dict)
    whole: dict[str, int] = field(default_factory=lambda: dict(WHOLE))
    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)
    on: date | None = None
    assume: str | None = None
    basis: str | None = None
    out: Path | None = None
    folders: tuple[Path, ...] = ()

    @property
    def tasks(self) -> float | None:
        return self.numbers.get("tasks")

    @property
    def handling(self) -> dict[str, float]:
        return {name: value for name, value in self.numbers.items() if name in HANDLING}


KEYS = (
    *("local", "cloud", "host", "date", "assume", "basis", "out"),
    *NUMBERS,
    *WHOLE,
    *(f"{side}.{key}" for side in SIDES for key in OF_SIDE),
    f"{FRONTIER}.price",
)


def parse(args: Sequence[str], *, positional: bool) -> Words:
    """Raises UsageError for words that mean nothing. ``positional``: one word without = is a folder or file."""
    found = Words()
    folders: list[Path] = []
    given: dict[str, Path] = {}
    said: dict[str, str] = {}
    on: date | None = None
    rest = list(args)
    while rest:
        word = rest.pop(0)
        if word == "--config-dir":
            folders.append(config_dir(rest.pop(0) if rest else ""))
            continue
        if word.startswith("--config-dir="):
            folders.append(config_dir(word.partition("=")[2]))
            continue
        key, equals, text = word.partition("=")
        if not equals:
            if not positional or "dir" in given or word.startswith("-"):
                raise UsageError(f"{word!r}: cost takes key=value, such as tasks=500.")
            given["dir"] = Path(word)
        elif key in ("local", "cloud", "out"):
            given[key] = Path(text)
        elif key in ("host", "assume", "basis"):
            said[key] = _printable(key, text)
        elif key == "date":
            on = day(key, text)
        else:
            _assign(found, key, text)
    return Words(
        **given,
        host=said.get("host"),
        host_keys=found.host_keys,
        sides=found.sides,
        numbers=found.numbers,
        whole=found.whole,
        ranges=found.ranges,
        on=on,
        assume=said.get("assume") or None,
        basis=said.get("basis"),
        folders=tuple(folders),
    )


def _assign(found: Words, key: str, text: str) -> None:
    """One word into what it belongs to."""
    first, dot, last = key.partition(".")
    if first == "host" and dot:
        found.host_keys[last] = text
    elif first in SIDES and last in OF_SIDE and dot:
        found.sides[first][last] = text
    elif key == f"{FRONTIER}.price":
        found.sides[FRONTIER] = {"price": text}
    elif first == "range" and dot:
        found.ranges[last] = _ends(key, text)
    elif key in NUMBERS:
        found.numbers[key] = number(key, text, above=key == "tasks")
    elif key in WHOLE:
        found.whole[key] = whole(key, text, 0 if key == "seed" else 100)
    else:
        raise UsageError(f"{key}: there is no such key; {nearest(key, [*KEYS, 'host.KEY', 'range.INPUT'])}")


def _ends(key: str, text: str) -> tuple[float, float]:
    low, dots, high = text.partition("..")
    if not dots:
        raise UsageError(f"{key}={text}: it must be two numbers, such as {key}=20..80.")
    return number(key, low), number(key, high)


def _printable(key: str, text: str) -> str:
    if len(text) > MOST:
        raise UsageError(
            f"{key}: it has {len(text)} characters; it must have {MOST} at most, to stand on a picture."
        )
    return text
