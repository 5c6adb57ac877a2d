"""Our messages, tools and sampling in the words of Anthropic's messages API; pure functions of their arguments."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from llmsweep.types import Message, Sampling, StopReason, Tool

BLOCKS = "blocks"
"""Key of `Message.opaque` under which an answer's content blocks lie, as they came."""
THOUGHTS = ("thinking", "redacted_thinking")
STOP_REASONS: dict[str, StopReason] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "tool_use": "tool_calls",
    "max_tokens": "length",
    "refusal": "refusal",
    "model_context_window_exceeded": "context",
}
"""``pause_turn``, which only the service's own tools cause, is none of them: its answer goes back with the next turn."""
_KEPT = {"type": "ephemeral"}
"""For five minutes. An hour would cost more to write than the price lists know, and break a cap in dollars."""
_MARKED_TURNS = 2
"""The last user turn is where the next request's prefix ends, the one before is where the last one's did."""

Block = dict[str, Any]


def request(
    messages: Sequence[Message], tools: Sequence[Tool], sampling: Sampling, *, cache: bool
) -> dict[str, Any]:
    """The body of a streamed request but for the model. ``cache``: with breakpoints, so that its prefix is kept."""
    body: dict[str, Any] = {
        "messages": _turns(messages, echo=sampling.echo_reasoning),
        "max_tokens": sampling.max_tokens,
        "stream": True,
    }
    if system := [_text(m.content) for m in messages if m.role == "system" and m.content.strip()]:
        body["system"] = system
    if tools:
        body["tools"] = [_tool(tool) for tool in tools]
    for name in ("temperature", "top_p", "top_k"):
        if (value := getattr(sampling, name)) is not None:
            body[name] = value
    if cache:
        _mark(body)
    return body


def _mark(body: dict[str, Any]) -> None:
    """Put the cache's breakpoints: after tools and system, and after each of the last user turns.

    Three of the four that the API allows. The service looks for what it has cached only some twenty blocks before
    a breakpoint, and one turn may hold more results than that: so the last request's own end is marked as well.
    """
    for fixed in (body.get("system"), body.get("tools")):
        if fixed:
            fixed[-1]["cache_control"] = _KEPT
            break
    asked = [turn for turn in body["messages"] if turn["role"] == "user"]
    for turn in asked[-_MARKED_TURNS:]:
        turn["content"][-1]["cache_control"] = _KEPT


def _turns(messages: Sequence[Message], *, echo: bool) -> list[Block]:
    """User and assistant in turn: what one side says in several messages is one, what says nothing is none."""
    turns: list[Block] = []
    for message in messages:
        if message.role == "system":
            continue
        role = "assistant" if message.role == "assistant" else "user"
        blocks = _said(message, echo=echo) if role == "assistant" else _asked(message)
        if turns and turns[-1]["role"] == role:
            turns[-1]["content"] += blocks
        elif blocks:
            turns.append({"role": role, "content": blocks})
    return turns


def _asked(message: Message) -> list[Block]:
    if message.role != "tool":
        return [_text(message.content)] if message.content.strip() else []
    result: Block = {"type": "tool_result", "tool_use_id": message.tool_call_id}
    if message.content.strip():
        result["content"] = message.content
    return [result]


def _said(message: Message, *, echo: bool) -> list[Block]:
    """An answer as it came, or put together where another provider gave it; without ``echo`` free of every thought."""
    blocks = (message.opaque or {}).get(BLOCKS)
    if not isinstance(blocks, list):
        calls = [
            {"type": "tool_use", "id": call.id, "name": call.name, "input": call_input(call.arguments)}
            for call in message.tool_calls
        ]
        return [_text(message.content), *calls] if message.content.strip() else [*calls]
    return [dict(block) for block in blocks if _goes_back(block, echo=echo)]


def _goes_back(block: Block, *, echo: bool) -> bool:
    """The API refuses texts without a letter, and thoughts that were cut off before they were signed."""
    kind = block["type"]
    if kind in THOUGHTS and not echo:
        return False
    if kind == "thinking":
        return bool(block.get("signature"))
    return kind != "text" or bool(block["text"].strip())


def call_input(arguments: str) -> Block:
    """A call's arguments as the API takes them back: an object. What is none goes back as the one string of one."""
    try:
        value = json.loads(arguments or "{}")
    except ValueError:
        value = None
    return value if isinstance(value, dict) else {"invalid": arguments}


def _text(content: str) -> Block:
    return {"type": "text", "text": content}


def _tool(tool: Tool) -> Block:
    return {"name": tool.name, "description": tool.description, "input_schema": tool.parameters}
