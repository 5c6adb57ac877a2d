"""One episode to read, and the list to choose it from: what the model was told, said, did and saw, turn by turn.

Everything that a model or its commands wrote is shown without control characters, which could rewrite the terminal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from llmsweep.cli.tiers_shown import described, handed_to, told
from llmsweep.errors import UsageError
from llmsweep.store import EPISODES, find_logs, read_episodes, read_transcript
from llmsweep.types import Episode, Message, Turn

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

SHORT = 12
"""Digits of a key that the list shows."""
_LINES = 20
_FOLDED = 2
_CEILINGS = {
    "turn": "it ran out of turns or time while it was getting on",
    "token": "it ran out of tokens",
    "context": "its context window was full",
    "capability": "as far as its turns show, it was not for want of a larger budget",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What is shown whole. ``full``: every text; ``reasoning``: the reasoning too."""

    full: bool = False
    reasoning: bool = False


def find_episode(folder: Path, key: str) -> tuple[Path, Episode]:
    """The last scored episode (else the last) whose key begins with ``key``, below ``folder``, and its model's folder.

    Raises UsageError where there is none, or where it could be several.
    """
    found: dict[str, tuple[Path, Episode]] = {}
    for log in _logs(folder):
        for episode in read_episodes(log):
            known = found.get(episode.key)
            worse = known is not None and known[1].passed is not None and episode.passed is None
            if episode.key.startswith(key.lower()) and not worse:
                found[episode.key] = log, episode
    if not found:
        raise UsageError(
            f"{key}: no episode in {folder} has a key that begins so; see: llmsweep results episodes {folder}"
        )
    if len(found) > 1:
        several = ", ".join(sorted(full[:SHORT] for full in found)[:5])
        raise UsageError(
            f"{key}: {len(found)} episodes in {folder} have keys that begin so ({several}); give more digits."
        )
    return next(iter(found.values()))


def _logs(folder: Path) -> list[Path]:
    """Every log at any depth, smokes left out."""
    logs = sorted(path.parent for path in folder.rglob(EPISODES) if path.parent.name != "smoke")
    return logs or find_logs(folder)


def show_list(folder: Path, chosen: dict[str, str | None], console: Console) -> None:
    """A line an episode. ``chosen``: column (task, cell, stop, ceiling) -> the value it must have, None for any."""
    from rich.table import Table

    columns = [c for c in _COLUMNS if console.width >= _WIDE or c not in ("cell", "tokens")]
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for heading in columns:
        right = heading in ("repeat", "turns", "tokens", "s")
        table.add_column(
            heading, justify="right" if right else "left", no_wrap=heading != "task", min_width=4
        )
    for log in _logs(folder):
        for episode in read_episodes(log):
            if _matches(episode, chosen):
                cells = _row(episode)
                table.add_row(*(cells[column] for column in columns))
    console.print(table)
    count = f"{table.row_count} episode{'' if table.row_count == 1 else 's'}"
    console.print(f"{count}; read one with: llmsweep results episode KEY {folder}", soft_wrap=True)


_COLUMNS = ("key", "task", "cell", "repeat", "outcome", "stop", "turns", "tokens", "s")
_WIDE = 110


def _row(episode: Episode) -> dict[str, str]:
    tokens = _tokens(episode.turns)
    return {
        "key": episode.key[:SHORT],
        "task": plain(episode.task_id.rpartition("/")[2]),
        "cell": episode.cell_id,
        "repeat": str(episode.repeat),
        "outcome": f"{_outcome(episode)}, {episode.ceiling}" if episode.ceiling else _outcome(episode),
        "stop": f"{episode.handoff.trigger} > {episode.stop}" if episode.handoff else episode.stop,
        "turns": str(len(episode.turns)),
        "tokens": "n/a" if tokens is None else f"{tokens:,}",
        "s": f"{episode.duration_s:.1f}",
    }


