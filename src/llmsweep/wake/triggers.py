"""Labelled triggers from a file of JSON lines, in two parts: one to tune prompt and threshold on, one to report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import msgspec

from llmsweep.authoring.triggers import AGENT
from llmsweep.calls import Known, Label, Part
from llmsweep.errors import UsageError
from llmsweep.paths import tasks_dir
from llmsweep.types import digest

CORPUS = "gatekeeper"
LABELS: tuple[Label, Label] = ("wake", "skip")
PARTS: tuple[Part, Part] = ("tune", "heldout")


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    """What a line may say; gatekeeper's have all but ``task``."""

    text: str
    label: Label
    id: str = ""
    split: Part | None = None
    kind: str = ""
    theme: str = ""
    hard: bool | None = None
    why: str = ""
    agent: str = AGENT
    task: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A trigger with its label. ``part``: the one that it is in; ``task``: the work that it is about, as a task of a suite."""

    id: str
    text: str
    label: Label
    part: Part
    kind: str = ""
    agent: str = AGENT
    task: str | None = None

    @property
    def digest(self) -> str:
        """Of all that a model is shown of it: neither its label nor its id."""
        return digest(["trigger", self.agent, self.text])

    @property
    def known(self) -> Known:
        return Known(id=self.id, digest=self.digest, label=self.label, part=self.part, kind=self.kind)


class Corpus(NamedTuple):
    """``source``: whose, ``parted``: how they came into their parts, in words."""

    source: str
    parted: str
    triggers: tuple[Labelled, ...]


def read_corpus(path: Path | None) -> Corpus:
    """The triggers of a file, None: those of gatekeeper.

    Where no line says its split, every second one of each label, in order of their digests, is held out. Raises
    UsageError naming the line and what is wrong.
    """
    source = CORPUS if path is None else str(path)
    path = tasks_dir() / CORPUS / "triggers.jsonl" if path is None else path
    lines = list(_lines(path))
    if not lines:
        raise UsageError(f"triggers={path}: it holds no trigger; each line is one JSON object.")
    silent = [number for number, line in lines if line.split is None]
    if silent and len(silent) < len(lines):
        raise UsageError(
            f"triggers={path}, line {silent[0]}: it has no split and other lines have one; give each one tune or heldout,"
            " or none."
        )
    triggers = tuple(
        Labelled(
            id=line.id or f"line-{number}",
            text=line.text,
            label=line.label,
            part=line.split or "tune",
            kind=line.kind,
            agent=line.agent,
            task=line.task,
        )
        for number, line in lines
    )
    _refuse_twins(path, triggers)
    parted = "as its lines say"
    if silent:
        triggers, parted = (
            _parted(triggers),
            "every second one of each label held out, in order of their digests",
        )
    _refuse_one_sided(path, triggers)
    return Corpus(source, parted, triggers)


def fewer(triggers: Sequence[Labelled], limit: int | None) -> tuple[Labelled, ...]:
    """At most so many, as evenly over parts and labels as can be, in order of their digests; None: all."""
    if limit is None or limit >= len(triggers):
        return tuple(triggers)
    groups = [
        sorted((t for t in triggers if (t.part, t.label) == (part, label)), key=lambda t: t.digest)
        for part in PARTS
        for label in LABELS
    ]
    if limit < len(groups):
        raise UsageError(f"wake.limit={limit}: it must be {len(groups)} or more, one of each part and label.")
    kept: set[str] = set()
    for place in range(max(map(len, groups))):
        for group in groups:
            if place < len(group) and len(kept) < limit:
                kept.add(group[place].id)
    return tuple(t for t in triggers if t.id in kept)


def _parted(triggers: Sequence[Labelled]) -> tuple[Labelled, ...]:
    held: set[str] = set()
    for label in LABELS:
        ordered = sorted((t for t in triggers if t.label == label), key=lambda t: t.digest)
        held.update(t.id for t in ordered[1::2])
    return tuple(replace(t, part="heldout" if t.id in held else "tune") for t in triggers)


def _lines(path: Path) -> Iterator[tuple[int, _Line]]:
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as e:
        raise UsageError(f"triggers={path}: {e.strerror}.") from e
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"), type=_Line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as e:
            raise UsageError(
                f"triggers={path}, line {number}: {e}; a line is one JSON object with text and label (wake or skip), and"
                " optional id, split (tune or heldout), kind, task, agent."
            ) from e
        if not found.text.strip():
            raise UsageError(f"triggers={path}, line {number}: text is empty.")
        yield number, found


def _refuse_twins(path: Path, triggers: Sequence[Labelled]) -> None:
    for what, names in (("id", [t.id for t in triggers]), ("text", [t.digest for t in triggers])):
        name, times = Counter(names).most_common(1)[0]
        if times > 1:
            first, second = [t.id for t, n in zip(triggers, names, strict=True) if n == name][:2]
            where = f"id={name!r}" if what == "id" else f"the triggers {first!r} and {second!r}"
            raise UsageError(
                f"triggers={path}: {where} {'stands twice' if what == 'id' else 'have one text'}."
            )


def _refuse_one_sided(path: Path, triggers: Sequence[Labelled]) -> None:
    for part in PARTS:
        for label in LABELS:
            if not any((t.part, t.label) == (part, label) for t in triggers):
                raise UsageError(
                    f"triggers={path}: its part {part} has no trigger with label {label}; each part needs both, so at least"
                    " two of each label."
                )
