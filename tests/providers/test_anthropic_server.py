"""The local server refuses what the real service refuses, so that a provider that passes against it is proven to something."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from anthropic_made import KEY, call, text, thought

from llmsweep.testing import AnthropicServer, Claude, Reply

OLD, NEW = "2023-06-01", "2026-10-21"
USER = {"role": "user", "content": "hi"}
CALLS = {"role": "assistant", "content": [call("t1", "add")]}
RESULT = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "2"}]}
MARK = {"cache_control": {"type": "ephemeral"}}


@pytest.fixture(scope="module")
def server() -> Iterator[AnthropicServer]:
    with AnthropicServer(Claude(context=1000)) as server:
        yield server


def answered(
    server: AnthropicServer, body: dict[str, Any], version: str | None = NEW, **headers: str
) -> tuple[int, str]:
    """Status and body, asked without any client library."""
    shown = {"X-Api-Key": KEY} if version == OLD else {"Authorization": f"Bearer {KEY}"}
    sent = {**shown, "anthropic-version": version, **headers}
    body = {"model": "claude-stub", "max_tokens": 64, "messages": [USER], "stream": True, **body}
    request = urllib.request.Request(
        f"{server.base_url}/v1/messages",
        json.dumps({key: value for key, value in body.items() if value is not ...}).encode(),
        {key: value for key, value in sent.items() if value},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as e:
        with e:
            return e.code, e.read().decode()


def dialogue(*turns: dict[str, Any]) -> dict[str, Any]:
    return {"messages": list(turns)}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"thinking": {"type": "adaptive"}, "output_config": {"effort": "low"}, "system": "x"},
        {"max_tokens": 1025, "thinking": {"type": "enabled", "budget_tokens": 1024}},
        dialogue(USER, CALLS, RESULT),
        {"system": [{**text("a"), **MARK}, {**text("b"), **MARK}, {**text("c"), **MARK}]},
    ],
)
def test_what_is_right_is_answered_by_a_stream_that_ends(server, body):
    status, said = answered(server, body)
    assert (status, said.count("event: message_start"), said.count("event: message_stop")) == (200, 1, 1)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"max_tokens": ...}, "max_tokens: Field required"),
        ({"max_tokens": 10**6}, "which is the maximum"),
        ({"seed": 1}, "seed: Extra inputs are not permitted"),
        ({"temperature": 1.0}, "temperature: Extra inputs are not permitted"),
        ({"thinking": {"type": "much"}}, "is not supported for this model"),
        ({"thinking": {"type": "enabled", "budget_tokens": 99}}, "greater than or equal to 1024"),
        ({"thinking": {"type": "enabled", "budget_tokens": 1024}}, "must be greater than"),
        ({"output_config": {"effort": "huge"}}, "output_config.effort"),
        ({"system": [{**text(x), **MARK} for x in "abcde"]}, "A maximum of 4 blocks"),
        (
            {"system": [{**text("a"), "cache_control": {"type": "ephemeral", "ttl": "2h"}}]},
            "cache_control.ttl",
        ),
        (dialogue(), "first message must use the user role"),
        (dialogue({"role": "assistant", "content": "x"}), "first message must use the user role"),
        (dialogue(USER, {"role": "assistant", "content": "x"}), "prefill"),
        (dialogue(USER, USER), "roles must alternate"),
        (dialogue({"role": "user", "content": []}), "non-empty content"),
        (dialogue({"role": "user", "content": [text(" ")]}), "non-whitespace"),
        (dialogue(USER, CALLS, USER), "were found without `tool_result`"),
        (dialogue(USER, CALLS, {"role": "user", "content": [text("x"), *RESULT["content"]]}), "without"),
        (dialogue(USER, {"role": "assistant", "content": "x"}, RESULT), "unexpected `tool_use_id`"),
        (dialogue(USER, {"role": "assistant", "content": [thought("x", signature="y")]}, USER), "signature"),
        ({"messages": [{"role": "user", "content": "x" * 5000}]}, "prompt is too long"),
    ],
)
def test_what_is_wrong_is_refused(server, body, words):
    status, said = answered(server, body)
    assert status == 400
    assert words in said


def test_temperature_needs_an_old_version_and_thinking_off(server):
    assert answered(server, {"temperature": 0.5}, OLD)[0] == 200
    thinking = {"thinking": {"type": "adaptive"}, "max_tokens": 64}
    for more in ({"temperature": 1.0}, {"top_p": 0.5}, {"top_k": 5}):
        assert answered(server, {**thinking, **more}, OLD)[0] == 400
    assert answered(server, {"temperature": 1.5}, OLD)[0] == 400
    with AnthropicServer(Claude(sampled=False)) as newer:
        assert "deprecated for this model" in answered(newer, {"temperature": 1.0}, OLD)[1]


def test_headers_are_checked_first(server):
    assert answered(server, {}, Authorization="Bearer wrong")[0] == 401
    assert answered(server, {}, OLD, **{"X-Api-Key": "", "Authorization": f"Bearer {KEY}"})[0] == 401
    assert answered(server, {}, None, **{"X-Api-Key": KEY})[0] == 400
    assert "anthropic-beta" in answered(server, {}, **{"anthropic-beta": "made-up-2026-01-01"})[1]
    assert answered(server, {"model": "claude-other"})[0] == 404


def conversation(server: AnthropicServer, *blocks: dict[str, Any], **body: Any) -> list[dict[str, Any]]:
    """The blocks of a scripted answer, as its events give them."""
    server.script(Reply(blocks=blocks, stop="tool_use"))
    _, said = answered(server, body)
    events = [json.loads(line[6:]) for line in said.splitlines() if line.startswith("data: ")]
    signatures = [
        e["delta"]["signature"] for e in events if e.get("delta", {}).get("type") == "signature_delta"
    ]
    return [{**b, "signature": signatures.pop(0)} if b["type"] == "thinking" else b for b in blocks]


@pytest.fixture(scope="module")
def bound() -> Iterator[AnthropicServer]:
    with AnthropicServer(Claude(bound=True)) as server:
        yield server


def test_altered_thinking_is_refused(server):
    said = conversation(server, thought("deep"), call("t1", "add"))
    back = dialogue(USER, {"role": "assistant", "content": said}, RESULT)
    assert answered(server, back)[0] == 200
    said[0]["thinking"] = "shallow"
    assert "Invalid `signature`" in answered(server, back)[1]


def test_with_a_budget_a_turn_that_calls_must_begin_with_its_thinking(server):
    budget = {"max_tokens": 1100, "thinking": {"type": "enabled", "budget_tokens": 1024}}
    said = conversation(server, thought("deep"), call("t1", "add"), **budget)
    for blocks, status in ((said, 200), (said[1:], 400)):
        turns = dialogue(USER, {"role": "assistant", "content": blocks}, RESULT)
        assert answered(server, {**budget, **turns})[0] == status


def test_bound_thinking_does_not_survive_another_past(bound):
    said = conversation(bound, thought("one"), text("x"), thought("two"), call("t1", "add"))
    for blocks, asked, status in (
        (said, USER, 200),
        ([said[1], said[3]], USER, 200),
        (said[1:], USER, 400),
        (said, {"role": "user", "content": "another"}, 400),
        (said, {"role": "user", "content": [{**text("hi"), **MARK}]}, 200),
    ):
        turns = dialogue(asked, {"role": "assistant", "content": blocks}, RESULT)
        assert answered(bound, turns)[0] == status
