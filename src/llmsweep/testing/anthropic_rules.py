"""What Anthropic's messages API refuses, as far as its documentation and its client library tell; nothing here streams.

In one point this is stricter than the service: two messages of one role in a row, which the service joins, are refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

TOKEN_CHARS = 4
"""A token is four characters in this server's counting."""
UNSAMPLED_SINCE = BEARER_SINCE = "2026-10-21"
KNOWN_BETAS = frozenset(
    ["context-management-2025-06-27", "thinking-binding-controls-2026-08-01", "fast-mode-2026-02-01"]
)
_FIELDS = frozenset(
    [
        "model",
        "messages",
        "max_tokens",
        "system",
        "tools",
        "tool_choice",
        "thinking",
        "output_config",
        "stop_sequences",
        "stream",
        "metadata",
        "cache_control",
        "container",
        "diagnostics",
        "inference_geo",
        "service_tier",
        "speed",
    ]
)
_SAMPLED = frozenset(["temperature", "top_p", "top_k"])
_BREAKPOINTS = 4
_LEAST_BUDGET = 1024
_THOUGHTS = ("thinking", "redacted_thinking")

Block = dict[str, Any]


class Claude(msgspec.Struct, frozen=True, kw_only=True):
    """What the server claims to serve. ``thinking``: the types it takes, the first where a request names none;
    ``sampled``: takes temperature and top_p, as old models do under old versions of the API; ``bound``: thinking
    is signed together with all that stood before it; ``draws``: words differ each time, but at temperature 0, as
    the service's do; ``tokens``: length of an unscripted answer; ``gap_s``:
    seconds before each of its tokens.
    """

    id: str = "claude-stub-20261101"
    alias: str = "claude-stub"
    created_at: str = "2026-11-01T00:00:00Z"
    lifecycle: str = "active"
    key: str = "test-key"
    context: int = 4096
    max_tokens: int = 4096
    thinking: tuple[str, ...] = ("disabled", "adaptive", "enabled", "between_tools")
    efforts: tuple[str, ...] = ("low", "medium", "high", "xhigh", "max")
    sampled: bool = True
    bound: bool = False
    draws: bool = False
    tokens: int = 12
    gap_s: float = 0.0


class RefusedError(Exception):
    """The request is turned down. ``kind``: the API's word for the error."""

    def __init__(self, status: int, kind: str, said: str) -> None:
        super().__init__(said)
        self.status, self.kind, self.said = status, kind, said

    @property
    def body(self) -> Block:
        return {"type": "error", "error": {"type": self.kind, "message": self.said}, "request_id": "req_1"}


class Issued(msgspec.Struct):
    """A thought as it was sent out, and the digest of what stood before it."""

    block: Block
    prefix: str


def kind_of_thinking(model: Claude, body: Mapping[str, Any]) -> str:
    """The type of thinking in force."""
    return str((body.get("thinking") or {}).get("type") or model.thinking[0])


def check(
    model: Claude, headers: Mapping[str, str], body: Mapping[str, Any], issued: Mapping[str, Issued]
) -> None:
    """Raises RefusedError. ``issued``: the thoughts sent out so far, by signature or data."""
    check_headers(model, headers)
    if body.get("model") not in (model.id, model.alias):
        raise RefusedError(404, "not_found_error", f"model: {body.get('model')}")
    _check_fields(model, headers["anthropic-version"], body)
    _check_thinking(model, body)
    _check_cache(body)
    _check_messages(body["messages"])
    _check_thoughts(model, body, issued)
    asked = tokens(body)
    if asked > model.context:
        _refuse(f"prompt is too long: {asked} tokens > {model.context} maximum")


def check_headers(model: Claude, headers: Mapping[str, str]) -> None:
    """What every request must bring. Raises RefusedError."""
    keys = [headers.get("x-api-key")]
    if headers.get("anthropic-version", "") >= BEARER_SINCE:
        keys.append(headers.get("authorization", "").removeprefix("Bearer "))
    if model.key not in keys:
        raise RefusedError(401, "authentication_error", "invalid x-api-key")
    if "anthropic-version" not in headers:
        _refuse("anthropic-version: header is required")
    for beta in headers.get("anthropic-beta", "").split(","):
        if beta.strip() and beta.strip() not in KNOWN_BETAS:
            _refuse(f"Unexpected value(s) `{beta.strip()}` for the `anthropic-beta` header.")


def tokens(value: Any) -> int:
    """Of a prompt or a part of one, by its texts alone."""
    if isinstance(value, str):
        return len(value) // TOKEN_CHARS + 1
    if isinstance(value, Mapping):
        texts = ("text", "thinking", "content", "input", "system", "messages", "tools", "description")
        return sum(tokens(value[key]) for key in texts if value.get(key))
    return sum(tokens(item) for item in value) if isinstance(value, list) else 0


def prefix(body: Mapping[str, Any], message: int, block: int) -> str:
    """A digest of all that stands before a block of a message, breakpoints of the cache apart."""
    turns = [[turn["role"], content(turn)] for turn in body["messages"][: message + 1]]
    if message < len(turns):
        turns[message][1] = turns[message][1][:block]
    said = _unmarked([body.get("tools"), body.get("system"), turns])
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def content(turn: Mapping[str, Any]) -> list[Block]:
    """A message's blocks without breakpoints; a plain string is one text."""
    said = turn["content"]
    return [{"type": "text", "text": said}] if isinstance(said, str) else _unmarked(said)


def _unmarked(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _unmarked(part) for key, part in value.items() if key != "cache_control"}
    return [_unmarked(part) for part in value] if isinstance(value, list) else value


def _refuse(said: str) -> None:
    raise RefusedError(400, "invalid_request_error", said)


