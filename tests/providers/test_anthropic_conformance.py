from __future__ import annotations

from collections.abc import Iterator

import pytest

from llmsweep.providers.anthropic import AnthropicMessages
from llmsweep.testing import AnthropicServer, Claude, ProviderConformance

OLD = "2023-06-01"
OFF = {"thinking": {"type": "disabled"}}
ADAPTIVE = {"thinking": {"type": "adaptive", "display": "summarized"}}
BUDGET = {"thinking": {"type": "enabled", "budget_tokens": 1024}}


@pytest.fixture(scope="module")
def slow_server() -> Iterator[AnthropicServer]:
    with AnthropicServer(Claude(tokens=1000, gap_s=0.005)) as server:
        yield server


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")


class TestAnthropic(ProviderConformance):
    """Of a model that takes a temperature, as the shipped tests send one."""

    @pytest.fixture
    def provider(self, slow_server: AnthropicServer) -> AnthropicMessages:
        return AnthropicMessages(model="claude-stub", base_url=slow_server.base_url, api_version=OLD)


class TestAnthropicThatThinks(TestAnthropic):
    @pytest.fixture
    def provider(self, slow_server: AnthropicServer) -> AnthropicMessages:
        return AnthropicMessages(
            model="claude-stub",
            base_url=slow_server.base_url,
            api_version=OLD,
            reasoning_on=ADAPTIVE,
            reasoning_off=OFF,
            reasoning_levels={"high": BUDGET},
            warm_up=True,
        )
