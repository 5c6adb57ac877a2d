"""The finding card of a model: what is recommended and what speaks against it, with a command beside every number that prints it again.

It says nothing of its own: every sentence is the recommendation's, and the commands read the log anew.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from llmsweep.analysis.recommend import Recommendation
from llmsweep.analysis.report import to_ship
from llmsweep.analysis.wording import plural
from llmsweep.types import Cell

WIDE = 2000
"""Columns in which no sentence is broken, so that grep finds it whole."""
NUMBER = re.compile(r"\d")
WORDY = re.compile(r"[A-Za-z][A-Za-z ,:()']*[A-Za-z:,]")
"""Words in a row without a number: what stays of a sentence when its numbers change."""
SETTINGS = (
    "temperature",
    "top_p",
    "top_k",
    "min_p",
    "repeat_penalty",
    "reasoning",
    "echo_reasoning",
    "max_tokens",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carded:
    """What a card is made of. ``cells``, ``episodes``: how many were compared, how many are scored; ``folder``: the model's,
    as a command names it; ``environment``: the entries of environment.json.
    """

    found: Recommendation
    cell: Cell
    cells: int
    episodes: int
    folder: str
    environment: Sequence[Mapping[str, Any]]


def card(of: Carded) -> str:
    """The card in Markdown."""
    found = of.found
    show = f"COLUMNS={WIDE} llmsweep results show {shlex.quote(of.folder)}"
    others = [found.caveat, *found.caveats, *found.would_change_it, *found.evidence, found.verdict]

    def checked(sentence: str, bullet: str = "- ") -> Iterator[str]:
        yield f"{bullet}{sentence}"
        if NUMBER.search(sentence):
            yield ""
            yield f"      {show} | grep -F -- {shlex.quote(_mark(sentence, others))}"
            yield ""

    lines = [
        f"# {found.model} on {found.suite}: {found.label} ({found.status})",
        "",
        "Every number has the command below it that prints it again, from the log.",
        "",
        "## Recommendation",
        "",
        *checked(found.verdict),
        *_settings(of),
        "## Biggest caveat",
        "",
        *checked(found.caveat),
        *(line for caveat in found.caveats for line in checked(caveat)),
        "",
        "## Evidence",
        "",
        f"- {plural(of.cells, 'cell')}, {plural(of.episodes, 'scored episode')}, {plural(found.covered, 'task')}",
        "",
        f"      {show} | grep -F 'scored episode'",
        "",
        *(line for sentence in found.evidence for line in checked(sentence)),
        f"- Estimand: {found.estimand}.",
        "",
        f"      llmsweep export llmsweep {shlex.quote(of.folder)} | grep -A2 -F Estimand",
        "",
        "## What would change it",
        "",
        *(line for sentence in found.would_change_it for line in checked(sentence)),
        "",
        "## Environment",
        "",
        *_environment(of),
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _settings(of: Carded) -> Iterator[str]:
    """What to ship, as the recommendation's file has it."""
    cell = to_ship(of.found, of.cell)
    values = {name: getattr(cell.sampling, name) for name in SETTINGS}
    values |= {"protocol": cell.protocol, "prompt": cell.prompt}
    values |= {name: getattr(cell.budget, name) for name in ("turns", "tokens", "seconds")}
    said = (f"{name} {_value(value)}" for name, value in values.items() if value is not None)
    yield f"- {', '.join(said)}"
    yield ""
    yield f"      llmsweep export llmsweep {shlex.quote(of.folder)} | grep -A15 '^baseline:'"
    yield ""


def _environment(of: Carded) -> Iterator[str]:
    """Of every run, each said once; the file has more."""
    seen = dict.fromkeys(", ".join(_facts(entry)) for entry in of.environment)
    for text in seen:
        yield f"- {text}"
    if of.cell.context is not None:
        yield f"- context {of.cell.context}"
    yield f"- revision {of.cell.revision}"
    yield ""
    yield f"      cat {shlex.quote(of.folder + '/environment.json')}"
    yield ""


def _facts(entry: Mapping[str, Any]) -> Iterator[str]:
    machine, versions = entry.get("machine") or {}, entry.get("versions") or {}
    yield f"{machine.get('system', 'unknown')}, {machine.get('cpu', 'unknown')}"
    yield f"cores {machine.get('cores', 'unknown')}, memory_gb {machine.get('memory_gb', 'unknown')}"
    for name in ("provider", "server", "slots", "sandbox", "suite"):
        if entry.get(name) is not None:
            yield f"{name} {entry[name]}"
    yield from (f"{name} {versions[name]}" for name in ("llmsweep", "python") if name in versions)


def _value(value: bool | float | str) -> str:
    return ("off", "on")[value] if isinstance(value, bool) else f"{value}"


def _mark(sentence: str, others: Sequence[str]) -> str:
    """The longest words in a row without a number that no other sentence has, so that grep prints this one alone."""
    runs = sorted((match.group() for match in WORDY.finditer(sentence)), key=len, reverse=True)
    alone = [run for run in runs if not any(run in other for other in others if other != sentence)]
    return (alone or runs or [sentence])[0]
