"""Our messages and their last answer in Inspect's words; pure functions of their arguments."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from llmsweep.types import Episode, Message, StopReason, ToolCall

STOPS: Mapping[StopReason, str] = {
    "stop": "stop",
    "length": "max_tokens",
    "tool_calls": "tool_calls",
    "context": "model_length",
    "refusal": "content_filter",
    "unknown": "unknown",
}


def messages(said: Sequence[Message]) -> list[dict[str, Any]]:
    """Every message; a tool's names the function that it answers."""
    called = {call.id: call.name for message in said for call in message.tool_calls}
    return [_message(message, called) for message in said]


def output(episode: Episode, said: Sequence[Message]) -> dict[str, Any]:
    """The last answer and why it ended; empty where nothing was kept."""
    last = next((message for message in reversed(said) if message.role == "assistant"), None)
    if last is None or not episode.turns:
        return {"model": episode.cell.model, "choices": [], "completion": ""}
    choice = {"message": _message(last, {}), "stop_reason": STOPS[episode.turns[-1].stop_reason]}
    return {"model": episode.cell.model, "choices": [choice], "completion": last.content}


def _message(message: Message, called: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.reasoning:
        found["content"] = [
            {"type": "reasoning", "reasoning": message.reasoning},
            {"type": "text", "text": message.content},
        ]
    if message.tool_calls:
        found["tool_calls"] = [_call(call) for call in message.tool_calls]
    if message.role == "tool" and message.tool_call_id is not None:
        found["tool_call_id"] = message.tool_call_id
        found["function"] = called.get(message.tool_call_id, "unknown")
    return found


def _call(call: ToolCall) -> dict[str, Any]:
    """Arguments that are no object are kept as they came, with the word that says so."""
    found: dict[str, Any] = {"id": call.id, "function": call.name, "type": "function"}
    try:
        arguments = json.loads(call.arguments or "{}")
    except ValueError as e:
        return {**found, "arguments": {"as_it_came": call.arguments}, "parse_error": str(e)}
    if not isinstance(arguments, dict):
        return {
            **found,
            "arguments": {"as_it_came": call.arguments},
            "parse_error": "the arguments are no object",
        }
    return {**found, "arguments": arguments}