def _check_fields(model: Claude, version: str, body: Mapping[str, Any]) -> None:
    sampled = _SAMPLED if version < UNSAMPLED_SINCE else frozenset()
    for name in body:
        if name not in _FIELDS | sampled:
            _refuse(f"{name}: Extra inputs are not permitted")
    for name in ("messages", "max_tokens"):
        if name not in body:
            _refuse(f"{name}: Field required")
    if not 0 <= body["max_tokens"] <= model.max_tokens:
        _refuse(f"max_tokens: {body['max_tokens']} > {model.max_tokens}, which is the maximum for {model.id}")
    for name in sampled & body.keys():
        if not model.sampled:
            _refuse(f"`{name}` is deprecated for this model.")
        if name != "top_k" and not 0 <= body[name] <= 1:
            _refuse(f"{name}: range: 0..1")


def _check_thinking(model: Claude, body: Mapping[str, Any]) -> None:
    kind = kind_of_thinking(model, body)
    if kind not in model.thinking:
        _refuse(f'"thinking.type.{kind}" is not supported for this model.')
    if kind in ("adaptive", "enabled"):
        if "temperature" in body or "top_k" in body:
            _refuse("`temperature` may only be set to 1 when thinking is enabled.")
        if not 0.95 <= body.get("top_p", 1) <= 1:
            _refuse("`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.")
    if kind == "enabled" and (body.get("tool_choice") or {}).get("type") in ("any", "tool"):
        _refuse("Thinking may not be enabled when tool_choice forces tool use.")
    budget = (body.get("thinking") or {}).get("budget_tokens", 0)
    if kind == "enabled" and budget < _LEAST_BUDGET:
        _refuse("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
    if kind == "enabled" and budget >= body["max_tokens"]:
        _refuse("`max_tokens` must be greater than `thinking.budget_tokens`.")
    effort = (body.get("output_config") or {}).get("effort")
    if effort is not None and effort not in model.efforts:
        _refuse(f"output_config.effort: {effort} is not supported for this model")


def _check_cache(body: Mapping[str, Any]) -> None:
    marked = [block for block in _blocks(body) if block.get("cache_control")]
    if len(marked) > _BREAKPOINTS:
        _refuse(
            f"A maximum of {_BREAKPOINTS} blocks with cache_control may be provided. Found {len(marked)}."
        )
    for block in marked:
        if block.get("type") in _THOUGHTS or block.get("text") == "":
            _refuse("cache_control cannot be set for thinking blocks or empty text blocks")
        if block["cache_control"].get("ttl", "5m") not in ("5m", "1h"):
            _refuse("cache_control.ttl: Input should be '5m' or '1h'")


def _blocks(body: Mapping[str, Any]) -> Iterator[Block]:
    """In the order in which the service reads them: tools, system, messages."""
    yield from body.get("tools") or ()
    if isinstance(body.get("system"), list):
        yield from body["system"]
    for turn in body["messages"]:
        if isinstance(turn["content"], list):
            yield from turn["content"]


def _check_messages(turns: list[Block]) -> None:
    if not turns or turns[0]["role"] != "user":
        _refuse("messages: first message must use the user role")
    if turns[-1]["role"] != "user":
        _refuse("This model does not support assistant message prefill.")
    called: set[str] = set()
    for at, turn in enumerate(turns):
        if at and turn["role"] == turns[at - 1]["role"]:
            _refuse(f"messages: roles must alternate, but there are multiple {turn['role']!r} roles in a row")
        blocks = content(turn)
        if not blocks:
            _refuse(f"messages.{at}: all messages must have non-empty content")
        _check_texts(at, blocks)
        _check_results(at, blocks, called)
        called = {block["id"] for block in blocks if block["type"] == "tool_use"}


def _check_texts(at: int, blocks: list[Block]) -> None:
    for block in blocks:
        if block["type"] == "text" and not block["text"].strip():
            _refuse(f"messages.{at}: text content blocks must contain non-whitespace text")
        if block["type"] == "tool_use" and not isinstance(block["input"], dict):
            _refuse(f"messages.{at}: tool_use.input: Input should be a valid dictionary")


def _check_results(at: int, blocks: list[Block], called: set[str]) -> None:
    """The calls of the turn before are all answered, first of all, and nothing else is."""
    answered = [block["tool_use_id"] for block in blocks if block["type"] == "tool_result"]
    if unknown := set(answered) - called:
        _refuse(f"messages.{at}: unexpected `tool_use_id` found in `tool_result` blocks: {min(unknown)}")
    leading = [block.get("tool_use_id") for block in blocks[: len(called)]]
    if missing := called.difference(leading):
        _refuse(
            f"messages.{at}: `tool_use` ids were found without `tool_result` blocks immediately after: {min(missing)}"
        )


def _check_thoughts(model: Claude, body: Mapping[str, Any], issued: Mapping[str, Issued]) -> None:
    for at, turn in enumerate(body["messages"]):
        for number, block in enumerate(content(turn)):
            if block["type"] not in _THOUGHTS:
                continue
            known = issued.get(block.get("signature") or block.get("data") or "")
            where = f"messages.{at}.content.{number}: Invalid `signature` in `thinking` block"
            if known is None or known.block != block:
                _refuse(where)
            elif model.bound and known.prefix != prefix(body, at, number):
                _refuse(f"{where}. The block is bound to a different conversation.")
    said = [content(turn) for turn in body["messages"] if turn["role"] == "assistant"]
    calling = said and any(block["type"] == "tool_use" for block in said[-1])
    if kind_of_thinking(model, body) == "enabled" and calling and said[-1][0]["type"] not in _THOUGHTS:
        _refuse(f"Expected `thinking` or `redacted_thinking`, but found `{said[-1][0]['type']}`.")
