"""Every episode as columns of small numbers, so that forty thousand of them stay light, and which transcripts go along."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import msgspec

from llmsweep.analysis.cells import CEILINGS
from llmsweep.analysis.page.sources import Sources
from llmsweep.errors import UsageError
from llmsweep.store import TRANSCRIPTS, read_transcript
from llmsweep.types import Episode, Message

DIGITS = 12
"""Of a key, as in `llmsweep results episodes`."""
TOGETHER = 24
"""Transcripts that are compressed together: they share prompts, and one of them has to be opened to read any."""


@dataclass(frozen=True, slots=True)
class Packed:
    """``blocks``: base64 of gzip of a JSON list; ``place``: key -> which block and which entry; ``kept``: transcripts that
    the log has; ``of``: its episodes.
    """

    blocks: list[str]
    place: dict[str, tuple[int, int]]
    kept: int
    of: int
    size: int = field(default=0)


def packed(value: Any) -> str:
    """A JSON value, compressed, as text that no HTML parser sees anything in."""
    return base64.b64encode(gzip.compress(msgspec.json.encode(value), compresslevel=6, mtime=0)).decode(
        "ascii"
    )


def columns(of: Sources, transcripts: Packed) -> dict[str, Any]:
    """Of each key the episode that counts, as the frame has it; indices into cells, tasks and words."""
    data = of.data
    words = {
        "cell_id": [str(cell) for cell in of.table["cell_id"]],
        "task_id": sorted(data["task_id"].unique()),
        "stop": sorted(data["stop"].unique()),
        "ceiling": [None, *CEILINGS],
        "fault": [None, *sorted(data["fault"].dropna().unique())],
    }
    # A confirmation may hold a cell that is not in the table.
    words["cell_id"] += sorted(set(data["cell_id"]) - set(words["cell_id"]))
    coded = {name: _coded(data[name], known) for name, known in words.items()}
    return {
        "words": words,
        **coded,
        "key": [key[:DIGITS] for key in data["key"]],
        "repeat": data["repeat"].tolist(),
        "passed": [None if value is None else int(value) for value in _plain(data["passed"])],
        "turns": data["n_turns"].tolist(),
        "tokens": _plain(data["tokens"]),
        "seconds": [None if s is None else round(s, 2) for s in _plain(data["duration_s"])],
        "place": [transcripts.place.get(key) for key in data["key"]],
    }


def _coded(column: Any, known: Sequence[Any]) -> list[int]:
    places = {word: i for i, word in enumerate(known)}
    return [places[value] for value in _plain(column)]


def _plain(column: Any) -> list[Any]:
    """NA as None."""
    return [None if lost else value for value, lost in zip(column.tolist(), column.isna(), strict=True)]


def pack(of: Sources, limit: int) -> Packed:
    """As many transcripts as fit into ``limit`` bytes of text: of the recommended cell, failures first, then failures of
    the others, then the rest; first repeats before second ones.
    """
    folder = of.folder / TRANSCRIPTS
    here = {path.name.partition(".")[0] for path in folder.glob("*.json.gz")} if folder.is_dir() else set()
    last = {e.key: e for e in of.episodes if e.key in here}
    best = of.recommendation.cell_id
    order = sorted(
        last.values(), key=lambda e: (e.cell_id != best, bool(e.passed), e.repeat, e.cell_id, e.task_id)
    )
    blocks: list[str] = []
    place: dict[str, tuple[int, int]] = {}
    size = 0
    for chunk in _chunks(order):
        block = packed([_told(of, episode) for episode in chunk])
        if size + len(block) > limit:
            break
        place |= {episode.key: (len(blocks), i) for i, episode in enumerate(chunk)}
        blocks.append(block)
        size += len(block)
    return Packed(blocks, place, len(here & {e.key for e in of.episodes}), len(set(of.data["key"])), size)


def _chunks(order: Sequence[Episode]) -> Iterator[list[Episode]]:
    rest = iter(order)
    while chunk := list(islice(rest, TOGETHER)):
        yield chunk


def _told(of: Sources, episode: Episode) -> dict[str, Any]:
    """What is read of one episode: its messages, the numbers of its turns, its verdict."""
    try:
        messages = read_transcript(of.folder, episode.key)
    except (UsageError, OSError, EOFError, msgspec.MsgspecError):
        messages = ()  # torn by a crash: no line of the log rests on it
    return {
        "messages": [_message(message) for message in messages],
        "turns": [
            [
                t.usage.input_tokens,
                t.usage.output_tokens,
                t.ttft_s,
                t.duration_s,
                t.stop_reason,
                list(t.slips),
            ]
            for t in episode.turns
        ],
        "error": episode.error,
        "milestones": episode.milestones,
    }


def _message(message: Message) -> dict[str, Any]:
    """Without signed provider state, which nobody can read."""
    said: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.reasoning:
        said["reasoning"] = message.reasoning
    if message.tool_calls:
        said["calls"] = [[call.name, call.arguments] for call in message.tool_calls]
    return said
