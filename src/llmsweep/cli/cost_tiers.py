"""What a tiered sweep cost: each model's tokens by its own price, never the frontier model's by the local one's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from llmsweep import manifest
from llmsweep.cli.cost_sides import measured
from llmsweep.cli.cost_words import FRONTIER, Words
from llmsweep.cli.prices import price
from llmsweep.errors import UsageError
from llmsweep.store import read_episodes

if TYPE_CHECKING:
    from llmsweep.analysis.costs.attempts import Attempts


def split_tiers(found: Attempts, words: Words) -> tuple[Attempts, list[str]]:
    """The attempts of a tiered log, the frontier model's dollars apart, and sentences on what these rest on.

    Other attempts are given back as they are. Raises UsageError where the frontier model's tokens have no price and it did
    not run on the local model's own machine, and where two models cannot be compared with a third.
    """
    folder = Path(found.origin)
    about = manifest.read(folder) if folder.is_dir() else None
    if about is None or about.policy is None:
        return found, []
    name = about.policy.frontier.model
    if words.cloud is not None:
        raise UsageError(
            f"cloud={words.cloud}: {folder} is the work of two models ({name} took over), which are not compared with a third;"
            " leave cloud= away, and sweep each model with policy=alone for a comparison."
        )
    asked = words.sides.get(FRONTIER, {}).get("price") or about.frontier_price
    if asked is None:
        return found, [_one_machine(folder, name)]
    return _split(found, words, name, asked)


def _split(found: Attempts, words: Words, name: str, asked: str) -> tuple[Attempts, list[str]]:
    from llmsweep.analysis.costs.ledger import read_log
    from llmsweep.analysis.costs.money import Basis

    folder = Path(found.origin)
    where, host = measured(folder, words.sides["local"])
    by = price(
        asked, on=words.on, key=f"{FRONTIER}.price", folders=[each / "prices" for each in words.folders]
    )
    above = read_log(folder, where, host, frontier=True).priced(
        by, None if words.basis is None else Basis(words.basis), idle=True
    )
    local = read_log(folder, where, host, frontier=False)
    said = (
        f"frontier model {name}: its own tokens, basis {above.basis}, prices of {above.date}, {above.source}; an attempt is"
        " what both models cost, each on its own basis"
    )
    return replace(local, above=above.dollars), [said]


def _one_machine(folder: Path, name: str) -> str:
    """Why the frontier model's seconds may stand with the local one's. Raises UsageError where they may not."""
    served = {
        e.handoff.provider for e in read_episodes(folder) if e.handoff is not None and e.handoff.provider
    }
    if strangers := sorted(served - {"llamacpp", "scripted"}):
        raise UsageError(
            f"{folder}: the frontier model {name} (provider {strangers[0]}) has no price, and its tokens are not priced as"
            f" another model's; name one with {FRONTIER}.price=VENDOR/MODEL."
        )
    return f"frontier model {name}: it ran on the same machine, so that its seconds are the machine's too"
