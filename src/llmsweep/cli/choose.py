"""The verb `choose`: the smallest model for a class of tasks that cannot be told from the best and fits a host."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from llmsweep.cli.columns import Column, console, fitted, item
from llmsweep.cli.hosts import host_file
from llmsweep.cli.values import config_dir, number
from llmsweep.errors import UsageError, nearest
from llmsweep.local.host import Host, completed

if TYPE_CHECKING:
    from rich.table import Table

    from llmsweep.analysis.choosing import Candidate, Choice, Room
    from llmsweep.analysis.stats import Difference

HELP = """usage: llmsweep choose suite=S host=H [results=DIR ...] [key=value ...]

The smallest model that cannot be told from the best on a suite, by recorded sweeps, and fits a host; and what evidence
is missing. Each model stands for itself with the cell that its sweep recommends. Nothing is run.

  suite=S               the suite's name, as the sweeps have it
  host=H                a file of conf/host/; host.memory_gb=N, host.vram_gb=N, host.reserved_gb=N change it
  results=DIR           where sweeps are; may be given again (default: results)
  memory.MODEL=GB       what a model takes, where nobody knows or you know better
  delta=0.05            how much worse does not matter
  --config-dir DIR      host/ and model/ of your own
"""
SIZES = ("memory_gb", "vram_gb", "reserved_gb")
KEYS = ("suite", "host", "results", "delta", "memory.MODEL", *(f"host.{key}" for key in SIZES))


@dataclass(slots=True)
class Words:
    """``memory``: model -> GB; ``host_keys``: GB that change the host; ``folders``: of the user's own configuration."""

    suite: str = ""
    host: str = ""
    results: list[Path] = field(default_factory=list)
    delta: float = 0.05
    memory: dict[str, float] = field(default_factory=dict)
    host_keys: dict[str, float] = field(default_factory=dict)
    folders: list[Path] = field(default_factory=list)


def run(args: Sequence[str]) -> int:
    if not args or "-h" in args or "--help" in args:
        print(HELP, end="")
        return 0
    words = _words(args)
    room, gpu = _room(words)
    from llmsweep.analysis.choosing import choose
    from llmsweep.cli.choose_found import candidates, find

    logs, notes = find(words.suite, words.results)
    found, more = candidates(logs, words.memory, gpu=gpu)
    choice = choose(found, room, words.delta)
    _show(words, choice, [*notes, *more, *_not_run(words, choice)])
    return 0


def _words(args: Sequence[str]) -> Words:
    """Raises UsageError for words that mean nothing."""
    words, rest = Words(), list(args)
    while rest:
        word = rest.pop(0)
        key, equals, text = word.partition("=")
        first, dot, last = key.partition(".")
        if key == "--config-dir":
            words.folders.append(config_dir(text if equals else rest.pop(0) if rest else ""))
        elif not equals:
            raise UsageError(f"{word!r}: choose takes key=value, such as suite=micro host=local.")
        elif key in ("suite", "host"):
            setattr(words, key, text)
        elif key == "results":
            words.results.append(Path(text))
        elif key == "delta":
            words.delta = number(key, text)
        elif dot and first == "memory" and last:
            words.memory[last] = number(key, text)
        elif dot and first == "host" and last in SIZES:
            words.host_keys[last] = number(key, text)
        else:
            raise UsageError(f"{key}: there is no such key; {nearest(key, KEYS)}")
    for key in ("suite", "host"):
        if not getattr(words, key):
            raise UsageError(f"{key} is missing: llmsweep choose suite=S host=H.")
    if not 0 < words.delta < 1:
        raise UsageError(f"delta={words.delta:g}: it must be a share between 0 and 1, such as 0.05.")
    words.results = words.results or [Path("results")]
    return words