def _matches(episode: Episode, chosen: dict[str, str | None]) -> bool:
    values: dict[str, set[str]] = {
        "task": {episode.task_id, episode.task_id.rpartition("/")[2]},
        "cell": {episode.cell_id},
        "stop": {episode.stop},
        "ceiling": {episode.ceiling or "none"},
        "handoff": {episode.handoff.trigger if episode.handoff else "none"},
        "outcome": {_outcome(episode).split()[0]},
    }
    return all(wanted is None or wanted in values[name] for name, wanted in chosen.items())


def show_episode(log: Path, episode: Episode, view: View, console: Console) -> None:
    """The whole episode: its facts, its conversation, its verdict."""
    from rich.rule import Rule
    from rich.text import Text

    for line, style in _facts(log, episode):
        console.print(Text(line, style=style), soft_wrap=True)
    numbered = iter(enumerate(episode.turns, 1))
    openings = 0
    for message in _messages(log, episode.key):
        openings += message.role == "system"
        if message.role == "system" and openings == 2 and episode.handoff is not None:
            # Each model that has the task is opened with a prompt of its own.
            console.print(Rule(plain(handed_to(episode)), align="left", style="bold magenta"))
        if message.role == "assistant":
            number, turn = next(numbered, (None, None))
            console.print(Rule(_numbers(number, turn), align="left", style="cyan"))
            if turn is not None and turn.slips:
                words = ", ".join(slip.replace("_", " ") for slip in turn.slips)
                console.print(Text(f"  slips: {words}", style="yellow"))
            _print(console, _said(message, view))
        else:
            title = {"system": "system prompt", "user": "to the model", "tool": "result"}[message.role]
            console.print(Rule(title, align="left", style="dim"))
            lines = _FOLDED if message.role == "system" else _LINES
            _print(console, [_cut(message.content, lines, view.full, "")])
    console.print(Rule(style="cyan"))
    for line, style in _verdict(episode):
        console.print(Text(line, style=style), soft_wrap=True)


def _messages(log: Path, key: str) -> tuple[Message, ...]:
    try:
        return read_transcript(log, key)
    except UsageError:
        return ()  # an episode that broke before anything was said


def _print(console: Console, texts: list[Text]) -> None:
    for text in texts:
        if text.plain:
            console.print(text, soft_wrap=True)


def _facts(log: Path, episode: Episode) -> Iterator[tuple[str, str]]:
    cell, sampling = episode.cell, episode.cell.sampling
    yield f"{plain(episode.task_id)} (tier {episode.tier}), repeat {episode.repeat}", "bold"
    switch = sampling.reasoning
    reasoning = switch if isinstance(switch, str) else "on" if switch else "off"
    echo = ", echoed" if sampling.echo_reasoning else ""
    yield (
        f"{cell.model}: temperature {sampling.temperature}, reasoning {reasoning}{echo}, protocol "
        f"{cell.protocol}, prompt {cell.prompt}, max_tokens {sampling.max_tokens}, turns {cell.budget.turns}",
        "",
    )
    if episode.policy is not None:
        yield described(episode.policy), ""
    yield f"key {episode.key[:SHORT]}, cell {episode.cell_id}, {episode.started_at}, in {log}", "dim"


def _numbers(number: int | None, turn: Turn | None) -> str:
    """Turn 3: 412 tokens in (380 cached), 87 out, TTFT 0.21 s, 1.9 s."""
    if turn is None:
        return "model"
    usage = turn.usage
    parts = []
    if usage.input_tokens is not None:
        cached = f" ({usage.cached_tokens:,} cached)" if usage.cached_tokens else ""
        parts.append(f"{usage.input_tokens:,} tokens in{cached}")
    if usage.output_tokens is not None:
        thought = f" ({usage.reasoning_tokens:,} reasoning)" if usage.reasoning_tokens else ""
        parts.append(f"{usage.output_tokens:,} out{thought}")
    if turn.ttft_s is not None:
        parts.append(f"TTFT {turn.ttft_s:.2f} s{', cold' if turn.cold else ''}")
    parts.append(f"{turn.duration_s:.1f} s")
    if turn.stop_reason not in ("stop", "tool_calls"):
        parts.append(f"ended by {turn.stop_reason}")
    if turn.retries:
        parts.append(f"{turn.retries} retries")
    who = ", frontier model" if turn.frontier else ""
    return f"turn {number}{who}: {', '.join(parts)}"


