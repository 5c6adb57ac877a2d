"""What the tests of the Anthropic provider share: a provider of a local server, and questions to it."""

from __future__ import annotations

from typing import Any

import pytest

from llmsweep.errors import ProviderError
from llmsweep.providers.anthropic import AnthropicMessages
from llmsweep.testing import AnthropicServer, Reply
from llmsweep.types import Completion, Message, Sampling, Tool

KEY = "test-key"
ASKED = (Message(role="user", content="hi"),)
PLAIN = Sampling(temperature=None, top_p=None)
ON = {"thinking": {"type": "adaptive", "display": "summarized"}}
OFF = {"thinking": {"type": "disabled"}}
LEVELS = {
    "low": {**ON, "output_config": {"effort": "low"}},
    "between_tools": {"thinking": {"type": "between_tools"}},
    "budget": {"thinking": {"type": "enabled", "budget_tokens": 1024}},
}
THINKS: dict[str, Any] = {"reasoning_on": ON, "reasoning_off": OFF, "reasoning_levels": LEVELS}
TOOL = Tool(name="add", description="Add.", parameters={"type": "object", "properties": {}})


def made(server: AnthropicServer, **changes: Any) -> AnthropicMessages:
    return AnthropicMessages(**{"model": "claude-stub", "base_url": server.base_url, **changes})


def ask(
    server: AnthropicServer, *replies: Reply, sampling: Sampling = PLAIN, tools=(), **changes: Any
) -> Completion:
    server.script(*replies)
    with made(server, **changes) as provider:
        return provider.complete(ASKED, tools, sampling)


def fault(server: AnthropicServer, *replies: Reply, **changes: Any) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        ask(server, *replies, **changes)
    return caught.value


def sent(server: AnthropicServer) -> dict[str, Any]:
    return server.asked[-1].body


def text(content: str) -> dict[str, Any]:
    return {"type": "text", "text": content}


def thought(content: str, **more: str) -> dict[str, Any]:
    return {"type": "thinking", "thinking": content, **more}


def call(id: str, name: str, **given: object) -> dict[str, Any]:
    return {"type": "tool_use", "id": id, "name": name, "input": given}


def without_marks(value: Any) -> Any:
    """A request without the cache's breakpoints."""
    if isinstance(value, dict):
        return {key: without_marks(part) for key, part in value.items() if key != "cache_control"}
    return [without_marks(part) for part in value] if isinstance(value, list) else value
