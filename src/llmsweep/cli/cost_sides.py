"""What `cost` compares: a log or a CSV file as attempts of one cell, with its money and where it was measured."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from llmsweep import manifest
from llmsweep.cli.prices import price
from llmsweep.errors import UsageError, nearest
from llmsweep.store import find_logs, read_episodes

if TYPE_CHECKING:
    from llmsweep.analysis.costs.attempts import Attempts, Where
    from llmsweep.analysis.costs.machine import Machine
    from llmsweep.cli.cost_words import Words

CONFIG = "config.yaml"
LOCAL = ("llamacpp", "ollama", "scripted")
"""Providers that serve a model on a machine of one's own, whatever the configuration says."""
CLOUDS = ("api.openai.com", "openrouter.ai", "api.anthropic.com")


def open_all(path: Path, side: str, words: Words) -> list[Attempts]:
    """Every model's attempts in a results folder, or those of a CSV file. Raises UsageError where there is none."""
    from llmsweep.analysis.costs.imported import read_csv
    from llmsweep.analysis.costs.ledger import read_log

    said = words.sides.get(side, {})
    if path.is_file():
        keys = ("where", "basis", "date", "source", "host")
        return [read_csv(path, {key: said[key] for key in keys if key in said})]
    if not path.is_dir():
        raise UsageError(f"{side}={path}: there is no such folder or file.")
    return [read_log(folder, *measured(folder, said)) for folder in find_logs(path)]


def open_side(path: Path, side: str, words: Words) -> tuple[Attempts, str]:
    """One cell's attempts, and a sentence on why it is this cell."""
    refuse_tiered(path, side)
    found = open_all(path, side, words)
    if len(found) > 1:
        names = ", ".join(Path(one.origin).name for one in found)
        raise UsageError(f"{side}={path}: it has several models ({names}); name the folder of one.")
    return choose(found[0], words.sides.get(side, {}).get("cell"), side)


def refuse_tiered(path: Path, side: str) -> None:
    """Raises UsageError for attempts that are the work of two models, where those of one are compared."""
    if not path.is_dir():
        return
    for folder in find_logs(path):
        if (policy := manifest.read(folder).policy) is not None:
            raise UsageError(
                f"{side}={folder}: its episodes ran under policy=tiered, so that they are of two models"
                f" ({policy.frontier.model} took over); only llmsweep cost show DIR prices both, and this compares models that"
                " worked alone: sweep each with policy=alone."
            )


def choose(found: Attempts, cell: str | None, side: str) -> tuple[Attempts, str]:
    """Of ``cell`` (the first digits of its id, or its name), else of the one that is recommended, else of the baseline."""
    if cell is not None:
        matching = [id for id, name in found.cells.items() if id.startswith(cell) or name == cell]
        if len(matching) != 1:
            raise UsageError(f"{side}.cell={cell}: there is no such cell; {nearest(cell, found.cells)}")
        return found.of(matching[0]), "as asked"
    if len(found.cells) == 1:
        return found.of(next(iter(found.cells))), "its only cell"
    folder = Path(found.origin)
    if not folder.is_dir():
        raise UsageError(f"{side}={folder}: it has {len(found.cells)} cells; name one with {side}.cell=NAME.")
    id, why = recommended_cell(folder) or _baseline(folder)
    if id not in found.cells:
        raise UsageError(f"{side}={folder}: its baseline did not run; name a cell with {side}.cell=ID.")
    return found.of(id), why


