"""The episode log: append-only, one episode a line, the only truth; everything else is a view of it."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from llmsweep.errors import UsageError
from llmsweep.journal import Journal, whole_lines
from llmsweep.types import Episode, Fault, Message

LINE_VERSION = 1
EPISODES, TRANSCRIPTS, SNAPSHOTS = "episodes.jsonl", "transcripts", "snapshots"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tokens:
    input_tokens: int | None = None
    output_tokens: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    usage: _Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """The part of a line that resuming needs; the decoder skips the rest, which makes it five times as fast."""

    v: int
    key: str
    task_id: str
    cell_id: str
    repeat: int
    passed: bool | None
    fault: Fault | None = None
    machine: str = ""
    duration_s: float = 0.0
    turns: tuple[_Turn, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One scored episode as strategies see it. ``tokens``: input and output, None where a turn did not report."""

    task_id: str
    cell_id: str
    repeat: int
    passed: bool
    machine: str
    tokens: int | None
    duration_s: float


Table = dict[str, Row]
"""Scored episodes by key; what is not in it is owed."""


class EpisodeLog:
    """The log of one model's sweep, open for writing by this process alone.

    Opening seals it: a torn last line, left by a killed run, is cut off, so that the next append cannot
    glue onto it. ``table`` follows every append. ``damaged`` counts lines that could not be read; their
    episodes are owed again. Raises UnfitError when another process has it open.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.table: Table = {}
        self.faults = 0
        self.damaged = 0
        self._journal = Journal(folder / EPISODES)
        try:
            for line in whole_lines(folder / EPISODES):
                self._index(line)
        except BaseException:
            self._journal.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._journal.close()

    @property
    def machines(self) -> set[str]:
        return {row.machine for row in self.table.values()}

    def append(self, episode: Episode) -> None:
        """Keep one episode, durably: the transcript first, then its line in one write, then fsync."""
        if episode.messages:
            _write_transcript(self.folder, episode)
        line = msgspec.json.encode(replace(episode, messages=())) + b"\n"
        self._journal.append(line)
        self._index(line)

    def _index(self, line: bytes) -> None:
        try:
            one = _DECODE_LINE.decode(line)
        except msgspec.MsgspecError:
            self.damaged += 1
            return
        _refuse_newer(one.v, self.folder)
        if one.passed is None:
            self.faults += 1
            return
        self.table[one.key] = Row(
            task_id=sys.intern(one.task_id),
            cell_id=sys.intern(one.cell_id),
            repeat=one.repeat,
            passed=one.passed,
            machine=sys.intern(one.machine),
            tokens=_tokens(one.turns),
            duration_s=one.duration_s,
        )


_DECODE_LINE = msgspec.json.Decoder(_Line)
_DECODE_EPISODE = msgspec.json.Decoder(Episode)


def read_episodes(folder: Path) -> Iterator[Episode]:
    """Every episode of the log in ``folder``, faulted ones too, without messages; a torn or damaged line is passed over.

    Raises UsageError when there is no log, or a newer llmsweep wrote it.
    """
    path = folder / EPISODES
    if not path.is_file():
        raise UsageError(f"{folder}: no episode log ({EPISODES}) there.")
    for line in whole_lines(path):
        try:
            episode = _DECODE_EPISODE.decode(line)
        except msgspec.MsgspecError:
            continue
        _refuse_newer(episode.v, folder)
        yield episode


def read_transcript(folder: Path, key: str) -> tuple[Message, ...]:
    """The messages of one episode. Raises UsageError when the key has no transcript."""
    path = folder / TRANSCRIPTS / f"{key}.json.gz"
    if not path.is_file():
        raise UsageError(f"{folder}: no transcript of episode {key!r}.")
    return msgspec.json.decode(gzip.decompress(path.read_bytes()), type=tuple[Message, ...])


def find_logs(folder: Path) -> list[Path]:
    """The model folders at or one below ``folder`` that hold a log, by name. Raises UsageError when there is none."""
    if (folder / EPISODES).is_file():
        return [folder]
    found = sorted(path.parent for path in folder.glob(f"*/{EPISODES}"))
    if not found:
        raise UsageError(f"{folder}: no results there (no {EPISODES} in it or one folder below).")
    return found


def _write_transcript(folder: Path, episode: Episode) -> None:
    path = folder / TRANSCRIPTS / f"{episode.key}.json.gz"
    path.parent.mkdir(exist_ok=True)
    # The log decides whether an episode exists, so a transcript torn by a crash belongs to no line.
    path.write_bytes(gzip.compress(msgspec.json.encode(episode.messages), compresslevel=3, mtime=0))


def _tokens(turns: tuple[_Turn, ...]) -> int | None:
    total = 0
    for turn in turns:
        if turn.usage.input_tokens is None or turn.usage.output_tokens is None:
            return None
        total += turn.usage.input_tokens + turn.usage.output_tokens
    return total


def _refuse_newer(version: int, folder: Path) -> None:
    if version > LINE_VERSION:
        raise UsageError(
            f"{folder}: the log has lines of version {version}, this llmsweep reads up to {LINE_VERSION}; upgrade it."
        )
