"""Tool calls that a model wrote as text instead of making them, read out where only one reading is possible.

Families write calls in wrappers of their own, which a server should have turned into real calls and sometimes does not:
<tool_call>{...}</tool_call> (Hermes, Qwen), <function=name><parameter=key>... (Qwen coder), [TOOL_CALLS] (Mistral),
<|python_tag|> (Llama), harmony's to=functions.name (gpt-oss), [Calling tool: name({...})]. Others write the bare JSON
object, or put it in a fence. A wrapped call is meant as a call; a bare one is taken only where it is the only one in
the answer, because a second may be an example.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from llmsweep.types import ToolCall

_JSON = json.JSONDecoder(strict=False)  # a raw line break in a string is a slip with one meaning
_WRAPPER = re.compile(
    r"(?:<tool_call>|<function_call>|<tools>|<\|tool_call\|?>|<\|python_tag\|>|\[TOOL_CALLS\])\s*\[?\s*$"
)
_NAMED_WRAPPER = re.compile(
    r"(?:\[TOOL_CALLS\]\s*(?P<mistral>\w+)\s*(?:\[ARGS\])?"
    r"|<function=(?P<function>\w+)>"
    r"|\[Calling tool:\s*(?P<bracket>\w+)\("
    r"|to=functions\.(?P<harmony>\w+)[^{}]*?<\|message\|>)\s*$"
)
_XML = re.compile(r"<function=(\w+)>\s*((?:<parameter=\w+>.*?</parameter>\s*)*)</function>", re.S)
_PARAMETER = re.compile(r"<parameter=(\w+)>\n?(.*?)\n?</parameter>", re.S)
_NAME_KEYS = ("name", "tool", "tool_name", "function")
_ARGUMENT_KEYS = ("arguments", "parameters", "args", "input")


@dataclass(frozen=True, slots=True)
class _Written:
    """One call in a text. ``wrapped``: in a wrapper that means nothing else; ``end``: where it ends."""

    name: str
    arguments: str
    wrapped: bool
    end: int


def calls_in(text: str, tools: Mapping[str, object]) -> tuple[ToolCall, ...]:
    """The calls that a text means without doubt; none where there is any doubt."""
    found = _calls(text, tools)
    if not found or (len(found) > 1 and not all(call.wrapped for call in found)):
        return ()
    return _numbered(found)


def call_at_end(text: str, tools: Mapping[str, object]) -> tuple[ToolCall, ...]:
    """The one call that a text ends with: what a model meant that stopped inside of its reasoning."""
    found = _calls(text, tools)
    if len(found) != 1 or re.search(r"[\w.]{3}", _untagged(text[found[0].end :])):
        return ()
    return _numbered(found)


def mentions_call(text: str, tools: Mapping[str, object]) -> bool:
    """Whether a text holds anything that looks like a call."""
    return bool(_calls(text, tools))


def _untagged(text: str) -> str:
    return re.sub(r"<[^<>]*>|```\w*", "", text)


def _numbered(found: list[_Written]) -> tuple[ToolCall, ...]:
    return tuple(
        ToolCall(id=f"text-{n}", name=call.name, arguments=call.arguments) for n, call in enumerate(found, 1)
    )


def _calls(text: str, tools: Mapping[str, object]) -> list[_Written]:
    """Every call in the text, in order: those in XML, then those in JSON."""
    xml = [
        _Written(
            name=match.group(1),
            arguments=json.dumps(dict(_PARAMETER.findall(match.group(2)))),
            wrapped=True,
            end=match.end(),
        )
        for match in _XML.finditer(text)
        if match.group(2) or match.group(1) in tools
    ]
    return xml or list(_in_json(text, tools))


def _in_json(text: str, tools: Mapping[str, object]) -> Iterator[_Written]:
    position, wrapped = 0, False
    while (start := text.find("{", position)) >= 0:
        try:
            value, end = _JSON.raw_decode(text, start)
        except (ValueError, RecursionError):
            position = start + 1
            continue
        before = text[max(0, start - 200) : start]
        position = end
        if named := _NAMED_WRAPPER.search(before):
            name = next(group for group in named.groups() if group)
            yield _Written(name, json.dumps(value), True, end)
            continue
        # A list in a wrapper: what follows a wrapped call after a comma is wrapped too.
        wrapped = bool(_WRAPPER.search(before)) or (wrapped and before.rstrip().endswith("},"))
        for name, arguments in _shaped(value):
            if wrapped or name in tools:
                yield _Written(name, arguments, wrapped, end)


def _shaped(value: Any) -> Iterator[tuple[str, str]]:
    """Name and arguments of each call that a JSON value describes."""
    if not isinstance(value, dict):
        return
    if isinstance(value.get("tool_calls"), list):
        for inner in value["tool_calls"]:
            yield from _shaped(inner)
    elif isinstance(value.get("function"), dict):
        yield from _shaped(value["function"])
    else:
        name = next((value[key] for key in _NAME_KEYS if isinstance(value.get(key), str)), None)
        arguments: Any = next((value[key] for key in _ARGUMENT_KEYS if key in value), {})
        if name is not None and isinstance(arguments, dict):
            yield name.removeprefix("functions."), json.dumps(arguments)
        elif name is not None and isinstance(arguments, str):
            yield name.removeprefix("functions."), arguments
