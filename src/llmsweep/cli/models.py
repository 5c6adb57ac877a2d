"""The verb `models`: which models there are here, and fetching their weights; never during a sweep."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from llmsweep.cli.fit import add_fit, fit, is_file
from llmsweep.errors import UsageError, nearest
from llmsweep.local.sources import LocalFile, Ollama, Source, parse_source
from llmsweep.paths import conf_dir


def run(args: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="llmsweep models", description="Models: what is known, what is here."
    )
    parser.add_argument("--config-dir", type=Path, help="a folder with more model/*.yaml files")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", help="every known model and whether its weights are on this machine")
    pull = verbs.add_parser("pull", help="fetch a model's weights into the user cache, checked")
    pull.add_argument("name")
    pull.add_argument("--force", action="store_true", help="fetch again even when the weights are here")
    remove = verbs.add_parser("remove", help="take a model's weights off this machine")
    remove.add_argument("name")
    add_fit(verbs)
    chosen = parser.parse_args(args)
    known = known_models(chosen.config_dir)
    if chosen.verb == "list":
        return _list(known)
    if chosen.verb == "remove":
        return _remove(chosen.name, _source(chosen.name, known))
    if chosen.verb == "fit":
        own = is_file(chosen.name)
        return fit(chosen, LocalFile(path=Path(chosen.name)) if own else _source(chosen.name, known))
    return _pull(chosen.name, _source(chosen.name, known), force=chosen.force)


def known_models(more: Path | None = None) -> dict[str, dict[str, Any]]:
    """The `model:` part of every model file, by file name (what model=NAME takes)."""
    from omegaconf import OmegaConf

    found: dict[str, dict[str, Any]] = {}
    for folder in (conf_dir(), *([more] if more else [])):
        for path in sorted((folder / "model").glob("*.yaml")):
            about = cast(dict[str, Any], OmegaConf.to_container(OmegaConf.load(path)))
            found[path.stem] = about.get("model", {})
    return found


def _source(name: str, known: dict[str, dict[str, Any]]) -> Source:
    if name not in known:
        raise UsageError(f"{name}: there is no such model; {nearest(name, known)}")
    values = known[name].get("source")
    if not values:
        raise UsageError(f"model {name} has no weights to fetch: a server elsewhere answers for it.")
    return parse_source(values)


def _list(known: dict[str, dict[str, Any]]) -> int:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("model", "weights", "what it is"):
        table.add_column(heading, justify="left")
    for name, about in known.items():
        table.add_row(name, _weights(name, about), str(about.get("description", "")))
    Console().print(table)
    return 0


def _weights(name: str, about: dict[str, Any]) -> str:
    """Where the weights are, without waking any server."""
    from llmsweep.local.pull import is_pulled

    if not about.get("source"):
        return "served elsewhere"
    source = parse_source(about["source"])
    if isinstance(source, Ollama):
        return "Ollama"
    if isinstance(source, LocalFile):
        return "your file" if source.path.is_file() else "your file: missing"
    return "here" if is_pulled(name, source) else f"llmsweep models pull {name}"


def _remove(name: str, source: Source) -> int:
    from llmsweep.local.pull import remove

    print(f"{name}: removed" if remove(name, source) else f"{name}: was not here")
    return 0


def _pull(name: str, source: Source, *, force: bool) -> int:
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    from llmsweep.local.pull import pull

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(name, total=None)

        def show(what: str, done: int, total: int | None) -> None:
            bar.update(task, description=what, completed=done, total=total)

        pulled = pull(name, source, force=force, progress=show)
    where = pulled.path or "in Ollama"
    state = "was here already" if pulled.already_there else "fetched"
    print(f"{name}: {state}: {where} ({pulled.bytes / 1e6:.0f} MB, sha256 {pulled.sha256[:12]}...)")
    return 0
