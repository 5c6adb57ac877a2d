"""Prices by id: lists of the user's own first, then conf/prices/, then the dated history of genai-prices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

from llmsweep.errors import UsageError, nearest
from llmsweep.paths import conf_dir
from llmsweep.prices import Price, listed, listed_ids

SHOWN = 3


def price(
    id: str, *, on: date | None = None, key: str = "model.price", folders: Sequence[Path] = ()
) -> Price:
    """What ``id`` (vendor/model) costs on that day; None is today (UTC).

    A list holds from its date on. One of the user's own wins over ours, ours over genai-prices, and of several the
    newest. ``folders``: where the user's are, beside those of ``--config-dir``; ``key``: what the id was given as.
    Raises UsageError for an unknown one.
    """
    on = on or datetime.now(UTC).date()
    lists = [list(_lists(folder)) for folder in (*_folders(), *folders)]
    for theirs in reversed(lists):
        valid = [found for found in theirs if found.id == id and _day(found) <= on]
        if valid:
            return max(valid, key=_day)
    if (known := listed(id, on)) is not None:
        return known
    raise UsageError(_unknown(id, key, on, [found for theirs in lists for found in theirs]))


def _unknown(id: str, key: str, on: date, ours: Sequence[Price]) -> str:
    later = [found.date for found in ours if found.id == id]
    if later:
        return f"{key}={id}: no price list has it on {on}; the oldest is of {min(later)}."
    near = nearest(id, [*(found.id for found in ours), *listed_ids()]).partition(" Known:")[0]
    hint = "" if near.startswith("Known:") else f" {near}"
    return (
        f"{key}={id}: no price list has it, and an unknown price is never taken for 0;{hint} Ids are vendor/model; add your"
        " own in prices/*.yaml of a folder that --config-dir names."
    )


def _day(price: Price) -> date:
    return date.fromisoformat(price.date)


def _folders() -> Iterator[Path]:
    """Ours first."""
    from hydra.core.hydra_config import HydraConfig

    yield conf_dir() / "prices"
    if HydraConfig.initialized():
        for source in HydraConfig.get().runtime.config_sources:
            if source.schema == "file" and Path(source.path) != conf_dir():
                yield Path(source.path) / "prices"


def _lists(folder: Path) -> Iterator[Price]:
    for path in sorted(folder.glob("*.yaml")):
        yield from _read(path)


def _read(path: Path) -> Iterator[Price]:
    """``source``, ``date`` and ``models``: id -> dollars per million tokens. Raises UsageError for other things."""
    from omegaconf import OmegaConf

    listed = cast(dict[str, Any], OmegaConf.to_container(OmegaConf.load(path)))
    if listed.get("currency", "USD") != "USD":
        raise UsageError(f"{path}: currency={listed['currency']}: prices are in USD.")
    for id, figures in listed.get("models", {}).items():
        try:
            about = {"id": id, "source": str(listed["source"]), "date": _iso(path, listed["date"])}
            long = figures.pop("long", None)
            tier = {"above": long.pop("above"), "long": Price(**about, **long)} if long else {}
            yield Price(**about, **figures, **tier)
        except (KeyError, TypeError) as e:
            raise UsageError(
                f"{path}: {id}: {e}; a list has source and date, a price input, output,"
                " cached_input, cache_write, and long with the same and above."
            ) from e


def _iso(path: Path, given: object) -> str:
    try:
        return date.fromisoformat(str(given)).isoformat()
    except ValueError as e:
        raise UsageError(f"{path}: date={given}: it must be a day such as 2026-11-01.") from e