def _room(words: Words) -> tuple[Room, bool]:
    """What the host has for models, of this machine as detected; and whether that is a GPU's own memory."""
    from omegaconf import OmegaConf

    from llmsweep.analysis.choosing import Room

    path = host_file(words.host, words.folders)
    loaded = cast(dict[str, Any], OmegaConf.to_container(OmegaConf.load(path)))
    sizes = {one.name for one in fields(Host)}
    host = completed(
        Host(**{key: value for key, value in (loaded | words.host_keys).items() if key in sizes})
    )
    return Room(name=words.host, gb=host.for_models_gb), host.vram_gb is not None


def _not_run(words: Words, choice: Choice) -> list[str]:
    """Models that are known here, have no results on the suite and might fit."""
    from llmsweep.analysis.wording import listed
    from llmsweep.cli.models import known_models

    ran = {one.name.partition(" (")[0] for one in choice.candidates}
    local: list[str] = []
    cloud: list[str] = []
    for folder in (None, *words.folders):
        for name, about in known_models(folder).items():
            source, size = about.get("source") or {}, (about.get("source") or {}).get("bytes")
            if name in ran or name == "scripted" or name in (*local, *cloud):
                continue
            if about.get("price"):
                cloud.append(name)
            elif source and not (size and choice.room.gb is not None and size / 1e9 > choice.room.gb):
                local.append(name)
    parts = [
        *([f"on your machine {listed(local)}"] if local else []),
        *([f"in the cloud {listed(cloud)}"] if cloud else []),
    ]
    if not parts:
        return []
    return [
        f"known here and not run on {words.suite}: {'; '.join(parts)} (llmsweep model=NAME suite={words.suite})"
    ]


def _show(words: Words, choice: Choice, notes: Sequence[str]) -> None:
    from llmsweep.analysis.choosing_words import missing, sentence
    from llmsweep.analysis.wording import plural

    out, room = console(), choice.room
    size = "an unknown amount of memory" if room.gb is None else f"{room.gb:.1f} GB"
    out.print(
        f"[bold]{words.suite}[/bold] on {room.name}, {size} for models: {plural(len(choice.candidates), 'model')}"
    )
    out.print(_table(choice, out.width))
    what = "the chosen one" if choice.chosen is not None else "the best one"
    out.print(
        f"> chosen  = cannot be told from the best; to it: points to {what}, intervals that hold all together",
        style="dim",
    )
    out.print(f"\nChoice ({choice.status}): {sentence(choice)}.")
    gaps = [*missing(choice), *notes]
    if gaps:
        out.print("Missing evidence:")
    for line in gaps:
        item(out, line)


def _table(choice: Choice, width: int) -> Table:
    from llmsweep.analysis.wording import amount, percent

    models = choice.candidates
    marks = [
        (">" if i == choice.chosen else " ") + ("=" if choice.tied[i] else " ") for i in range(len(models))
    ]
    columns = [
        Column("", marks, left=True),
        Column("model", [one.name for one in models], left=True),
        Column("cell", [one.cell for one in models], rank=5, left=True),
        Column("tier", [one.tier or "?" for one in models], left=True),
        Column("GB", [_gb(one) for one in models]),
        Column("fits", [{True: "yes", False: "no", None: "?"}[fits] for fits in choice.fits]),
        Column("tasks", [str(one.ran) for one in models], rank=2),
        Column("passes", [percent(one.rate) for one in models]),
        Column(
            "95 %", [f"{100 * one.interval.low:.0f}–{100 * one.interval.high:.0f}" for one in models], rank=1
        ),
        Column("to it", [_away(one) for one in choice.ahead]),
        Column("s", [amount(one.seconds) for one in models], rank=3),
        Column("tokens", [amount(one.tokens) for one in models], rank=4),
    ]
    return fitted([one for one in columns if any(one.texts)], width)


def _gb(one: Candidate) -> str:
    return "" if one.cloud else "?" if one.memory_gb is None else f"{one.memory_gb:.1f}"


def _away(one: Difference) -> str:
    from llmsweep.analysis.wording import points

    if math.isnan(one.low):
        return ""
    return f"{points(one.value)} ({points(one.low)} to {points(one.high)})"
