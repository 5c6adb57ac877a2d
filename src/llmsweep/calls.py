"""The call log of a wake filter: append-only, one call a line, the only truth; every rate and every dollar is a view of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import msgspec

from llmsweep.errors import UsageError
from llmsweep.journal import Journal, whole_lines
from llmsweep.types import Cell, Fault, Turn, digest

CALLS, ABOUT = "calls.jsonl", "filter.json"
LINE_VERSION = KEY_VERSION = 1
Verdict = Literal["wake", "skip", "neither"]
"""What a filter said. ``neither``: nothing that could be read as one of the two; it wakes, since missing work costs more."""
Label = Literal["wake", "skip"]
Part = Literal["tune", "heldout"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One decision about one trigger under one cell: a line of the log.

    ``verdict`` None: not scored (then ``fault`` says whose infrastructure broke, and the call stays owed). ``score``: the
    probability of wake by the server's logprobs, None where it gave none. ``form``: what held the answer to its form.
    ``answer``: the beginning of what was said where that was neither. The others are as in an `Episode`.
    """

    v: int = LINE_VERSION
    key: str
    trigger_id: str
    trigger_digest: str
    cell: Cell
    cell_id: str
    harness: str
    repeat: int
    form: str
    verdict: Verdict | None
    score: float | None = None
    answer: str | None = None
    fault: Fault | None = None
    error: str | None = None
    turn: Turn | None = None
    duration_s: float = 0.0
    provider: str = ""
    concurrency: int = 1
    machine: str = ""
    load: float | None = None
    version: str = ""
    started_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a trigger beside its text. ``digest``: of all that a model is shown of it."""

    id: str
    digest: str
    label: Label
    part: Part
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the last filter run into a folder was about. ``harnesses``: cell id -> digest of what it was told; ``source``: of
    the triggers, ``parted``: how they were divided, in words; ``price``: of tokens, ``host``: whose seconds these are.
    """

    model: str
    source: str
    parted: str
    triggers: tuple[Known, ...]
    cells: tuple[Cell, ...]
    harnesses: dict[str, str]
    repeats: int
    price: str | None = None
    host: str = ""


def call_key(trigger_digest: str, cell_digest: str, harness: str, repeat: int) -> str:
    """Content address: the same key is the same question, on whatever host it is asked."""
    return digest(["call", KEY_VERSION, trigger_digest, cell_digest, harness, repeat])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    v: int
    key: str
    verdict: Verdict | None
    machine: str = ""


@dataclass(slots=True)
class CallLog:
    """The log in a folder, open for writing by this process alone; ``done``: keys of scored calls, ``faults``: calls that
    were not, ``damaged``: lines that could not be read, whose calls are owed again. See `Journal`.
    """

    folder: Path
    done: set[str] = field(default_factory=set)
    machines: set[str] = field(default_factory=set)
    faults: int = 0
    damaged: int = 0
    _journal: Journal = field(init=False)

    def __post_init__(self) -> None:
        self._journal = Journal(self.folder / CALLS)
        try:
            for line in whole_lines(self.folder / CALLS):
                self._index(line)
        except BaseException:
            self._journal.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._journal.close()

    def append(self, call: Call) -> None:
        line = msgspec.json.encode(call) + b"\n"
        self._journal.append(line)
        self._index(line)

    def _index(self, line: bytes) -> None:
        try:
            one = _DECODE_LINE.decode(line)
        except msgspec.MsgspecError:
            self.damaged += 1
            return
        _refuse_newer(one.v, self.folder)
        if one.verdict is None:
            self.faults += 1
            return
        self.done.add(one.key)
        self.machines.add(one.machine)


_DECODE_LINE = msgspec.json.Decoder(_Line)
_DECODE_CALL = msgspec.json.Decoder(Call)


def read_calls(folder: Path) -> Iterator[Call]:
    """Every call of the log in ``folder``, faulted ones too; damaged lines are passed over.

    Raises UsageError when there is no log, or a newer llmsweep wrote it.
    """
    if not (folder / CALLS).is_file():
        raise UsageError(f"{folder}: no call log ({CALLS}) there; llmsweep filter writes one.")
    for line in whole_lines(folder / CALLS):
        try:
            call = _DECODE_CALL.decode(line)
        except msgspec.MsgspecError:
            continue
        _refuse_newer(call.v, folder)
        yield call


def write_about(folder: Path, about: About) -> None:
    (folder / ABOUT).write_bytes(msgspec.json.format(msgspec.json.encode(about), indent=1) + b"\n")


def read_about(folder: Path) -> About:
    """Raises UsageError where there is none that can be read."""
    try:
        return msgspec.json.decode((folder / ABOUT).read_bytes(), type=About)
    except (OSError, msgspec.MsgspecError) as e:
        raise UsageError(f"{folder}: no {ABOUT} that can be read there; llmsweep filter writes one.") from e


def _refuse_newer(version: int, folder: Path) -> None:
    if version > LINE_VERSION:
        raise UsageError(
            f"{folder}: the log has lines of version {version}, this llmsweep reads up to {LINE_VERSION}; upgrade it."
        )
