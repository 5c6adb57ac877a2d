"""Our messages, tools and sampling in the words of the OpenAI dialect; pure functions of their arguments."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from llmsweep.providers.dialect import Dialect
from llmsweep.types import Message, Sampling, StopReason, Tool, Usage

_STOP_REASONS: dict[str, StopReason] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "refusal",
}


def request(
    messages: Sequence[Message], tools: Sequence[Tool], sampling: Sampling, dialect: Dialect
) -> dict[str, Any]:
    """A streamed request, every setting explicit: servers' defaults differ."""
    echo_field = dialect.echo_field if sampling.echo_reasoning else None
    body: dict[str, Any] = {
        "messages": [_message(m, echo_field) for m in messages],
        dialect.length_field: sampling.max_tokens,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    for name in ("temperature", "top_p", "seed"):
        value = getattr(sampling, name)
        if value is not None:
            body[name] = value
    if tools:
        body["tools"] = [_tool(tool) for tool in tools]
    return body


def merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Both; where both have a mapping under one key, the mappings are merged too, else ``other`` wins."""
    both = dict(one)
    for key, value in other.items():
        mine = both.get(key)
        both[key] = merged(mine, value) if isinstance(mine, Mapping) and isinstance(value, Mapping) else value
    return both


def stop_reason(finish: str | None, *, calls: bool, usage: Usage, context: int | None) -> StopReason:
    """The server's finish_reason in our words.

    Servers say "length" for a full context too: it is one when prompt and answer together fill it. Some
    say "stop" for an answer that calls tools.
    """
    reason = _STOP_REASONS.get(finish or "", "unknown")
    if reason == "stop" and calls:
        return "tool_calls"
    spent = (usage.input_tokens or 0) + (usage.output_tokens or 0)
    if reason == "length" and context is not None and spent >= context:
        return "context"
    return reason


def _message(message: Message, echo_field: str | None) -> dict[str, Any]:
    worded: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.tool_calls:
        worded["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": _arguments(call.arguments)},
            }
            for call in message.tool_calls
        ]
    if message.tool_call_id is not None:
        worded["tool_call_id"] = message.tool_call_id
    if echo_field and message.reasoning:
        worded[echo_field] = message.reasoning
    return worded


def _arguments(text: str) -> str:
    """A call's arguments as servers take them back.

    Servers parse the arguments in the history to fill their templates and refuse the whole request where
    they are no JSON object: a model's mistake would look like the server's fault in every later turn.
    Such arguments go back as the one string of an object.
    """
    try:
        valid = isinstance(json.loads(text or "{}"), dict)
    except ValueError:
        valid = False
    return (text or "{}") if valid else json.dumps({"invalid": text}, ensure_ascii=False)


def _tool(tool: Tool) -> dict[str, Any]:
    return {
        "type": "function",
        "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters},
    }
