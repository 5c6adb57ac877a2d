"""A handoff over real wires: nothing signed or thought leaves for a foreign API, and strict servers take what is sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from anthropic_made import THINKS, call, made, text, thought

from builders import cell, task_folder
from llmsweep.agent.handing_over import words_digest
from llmsweep.agent.loop import Above, run_episode
from llmsweep.agent.protocols.base import ESCALATE
from llmsweep.policy import HandoffKind, Tiered
from llmsweep.providers.base import Provider
from llmsweep.providers.openai import OpenAICompatible
from llmsweep.suite import load_task
from llmsweep.testing import AnthropicServer, Claude, MemoryFactory, Reply
from llmsweep.testing.server import Answer, Piece, SseServer
from llmsweep.types import Budget, Cell, Episode, EpisodeSpec, Observation

KEY = "test-key"
RIGHT = "def double(n):\n    return 2 * n\n"
THINKING = {"temperature": None, "top_p": None, "echo_reasoning": True, "max_tokens": 2000}
HANDOFFS: tuple[HandoffKind, ...] = ("conversation", "summary")


@pytest.fixture(autouse=True)
def key(monkeypatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)


def hidden(files: dict[str, str], logs: Path) -> Observation:
    (logs / "verifier" / "reward.txt").write_text("1" if "2 * n" in files.get("solution.py", "") else "0")
    return Observation(exit_code=0, output="")


def calls(*named: tuple[str, dict[str, str]], id: str = "0") -> Answer:
    """A completion of the OpenAI dialect that thinks, then calls tools, all under one id, as some servers do."""
    said = [
        {
            "index": n,
            "id": id,
            "type": "function",
            "function": {"name": name, "arguments": json.dumps(arguments)},
        }
        for n, (name, arguments) in enumerate(named)
    ]
    return Answer(
        pieces=[Piece({"reasoning_content": "local thoughts"}), Piece({"tool_calls": said})],
        finish="tool_calls",
    )


def handed(
    tmp_path: Path, local: tuple[Provider, Cell], frontier: tuple[Provider, Cell], kind: HandoffKind
) -> Episode:
    task = load_task(task_folder(tmp_path), "t")
    spec = EpisodeSpec(task=task, cell=local[1], repeat=0, harness="h")
    factory = MemoryFactory(answer=lambda *_: Observation(exit_code=0, output=""), verifier=hidden)
    policy = Tiered(frontier=frontier[1], harness="h", words=words_digest(), handoff=kind)
    above = Above(policy=policy, make_provider=lambda: frontier[0])
    return run_episode(spec, lambda: local[0], lambda t: factory.open(t, tmp_path / "snapshots"), above)


@pytest.mark.parametrize("kind", HANDOFFS)
@pytest.mark.parametrize(("thinking", "reasoning"), [("enabled", "budget"), ("adaptive", True)])
def test_an_openai_dialect_hands_over_to_claude(server: SseServer, thinking, reasoning, kind, tmp_path: Path):
    server.script(
        calls(("read_file", {"path": "solution.py"}), ("bash", {"command": "ls"})),
        calls(("read_file", {"path": "check.py"})),
        calls((ESCALATE, {"reason": "too hard"})),
    )
    claude = Claude(key=KEY, thinking=(thinking,), bound=thinking == "adaptive", context=100_000)
    ours = cell(protocol="native", budget=Budget(turns=5), reasoning=True)
    theirs = cell(model="claude", protocol="native", reasoning=reasoning, budget=Budget(turns=5), **THINKING)
    local = OpenAICompatible(
        model="stub", base_url=server.base_url, warm_up=False, reasoning_on={"think": True}, context=4096
    )
    with AnthropicServer(claude) as above, made(above, **THINKS) as frontier, local:
        above.script(
            Reply(
                blocks=[
                    thought("Mine."),
                    call("t1", "write_file", path="solution.py", content=RIGHT),
                ],
                stop="tool_use",
            ),
            Reply(blocks=[thought("Done."), call("t2", "submit")], stop="tool_use"),
        )
        episode = handed(tmp_path, (local, ours), (frontier, theirs), kind)
        asked = above.asked
    assert (episode.error, episode.stop, episode.passed) == (None, "submitted", True)
    assert [one.refused for one in asked] == [None, None]
    assert episode.handoff is not None
    assert (episode.handoff.trigger, episode.handoff.provider) == ("asked", "anthropic")
    assert episode.provider == "openai"
    first = json.dumps(asked[0].body)
    assert "local thoughts" not in first
    assert ESCALATE not in {tool["name"] for tool in asked[0].body["tools"]}
    ids = [
        block["id"]
        for turn in asked[0].body["messages"]
        if turn["role"] == "assistant"
        for block in turn["content"]
        if block["type"] == "tool_use"
    ]
    assert ids == (["call00001", "call00002", "call00003"] if kind == "conversation" else [])


@pytest.mark.parametrize("kind", HANDOFFS)
def test_claude_hands_over_to_an_openai_dialect(server: SseServer, kind, tmp_path: Path):
    claude = Claude(key=KEY, thinking=("adaptive",), bound=True, context=100_000)
    ours = cell(protocol="native", reasoning=True, budget=Budget(turns=5), **THINKING)
    theirs = cell(
        model="stub", protocol="native", reasoning=True, echo_reasoning=True, budget=Budget(turns=5)
    )
    server.script(
        calls(("write_file", {"path": "solution.py", "content": RIGHT})),
        calls(("submit", {})),
    )
    frontier = OpenAICompatible(
        model="stub", base_url=server.base_url, warm_up=False, context=4096, echo=True, reasoning_on={"x": 1}
    )
    with AnthropicServer(claude) as below, made(below, **THINKS) as local, frontier:
        below.script(
            Reply(
                blocks=[
                    thought("secret thoughts"),
                    {"type": "redacted_thinking", "data": "c2VjcmV0"},
                    text("I look."),
                    call("toolu_1", "read_file", path="solution.py"),
                ],
                stop="tool_use",
            ),
            Reply(
                blocks=[thought("more secrets"), call("toolu_2", ESCALATE, reason="too hard")],
                stop="tool_use",
            ),
        )
        episode = handed(tmp_path, (local, ours), (frontier, theirs), kind)
        seen = server.seen
    assert (episode.error, episode.passed) == (None, True)
    for one in seen:
        sent = json.dumps(one.body)
        for private in ("secret", "c2VjcmV0", "signature", "toolu_", "thinking"):
            assert private not in sent
    first, second = (one.body["messages"] for one in seen)
    if kind == "conversation":
        (kept,) = (m for m in first if m["role"] == "assistant" and m.get("tool_calls"))
        (result,) = (m for m in first if m["role"] == "tool")
        assert kept["tool_calls"][0]["id"] == result["tool_call_id"] == "call00001"
        assert "NotImplementedError" in result["content"]
    # What the frontier model itself thought does go back to it.
    assert "local thoughts" not in json.dumps(first)
    assert "local thoughts" in json.dumps(second)
