"""Price lists, read from conf/prices/ and from the prices/ folder of every --config-dir."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from llmsweep.errors import UsageError, nearest
from llmsweep.paths import conf_dir
from llmsweep.prices import Price


def price(id: str) -> Price:
    """The price with this id; a list of the user's own wins over ours. Raises UsageError for an unknown one."""
    known = {
        found.id: found
        for folder in _folders()
        for path in sorted(folder.glob("*.yaml"))
        for found in _read(path)
    }
    if id not in known:
        raise UsageError(f"model.price={id}: no price list has it; {nearest(id, known)}")
    return known[id]


def _folders() -> Iterator[Path]:
    """Ours first."""
    from hydra.core.hydra_config import HydraConfig

    yield conf_dir() / "prices"
    if HydraConfig.initialized():
        for source in HydraConfig.get().runtime.config_sources:
            if source.schema == "file" and Path(source.path) != conf_dir():
                yield Path(source.path) / "prices"


def _read(path: Path) -> Iterator[Price]:
    """``source``, ``date`` and ``models``: id -> dollars per million tokens. Raises UsageError for other things."""
    from omegaconf import OmegaConf

    listed = cast(dict[str, Any], OmegaConf.to_container(OmegaConf.load(path)))
    if listed.get("currency", "USD") != "USD":
        raise UsageError(f"{path}: currency={listed['currency']}: prices are in USD.")
    for id, figures in listed.get("models", {}).items():
        try:
            about = {"id": id, "source": str(listed["source"]), "date": str(listed["date"])}
            long = figures.pop("long", None)
            tier = {"above": long.pop("above"), "long": Price(**about, **long)} if long else {}
            yield Price(**about, **figures, **tier)
        except (KeyError, TypeError) as e:
            raise UsageError(
                f"{path}: {id}: {e}; a list has source and date, a price input, output,"
                " cached_input, cache_write, and long with the same and above."
            ) from e