def _said(message: Message, view: View) -> list[Text]:
    """Reasoning folded, text, then each call with its arguments."""
    from rich.text import Text

    texts = []
    if message.reasoning:
        lines = _LINES if view.reasoning else _FOLDED
        folded = _cut(message.reasoning.strip(), lines, view.full, "dim italic", " --reasoning shows more")
        texts.append(Text("reasoning: ", style="dim").append_text(folded))
    texts.append(_cut(message.content.strip(), 2 * _LINES, view.full, ""))
    for call in message.tool_calls:
        texts.append(Text(f"-> {plain(call.name)}", style="bold green"))
        texts += [_cut(line, _LINES, view.full, "green") for line in _arguments(call.arguments)]
    return texts


def _arguments(text: str) -> Iterator[str]:
    """A line a short argument, a block a long one; what is no JSON object stays as it came."""
    try:
        values = json.loads(text or "{}", strict=False)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        yield f"   {text}"
        return
    for name, value in values.items():
        said = value if isinstance(value, str) else json.dumps(value)
        if "\n" in said:
            yield "\n".join([f"   {name}:", *(f"     {line}" for line in said.splitlines())])
        else:
            yield f"   {name}: {said}"


def _verdict(episode: Episode) -> Iterator[tuple[str, str]]:
    tokens = _tokens(episode.turns)
    spent = "tokens not reported" if tokens is None else f"{tokens:,} tokens"
    style = {"passed": "bold green", "failed": "bold red"}.get(_outcome(episode).split()[0], "bold yellow")
    yield (
        f"{_outcome(episode)}: stop {episode.stop}, {len(episode.turns)} turn{'' if len(episode.turns) == 1 else 's'}, {spent}, {episode.duration_s:.1f} s",
        style,
    )
    if episode.handoff is not None:
        yield plain(told(episode.handoff)), ""
    if episode.ceiling:
        yield f"ceiling {episode.ceiling}: {_CEILINGS[episode.ceiling]}", ""
    if episode.fault:
        yield f"fault of the {episode.fault}: {plain(episode.error or '')}", "yellow"
    for name, share in episode.milestones.items():
        yield (
            f"  {'x' if share >= 1 else ' ' if share <= 0 else '/'} {plain(name)}",
            "" if share >= 1 else "dim",
        )


def _outcome(episode: Episode) -> str:
    if episode.passed is None:
        return f"unscored ({episode.fault})"
    if episode.passed:
        return "passed"
    held = sum(share >= 1 for share in episode.milestones.values())
    return f"failed ({held}/{len(episode.milestones)})" if episode.milestones else "failed"


def _tokens(turns: tuple[Turn, ...]) -> int | None:
    counts = [(turn.usage.input_tokens, turn.usage.output_tokens) for turn in turns]
    return sum((i or 0) + (o or 0) for i, o in counts) if all(None not in pair for pair in counts) else None


def _cut(text: str, lines: int, whole: bool, style: str, hint: str = " --full shows all") -> Text:
    """The first lines of a text, and how many more there are."""
    from rich.text import Text

    every = plain(text).splitlines()
    kept = every if whole else every[:lines]
    shown = Text("\n".join(kept), style=style)
    if len(every) > len(kept):
        shown.append(f"\n   [{len(every) - len(kept)} more lines;{hint}]", style="dim")
    return shown


def plain(text: str) -> str:
    """Without control characters, line breaks and tabs excepted: an escape sequence of a model must not be obeyed."""
    return "".join(
        c if c in "\n\t" or (c.isprintable() or c == " ") else "\ufffd" for c in text.expandtabs(4)
    )
