"""Exchanges with real Ollama servers, replayed: what we send is what they took, and what they said is understood.

Recorded by running this file: ``python tests/providers/test_ollama_recorded.py HOST TAG``, with SmolLM2-135M under a
template that knows tools and thinking; ``smol-native`` has its template in the GGUF file, where llama-server runs it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from llmsweep.providers.ollama import OllamaChat
from llmsweep.testing import OllamaModel, OllamaReply, OllamaServer
from llmsweep.types import Exchange, Message, Sampling, Tool, ToolCall

FOLDER = Path(__file__).parent / "fixtures/ollama"
FILES = sorted(FOLDER.glob("*.json"))
CONTEXT = 1024
ASKED = (
    Message(role="system", content="You are a helpful assistant."),
    Message(role="user", content="Tell me about the sea."),
)
ADD = Tool(
    name="add",
    description="Add two numbers.",
    parameters={
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "required": ["a", "b"],
    },
)


def added(number: int) -> tuple[Message, ...]:
    """A turn that called the tool and was answered."""
    call = ToolCall(id=f"call_{number}", name="add", arguments=f'{{"a":"{number}","b":"4"}}')
    return (
        Message(role="user", content=f"Add {number} and 4."),
        Message(role="assistant", reasoning="I had better add.", tool_calls=(call,)),
        Message(role="tool", content=str(number + 4), tool_call_id=call.id),
        Message(role="assistant", content=f"It is {number + 4}."),
    )


HISTORY = (*ASKED[:1], *added(3), *added(5), *added(7), Message(role="user", content="Add 9 and 4."))
SHORT = Sampling(max_tokens=8, seed=1)
SCENES: dict[str, tuple[tuple[Message, ...], tuple[Tool, ...], Sampling]] = {
    "plain": (ASKED, (), SHORT),
    "warm": (ASKED, (), Sampling(temperature=1.0, top_p=0.9, max_tokens=8, seed=7)),
    "thinking": (ASKED, (), Sampling(reasoning=True, max_tokens=8, seed=1)),
    "echo": (HISTORY, (ADD,), Sampling(reasoning=True, echo_reasoning=True, max_tokens=4, seed=1)),
    "tools": (HISTORY, (ADD,), Sampling(max_tokens=48, seed=1)),
    "results": ((*HISTORY[:1], *added(2)[:3]), (ADD,), Sampling(max_tokens=48, seed=1)),
    "full": ((Message(role="user", content="one two three four " * 300),), (), SHORT),
}


def record(host: str, tag: str) -> None:
    """Write a file for each scene, without dates."""
    provider = OllamaChat(model=tag, host=host, context=CONTEXT)
    with provider:
        with provider._asking() as link:
            server = f"ollama {link.version()}"
        for scene, (messages, tools, sampling) in SCENES.items():
            overheard: list[Exchange] = []
            provider.listen(overheard.append)
            provider.complete(messages, tools, sampling)
            (exchange,) = overheard
            reply = re.sub(r'"created_at":"[^"]*"', '"created_at":"2026-01-01T00:00:00Z"', exchange.reply)
            kept = {"server": server, "request": exchange.request, "status": exchange.status, "reply": reply}
            name = f"{tag}-{server.split()[1].split('-')[0]}-{scene}.json"
            (FOLDER / name).write_text(json.dumps(kept, indent=1) + "\n")


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, OllamaServer]]:
    tags = {file.name.rsplit("-", 2)[0] for file in FILES}
    running = {tag: OllamaServer(OllamaModel(tag=f"{tag}:latest", trained=8192)) for tag in tags}
    for server in running.values():
        server.__enter__()
    yield running
    for server in running.values():
        server.kill()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_recorded_exchange(servers: dict[str, OllamaServer], file: Path):
    tag, _, scene = file.stem.rsplit("-", 2)
    messages, tools, sampling = SCENES[scene]
    kept = json.loads(file.read_text())
    whole = kept["status"] != 200
    reply = (
        OllamaReply(status=kept["status"], error=json.loads(kept["reply"]))
        if whole
        else OllamaReply(raw=kept["reply"])
    )
    heard: dict[str, list[str]] = {"reasoning": [], "content": [], "tool": []}
    server = servers[tag]
    with OllamaChat(model=tag, host=server.host, context=CONTEXT) as provider:
        server.script(reply)
        answer = provider.complete(messages, tools, sampling, lambda kind, text: heard[kind].append(text))
    assert [asked.body for asked in server.asked if asked.body["messages"]][-1] == kept["request"]
    if whole:
        assert (scene, answer.stop_reason) == ("full", "context")
        return

    lines = [json.loads(line) for line in kept["reply"].splitlines()]
    said = [line["message"] for line in lines]
    assert answer.message.content == "".join(heard["content"]) == "".join(m["content"] for m in said)
    assert (answer.message.reasoning or "") == "".join(m.get("thinking", "") for m in said)
    calls = [call for m in said for call in m.get("tool_calls", ())]
    assert [json.loads(call.arguments) for call in answer.message.tool_calls] == [
        call["function"]["arguments"] for call in calls
    ]
    assert [call.id for call in answer.message.tool_calls] == [call["id"] for call in calls]
    last = lines[-1]
    assert answer.usage.input_tokens == last["prompt_eval_count"] > 0
    assert answer.usage.output_tokens == last["eval_count"] > 0
    assert answer.prefill_s == last["prompt_eval_duration"] / 1e9
    assert answer.decode_s == last["eval_duration"] / 1e9
    assert answer.stop_reason == ("tool_calls" if calls else last["done_reason"])
    streamed = any(m["content"] or m.get("thinking") for m in said)
    assert (answer.ttft_s is not None) == streamed


def test_all_kinds_of_answers_are_among_the_recorded():
    scenes = {file.stem.rsplit("-", 1)[1] for file in FILES}
    assert scenes == set(SCENES)
    replies = "".join(file.read_text() for file in FILES)
    assert all(word in replies for word in ("tool_calls", "thinking", "done_reason", "context"))


if __name__ == "__main__":
    record(*sys.argv[1:])
