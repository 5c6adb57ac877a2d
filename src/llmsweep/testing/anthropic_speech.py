"""What the server of `anthropic_server` says: answers by script and without one, block by block and event by event."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec

from llmsweep.testing.anthropic_rules import TOKEN_CHARS, Block, Claude, content, kind_of_thinking

_FIELD = {"text": "text", "thinking": "thinking", "tool_use": "partial_json"}
_EFFORTS = ("low", "medium", "high", "xhigh", "max")
_DEFAULT_EFFORT = "medium"
_DELTA = {"text": "text_delta", "thinking": "thinking_delta", "tool_use": "input_json_delta"}


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """How one request is answered, after it was found to be right.

    ``status``, ``headers``, ``error``: other than 200 it is refused with this body, whatever it asked. ``silent_s``:
    seconds before even the headers. ``blocks``: as the message would hold them at once; thinking without a signature
    is signed. ``input_json``: instead of a call's input, its pieces as they are. ``gap_s``: seconds before each delta.
    ``pings``: before the first block, each after ``gap_s`` too. ``extra``: events sent as they are, after the blocks.
    ``garbage``: a line sent as it is, last. ``stop``: None leaves it out. ``model``: which one says that it answers.
    ``ends``: "hanging up" ends properly, and closes the connection under the next request on it.
    """

    status: int = 200
    headers: dict[str, str] = {}
    error: Any = None
    silent_s: float = 0.0
    content_type: str = "text/event-stream; charset=utf-8"
    blocks: Sequence[Block] = ()
    input_json: str | None = None
    gap_s: float = 0.0
    pings: int = 0
    extra: Sequence[dict[str, Any]] = ()
    garbage: str | None = None
    stop: str | None = "end_turn"
    stop_details: dict[str, Any] | None = None
    thinking_tokens: int | None = None
    model: str | None = None
    ends: Literal["properly", "dropped", "stalled", "hanging up"] = "properly"


def events(number: int, block: Block, input_json: str | None) -> Iterator[dict[str, Any]]:
    """A block as it is streamed: begun empty, grown by deltas of one token, signed, ended."""
    kind = block["type"]
    if kind not in _FIELD:
        yield {"type": "content_block_start", "index": number, "content_block": block}
        yield {"type": "content_block_stop", "index": number}
        return
    empty: dict[str, Block] = {
        "text": {"text": ""},
        "thinking": {"thinking": "", "signature": ""},
        "tool_use": {"input": {}},
    }
    yield {"type": "content_block_start", "index": number, "content_block": {**block, **empty[kind]}}
    whole = block.get(kind, "") if kind != "tool_use" else input_json or json.dumps(block["input"])
    for at in range(0, len(whole), TOKEN_CHARS):
        delta = {"type": _DELTA[kind], _FIELD[kind]: whole[at : at + TOKEN_CHARS]}
        yield {"type": "content_block_delta", "index": number, "delta": delta}
    if kind == "thinking":
        delta = {"type": "signature_delta", "signature": block["signature"]}
        yield {"type": "content_block_delta", "index": number, "delta": delta}
    yield {"type": "content_block_stop", "index": number}


def described(model: Claude) -> dict[str, Any]:
    every = ("adaptive", "enabled", "disabled", "between_tools")
    return {
        "id": model.id,
        "type": "model",
        "display_name": "A stub",
        "created_at": model.created_at,
        "lifecycle": model.lifecycle,
        "max_input_tokens": model.context,
        "max_tokens": model.max_tokens,
        "capabilities": {
            "thinking": {
                "supported": True,
                "types": {kind: {"supported": kind in model.thinking} for kind in every},
            },
            "effort": {
                "supported": True,
                **{name: {"supported": name in model.efforts} for name in _EFFORTS},
            },
        },
    }


def unscripted(model: Claude, body: dict[str, Any]) -> Reply:
    """A small model's answer: words drawn by the prompt, or a call of the first tool; thoughts first where it thinks."""
    greedy = not model.draws or body.get("temperature") == 0 or body.get("top_k") == 1
    drawn = random.Random(json.dumps([content(turn) for turn in body["messages"]]) if greedy else None)
    blocks: list[Block] = []
    thoughts = _thoughts(model, body)
    if thoughts:
        shown = (body.get("thinking") or {}).get("display") != "omitted"
        blocks.append({"type": "thinking", "thinking": "hmm " * thoughts if shown else ""})
    if body.get("tools"):
        tool = body["tools"][0]
        given = _values(tool["input_schema"], drawn)
        call_id = f"toolu_{drawn.getrandbits(48):012x}"
        blocks.append({"type": "tool_use", "id": call_id, "name": tool["name"], "input": given})
    elif form := (body.get("output_config") or {}).get("format"):
        blocks.append({"type": "text", "text": json.dumps(_values(form["schema"], drawn))})
    else:
        words = ("the ", "sea ", "is  ", "wide", " and", "deep")
        blocks.append({"type": "text", "text": "".join(drawn.choice(words) for _ in range(model.tokens))})
    stop = "tool_use" if body.get("tools") else "end_turn"
    return Reply(blocks=blocks, stop=stop, gap_s=model.gap_s, thinking_tokens=thoughts)


def _values(schema: dict[str, Any], drawn: random.Random) -> dict[str, Any]:
    """A value for every required property: one of its enum where it has one."""
    about = schema.get("properties", {})
    return {
        name: drawn.choice(about[name]["enum"]) if "enum" in about.get(name, {}) else "1"
        for name in schema.get("required", ())
    }


def _thoughts(model: Claude, body: dict[str, Any]) -> int:
    """Tokens of thinking: more with more effort, or with a larger budget."""
    kind = kind_of_thinking(model, body)
    if kind == "enabled":
        return int(body["thinking"]["budget_tokens"]) // 1024
    effort = (body.get("output_config") or {}).get("effort", _DEFAULT_EFFORT)
    return 1 + _EFFORTS.index(effort) if kind == "adaptive" else 0
