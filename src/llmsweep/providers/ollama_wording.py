"""Our messages, tools and sampling in the words of Ollama's own chat API; pure functions of their arguments."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from llmsweep.errors import UsageError, nearest
from llmsweep.types import Message, Sampling, StopReason, Tool, Usage

NEUTRAL = {"top_k": 0, "min_p": 0.0, "repeat_penalty": 1.0, "presence_penalty": 0.0, "frequency_penalty": 0.0}
"""What a setting that is null means here: the server's defaults (top_k 40, repeat_penalty 1.1 in older ones) and the
models' own would bend the axes unseen."""
SET = ("temperature", "top_p", "top_k", "min_p", "repeat_penalty", "seed")
"""Settings that are options of the same name."""
OURS = frozenset(("num_ctx", "num_predict", "temperature", "top_p", "seed"))
OPTIONS = frozenset(
    (
        *NEUTRAL,
        *("typical_p", "repeat_last_n", "num_keep", "stop"),
        *("num_batch", "num_gpu", "main_gpu", "num_thread", "use_mmap", "draft_num_predict"),
    )
)
"""What a server takes beside ours; one that it does not know it would pass over in silence."""
_PORT = 11434
LEVELS = ("low", "medium", "high", "max")
_STOP_REASONS: dict[str, StopReason] = {"stop": "stop", "length": "length"}


def address(host: str | None) -> str:
    """The server's root URL. ``host``: None is OLLAMA_HOST; as everybody writes it: with or without scheme and port.

    Raises UsageError for what is no address.
    """
    given = host or os.environ.get("OLLAMA_HOST") or "127.0.0.1"
    url = given if "://" in given else f"http://{given}"
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else _PORT)
    except ValueError as e:
        raise UsageError(f"provider.host={given}: {e}; write it as 127.0.0.1:{_PORT}.") from e
    name = (parts.hostname or "127.0.0.1").replace("0.0.0.0", "127.0.0.1")
    shown = f"[{name}]" if ":" in name else name
    return f"{parts.scheme}://{shown}:{port}{parts.path.rstrip('/')}"


def check_options(given: Mapping[str, Any]) -> None:
    """Raises UsageError for an option that the sweep sends itself, and for one that nobody knows."""
    for name in given:
        if name in OURS:
            raise UsageError(f"provider.options.{name}: the sweep sends this option itself.")
        if name not in OPTIONS:
            raise UsageError(f"provider.options.{name}: Ollama has no such option; {nearest(name, OPTIONS)}")


def messages(history: Sequence[Message], *, echo: bool) -> list[dict[str, Any]]:
    """``echo``: earlier reasoning goes back with them."""
    names = {call.id: call.name for message in history for call in message.tool_calls}
    return [_message(message, names, echo) for message in history]


def tools(offered: Sequence[Tool]) -> list[dict[str, Any]]:
    return [
        {
            "type": "function",
            "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters},
        }
        for tool in offered
    ]


def options(sampling: Sampling, context: int, more: Mapping[str, Any]) -> dict[str, Any]:
    """Every one explicit: what is left out is decided by the model's own file, and then by the server."""
    chosen = {**NEUTRAL, **more, "num_ctx": context, "num_predict": sampling.max_tokens}
    for name in SET:
        if (value := getattr(sampling, name)) is not None:
            chosen[name] = value
    return chosen


def stop_reason(done_reason: str | None, *, calls: bool, usage: Usage, context: int) -> StopReason:
    """The server has no word for calls, and says "length" for a full window too.

    A window that was shifted in the middle of an answer, though we forbid it, shows in more tokens than it holds;
    one more is the last token, which is never read.
    """
    spent = (usage.input_tokens or 0) + (usage.output_tokens or 0)
    reason = _STOP_REASONS.get(done_reason or "", "unknown")
    if spent > context + 1 or (reason == "length" and spent >= context):
        return "context"
    return "tool_calls" if reason == "stop" and calls else reason


def _message(message: Message, names: dict[str, str], echo: bool) -> dict[str, Any]:
    worded: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.tool_calls:
        worded["tool_calls"] = [
            {
                "id": call.id,
                "function": {"index": at, "name": call.name, "arguments": _object(call.arguments)},
            }
            for at, call in enumerate(message.tool_calls)
        ]
    if message.tool_call_id is not None:
        worded["tool_call_id"] = message.tool_call_id
        if name := names.get(message.tool_call_id):
            worded["tool_name"] = name
    if echo and message.reasoning:
        worded["thinking"] = message.reasoning
    return worded


def _object(arguments: str) -> dict[str, Any]:
    """A call's arguments as the server takes them back: only an object; others go back as the one string of one."""
    try:
        value = json.loads(arguments or "{}")
    except ValueError:
        value = None
    return value if isinstance(value, dict) else {"invalid": arguments}