def token_money(found: Attempts, side: str, words: Words) -> Attempts:
    """With dollars: as a file says, or by a price of tokens. Raises UsageError that names a model without price."""
    from llmsweep.analysis.costs.money import Basis

    said = words.sides.get(side, {})
    id = said.get("price") or _price_id(Path(found.origin))
    if id is not None:
        asked = price(
            id, on=words.on, key=f"{side}.price", folders=[folder / "prices" for folder in words.folders]
        )
        return found.priced(asked, None if words.basis is None else _basis(words.basis))
    if Path(found.origin).is_file():
        if not (found.dollars >= 0).all():
            raise UsageError(
                f"{side}={found.origin}: not every row has a cost, and an unknown one is never taken for 0; fill the column,"
                f" or give tokens and {side}.price=VENDOR/MODEL."
            )
        if not found.dollars.any():
            raise UsageError(
                f"{side}={found.origin}: every cost is 0, which no cloud charges; give what was paid, or tokens and"
                f" {side}.price=VENDOR/MODEL."
            )
        if found.basis is Basis.UNKNOWN:
            raise UsageError(
                f"{side}={found.origin}: nobody says what its costs rest on; add a line '# basis: billed' (or"
                f" metered_with_cache, list_no_cache), or say {side}.basis=billed."
            )
        return found
    raise UsageError(
        f"{side}={found.origin}: {found.model} has no price, and an unknown one is never taken for 0; name one with"
        f" {side}.price=VENDOR/MODEL."
    )


def refuse_strangers(local: Attempts, cloud: Attempts | None, machine: Machine, words: Words) -> list[str]:
    """Sentences on what is taken for granted; see `analysis.costs.strangers`."""
    from llmsweep.analysis.costs.strangers import refuse_strangers

    return refuse_strangers(local, cloud, machine, words.assume)


def _basis(text: str) -> Any:
    from llmsweep.analysis.costs.money import Basis

    known = (str(Basis.METERED), str(Basis.LIST))
    if text not in known:
        raise UsageError(f"basis={text}: there is no such basis of tokens; {nearest(text, known)}")
    return Basis(text)


def _config(folder: Path) -> Mapping[str, Any]:
    from omegaconf import OmegaConf

    path = folder / CONFIG
    if not path.is_file():
        return {}
    return cast(Mapping[str, Any], OmegaConf.to_container(OmegaConf.load(path)))


def sweep_host(folder: Path) -> str | None:
    """The host that a sweep was configured with; None where nobody wrote it down."""
    found = (_config(folder).get("host") or {}).get("name") if folder.is_dir() else None
    return None if found is None else str(found)


def _price_id(folder: Path) -> str | None:
    """The id of the price that the sweep itself was paid by."""
    found = (_config(folder).get("model") or {}).get("price") if folder.is_dir() else None
    return None if found is None else str(found)


def measured(folder: Path, said: Mapping[str, str]) -> tuple[Where | None, str | None]:
    """Where the sweep ran and on which host, by its configuration; None where nobody wrote it down."""
    config = _config(folder)
    first = next(iter(read_episodes(folder)), None)
    served = first.provider if first else ""
    address = str((config.get("provider") or {}).get("base_url") or "")
    paid = _price_id(folder) is not None or served == "anthropic"
    cloud = paid or any(name in address for name in CLOUDS)
    where: Where | None = "cloud" if cloud else "local" if config or served in LOCAL else None
    if "where" in said:
        if said["where"] not in ("local", "cloud"):
            raise UsageError(f"where={said['where']}: it must be local or cloud.")
        where = cast("Where", said["where"])
    host = said.get("host") or (config.get("host") or {}).get("name")
    return where, None if host is None or where == "cloud" else str(host)


def recommended_cell(folder: Path) -> tuple[str, str] | None:
    """The id of the cell that recommended/<model>.yaml beside the folder names, where the log has it."""
    from omegaconf import OmegaConf

    path = folder.parent / "recommended" / f"{folder.name}.yaml"
    if not path.is_file():
        return None
    loaded = cast(Mapping[str, Any], OmegaConf.to_container(OmegaConf.load(path)))
    wanted = loaded.get("baseline") or {}
    seen = set()
    for episode in read_episodes(folder):
        if episode.cell_id in seen:
            continue
        seen.add(episode.cell_id)
        sampling, budget = episode.cell.sampling, episode.cell.budget
        has = {name: getattr(sampling, name) for name in sampling.__slots__}
        has |= {name: getattr(budget, name) for name in ("turns", "tokens", "seconds")}
        has |= {"protocol": episode.cell.protocol, "prompt": episode.cell.prompt}
        if all(has.get(key) == value for key, value in wanted.items() if key in has):
            return episode.cell_id, "recommended"
    return None


def _baseline(folder: Path) -> tuple[str, str]:
    return manifest.read(folder).baseline.id, "the baseline"
