"""The two sides of a check out of results folders: which log, which cell of it, and at what price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from llmsweep import manifest
from llmsweep.analysis.checks.pairs import Side, side_of
from llmsweep.analysis.checks.verdict import Kind, Measure, tokens, ttft
from llmsweep.cli.cost_sides import recommended_cell
from llmsweep.cli.prices import price
from llmsweep.cli.progress import label
from llmsweep.errors import UsageError, nearest
from llmsweep.manifest import Manifest
from llmsweep.prices import Price
from llmsweep.store import find_logs, read_episodes
from llmsweep.sweep.space import AXES, level
from llmsweep.types import FRESH, Cell, Episode

CONFIG = "config.yaml"


def open_side(path: Path, side: str, cell: str | None) -> tuple[Side, Path]:
    """The side and its log's folder. Raises UsageError where there is no cell, or not one."""
    folders = find_logs(path)
    if len(folders) > 1:
        names = ", ".join(folder.name for folder in folders)
        raise UsageError(f"{side}={path}: it has several models ({names}); name the folder of one.")
    folder = folders[0]
    about = manifest.read(folder)
    episodes = list(read_episodes(folder))
    cells: dict[str, Cell] = {}
    for one in about.current(episodes):
        if one.passed is not None and 0 <= one.repeat < FRESH:
            cells.setdefault(one.cell_id, one.cell)
    if not cells:
        raise UsageError(f"{side}={path}: no scored episode yet; let its sweep run first.")
    chosen, why = _choose(folder, about, cells, (side, cell))
    said = f"{about.model} ({label(chosen, about.baseline)}; {why}) in {folder}"
    return side_of(episodes, about, chosen, said, why), folder


def _choose(
    folder: Path, about: Manifest, cells: Mapping[str, Cell], asked: tuple[str, str | None]
) -> tuple[Cell, str]:
    """The cell that was asked for; else the only one; else what the sweep recommends to ship; else its baseline."""
    side, word = asked
    if word is not None and word not in ("recommended", "baseline"):
        return _named(cells, about.baseline, side, word), "as asked"
    if word is None and len(cells) == 1:
        return next(iter(cells.values())), "its only cell"
    if word != "baseline":
        found = recommended_cell(folder)
        if found is not None and found[0] in cells:
            return cells[found[0]], "recommended"
        if word == "recommended":
            raise UsageError(
                f"{side}.cell=recommended: {folder.parent} has no recommended/{folder.name}.yaml."
            )
    if about.baseline.id not in cells:
        raise UsageError(f"{side}={folder}: its baseline did not run; name a cell with {side}.cell=ID.")
    return cells[about.baseline.id], "the sweep's baseline"


def _named(cells: Mapping[str, Cell], baseline: Cell, side: str, word: str) -> Cell:
    """By the first digits of its id, or by what makes it differ from the baseline: temperature=0.4,prompt=rich."""
    levels = dict(part.strip().partition("=")[::2] for part in word.split(","))
    if set(levels) <= set(AXES):
        wanted = {axis: str(level(baseline, axis)) for axis in AXES} | levels
        matching = [c for c in cells.values() if all(_alike(level(c, a), t) for a, t in wanted.items())]
    else:
        matching = [c for id, c in cells.items() if id.startswith(word)]
    if len(matching) != 1:
        names = [label(c, baseline).replace(", ", ",") for c in cells.values()]
        raise UsageError(f"{side}.cell={word}: there is no such cell; {nearest(word, names)}")
    return matching[0]


def _alike(value: Any, text: str) -> bool:
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return float(value) == float(text)
        except ValueError:
            return False
    return str(value).lower() == text.lower().replace("null", "none")


def config_of(folder: Path) -> dict[str, Any]:
    """What the sweep was composed of; empty where it is not kept."""
    from omegaconf import OmegaConf

    path = folder / CONFIG
    if not path.is_file():
        return {}
    return cast(dict[str, Any], OmegaConf.to_container(OmegaConf.load(path), resolve=False))


def price_id(folder: Path) -> str | None:
    found = (config_of(folder).get("model") or {}).get("price")
    return None if found is None else str(found)


def measures_of(
    kinds: Sequence[Kind], ids: Sequence[tuple[str, str | None]]
) -> dict[Kind, tuple[Measure, Measure]]:
    """For each side. ``ids``: the key that names its price, and the price. Raises UsageError for cost without one."""
    found: dict[Kind, tuple[Measure, Measure]] = {"tokens": (tokens, tokens), "ttft": (ttft, ttft)}
    if "cost" in kinds:
        theirs, ours = (_dollars(_price(key, id)) for key, id in ids)
        found["cost"] = (theirs, ours)
    return found


def _price(key: str, id: str | None) -> Price:
    if id is None:
        raise UsageError(
            f"cost: its model has no price, and an unknown one is never taken for 0; name one with {key}=VENDOR/MODEL, or use"
            " tokens= instead."
        )
    return price(id, key=key)


def _dollars(asked: Price) -> Measure:
    def dollars(episode: Episode) -> float | None:
        each = [asked.dollars(turn.usage) for turn in episode.turns]
        known = [one for one in each if one is not None]
        return sum(known) if known and len(known) == len(each) else None

    return dollars
