"""The words of `cost cascade`: key=value, each checked, as plain objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from llmsweep.cli.cost_words import Words
from llmsweep.cli.values import config_dir, day, number, whole
from llmsweep.errors import UsageError, nearest

SIDES = ("local", "frontier")
OF_SIDE = ("cell", "price", "where", "basis", "date", "source", "host")
UNITS = ("dollars", "tokens", "seconds")
DOLLARS = ("review", "fix", "damage", "verifier")
WHOLE = {"draws": 10_000, "seed": 0}
TEXTS = ("host", "assume", "basis", "unit")
MOST_TRIES = 20
KEYS = (
    *(*SIDES, "k", "accept", "accept_right", "accept_wrong", "handoff", "tasks", "date", "out"),
    *(*TEXTS, *DOLLARS, *WHOLE),
    *(f"{side}.{key}" for side in SIDES for key in OF_SIDE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """``local``, ``frontier``: a results folder or a CSV file; ``ks``: numbers of local tries; ``unit``: what is counted;
    ``checked``: the verifier is the tasks' visible check, as recorded; ``bands``: accept_right, accept_wrong -> ends, where given; ``handoff``: of the unit, None takes the transcript;
    ``costs``: the words that `cost` has too, of both sides.
    """

    local: Path
    frontier: Path
    ks: tuple[int, ...] = (1, 2, 3)
    unit: str = "dollars"
    bands: dict[str, tuple[float, float]] = field(default_factory=dict)
    checked: bool = False
    handoff: float | None = None
    costs: Words
    out: Path | None = None


@dataclass(slots=True)
class _Said:
    """What was read so far."""

    paths: dict[str, Path] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    bands: dict[str, tuple[float, float]] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    whole: dict[str, int] = field(default_factory=lambda: dict(WHOLE))
    sides: dict[str, dict[str, str]] = field(default_factory=lambda: {side: {} for side in SIDES})
    host_keys: dict[str, str] = field(default_factory=dict)
    folders: list[Path] = field(default_factory=list)
    ks: tuple[int, ...] = (1, 2, 3)
    on: date | None = None


def parse(args: Sequence[str]) -> Asking:
    """Raises UsageError for words that mean nothing."""
    said = _Said()
    rest = list(args)
    while rest:
        word = rest.pop(0)
        key, equals, text = word.partition("=")
        if key == "--config-dir":
            said.folders.append(config_dir(text if equals else rest.pop(0) if rest else ""))
        elif not equals:
            raise UsageError(f"{word!r}: cost cascade takes key=value, such as local=results/micro.")
        else:
            _take(said, key, text)
    for side in SIDES:
        if side not in said.paths:
            raise UsageError(f"{side} is missing: cost cascade local=DIR frontier=DIR k=1..3.")
    unit = said.texts.get("unit", "dollars")
    if unit not in UNITS:
        raise UsageError(f"unit={unit}: there is no such unit; {nearest(unit, UNITS)}")
    _refuse_dollars(said, unit)
    if "accept" in said.texts and said.bands:
        raise UsageError(f"accept=check: it measures {next(iter(said.bands))}; give one of them.")
    costs = Words(
        host=said.texts.get("host"),
        host_keys=said.host_keys,
        sides=said.sides,
        numbers={key: value for key, value in said.numbers.items() if key != "handoff"},
        whole=said.whole,
        on=said.on,
        assume=said.texts.get("assume") or None,
        basis=said.texts.get("basis"),
        folders=tuple(said.folders),
    )
    return Asking(
        local=said.paths["local"],
        frontier=said.paths["frontier"],
        ks=said.ks,
        unit=unit,
        bands=said.bands,
        checked="accept" in said.texts,
        handoff=said.numbers.get("handoff"),
        costs=costs,
        out=said.paths.get("out"),
    )


def _take(said: _Said, key: str, text: str) -> None:
    first, dot, last = key.partition(".")
    if key in (*SIDES, "out"):
        if not text:
            raise UsageError(f"{key}= is empty: it must be a folder{' or a file' if key != 'out' else ''}.")
        said.paths[key] = Path(text)
    elif key == "k":
        said.ks = _tries(text)
    elif key == "date":
        said.on = day(key, text)
    elif key in ("accept_right", "accept_wrong"):
        said.bands[key] = _band(key, text)
    elif key in (*DOLLARS, "handoff", "tasks"):
        said.numbers[key] = number(key, text, above=key == "tasks")
    elif key in WHOLE:
        said.whole[key] = whole(key, text, 0 if key == "seed" else 100)
    elif key == "accept" and text != "check":
        raise UsageError(f"accept={text}: it can be check, the tasks' visible check as it was recorded.")
    elif key in (*TEXTS, "accept"):
        said.texts[key] = text
    elif dot and first == "host":
        said.host_keys[last] = text
    elif dot and first in SIDES and last in OF_SIDE:
        said.sides[first][last] = text
    else:
        raise UsageError(f"{key}: there is no such key; {nearest(key, [*KEYS, 'host.KEY'])}")


def _refuse_dollars(said: _Said, unit: str) -> None:
    """Dollars of people and tokens cannot be added up."""
    if unit == "dollars":
        return
    given = [key for key in (*DOLLARS, "tasks") if key in said.numbers]
    given += [key for key in ("host", "basis") if key in said.texts]
    if given:
        raise UsageError(f"{given[0]}: it is about money; with unit={unit} leave it out.")


def _tries(text: str) -> tuple[int, ...]:
    low, dots, high = text.partition("..")
    words = [low, high] if dots else text.split(",")
    if not all(word.strip().isdigit() and 1 <= int(word) <= MOST_TRIES for word in words):
        raise UsageError(
            f"k={text}: it must be numbers of tries from 1 to {MOST_TRIES}, such as 1..3 or 1,3."
        )
    numbers = [int(word) for word in words]
    found = range(numbers[0], numbers[1] + 1) if dots else sorted(set(numbers))
    if not len(found):
        raise UsageError(f"k={text}: the second number must not be below the first, such as 1..3.")
    return tuple(found)


def _band(key: str, text: str) -> tuple[float, float]:
    low, dots, high = text.partition("..")
    ends = number(key, low), number(key, high if dots else low)
    if not 0 <= ends[0] <= ends[1] <= 1:
        raise UsageError(f"{key}={text}: it must be a share, or a range of them such as {key}=0.05..0.25.")
    return ends


def with_basis(words: Words, basis: str) -> Words:
    """The same words, with all tokens priced on one basis."""
    return replace(words, basis=basis)
