"""Made-up logs for the page: one as large as it has to carry, one in which all that a model wrote is hostile."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import msgspec

import builders
from llmsweep import manifest
from llmsweep.manifest import Manifest
from llmsweep.types import Cell, Episode, Message, ToolCall

HOSTILE = '</script><img src=x onerror="window.hurt=1"><!--<script>window.hurt=1</script>\x1b[2J\u202e'


def cells(count: int = 20) -> list[Cell]:
    """Temperatures by protocols, the first is the baseline."""
    return [
        builders.cell(
            temperature=round(0.1 * (i // 2), 1), protocol=("native", "whole_file")[i % 2], max_tokens=1024
        )
        for i in range(count)
    ]


def messages(number: int, text: str = "", words: int = 20) -> tuple[Message, ...]:
    call = ToolCall(id="1", name=f"bash{text}", arguments=f'{{"command": "echo {number}"}}')
    return (
        Message(role="system", content="You are a coding agent. " * words),
        Message(role="user", content=f"Write solution.py of task {number}. {text}"),
        Message(role="assistant", content=f"Here: {text}", reasoning=f"Well. {text}", tool_calls=(call,)),
        Message(
            role="tool", content=" ".join(str(number * k) for k in range(words)) + text, tool_call_id="1"
        ),
    )


def write_log(folder: Path, episodes: Iterable[Episode], text: str = "", words: int = 20) -> Path:
    """A model's folder with its log, what it was about, and every transcript."""
    (folder / "transcripts").mkdir(parents=True)
    made = list(episodes)
    (folder / "episodes.jsonl").write_bytes(b"".join(msgspec.json.encode(e) + b"\n" for e in made))
    for number, one in enumerate(made):
        told = gzip.compress(msgspec.json.encode(messages(number, text, words)), compresslevel=1)
        (folder / "transcripts" / f"{one.key}.json.gz").write_bytes(told)
    first = made[0]
    about = Manifest(
        model=first.cell.model,
        suite="micro",
        suite_version="1",
        suite_digest="0" * 64,
        strategy="grid",
        baseline=first.cell,
        tasks={e.task_id: e.task_digest for e in made},
        harness=[first.harness],
    )
    manifest.write(folder, about)
    return folder


def hostile(episodes: Iterable[Episode]) -> list[Episode]:
    """Faults that say what could hurt a reader."""
    return [
        replace(e, passed=None, fault="provider", stop="error", error=HOSTILE, ceiling=None)
        if i % 7 == 3
        else e
        for i, e in enumerate(episodes)
    ]
