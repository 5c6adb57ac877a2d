"""The verb `card`: a model's finding card, each number with the command that prints it again."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from llmsweep import environment
from llmsweep.cli.progress import say
from llmsweep.cli.views import Views, of, one_log


def run(args: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="llmsweep card", description="Print a model's finding card, in Markdown."
    )
    parser.add_argument("dir", type=Path, help="a results folder of one model, or the model's folder in it")
    parser.add_argument(
        "--write", action="store_true", help="write it beside recommended/<model>.yaml instead"
    )
    chosen = parser.parse_args(args)
    folder, found = one_log(chosen.dir), of(chosen.dir)
    if chosen.write:
        say(f"card: {write_card(found, folder)}", always=True)
    else:
        print(card_of(found, folder), end="")
    return 0


def card_of(found: Views, folder: Path) -> str:
    """``folder``: the model's, as the commands are to name it."""
    from llmsweep.analysis.card import Carded, card

    return card(
        Carded(
            found=found.recommendation,
            cell=found.cell,
            cells=len(found.table),
            episodes=int(found.table["episodes"].sum()),
            folder=str(folder),
            environment=_environment(found.folder),
        )
    )


def write_card(found: Views, folder: Path) -> Path:
    """Write it to recommended/<model>.md beside the model's folder."""
    path = found.folder.parent / "recommended" / f"{found.about.model}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(card_of(found, folder), encoding="utf-8")
    return path


def _environment(folder: Path) -> list[dict[str, Any]]:
    """The runs as they were written down, none where nobody did."""
    try:
        entries = json.loads((folder / environment.FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [entry for entry in entries if isinstance(entry, dict)]
