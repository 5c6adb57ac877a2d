from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from llmsweep.providers.llamacpp import LlamaCpp
from llmsweep.providers.openai import OpenAICompatible
from llmsweep.providers.scripted import Scripted
from llmsweep.testing.providers import ProviderConformance
from llmsweep.testing.server import Model, SseServer

THINKING = {"chat_template_kwargs": {"enable_thinking": True}}
SILENT = {"chat_template_kwargs": {"enable_thinking": False}}


@pytest.fixture(scope="module")
def slow_server() -> Iterator[SseServer]:
    with SseServer(Model(context=4096, tokens=1000, gap_s=0.005)) as server:
        yield server


class TestScripted(ProviderConformance):
    @pytest.fixture
    def provider(self) -> Scripted:
        return Scripted(reply="the sea is wide and deep and blue " * 20, context=600, piece_s=0.005, slots=4)


class TestOpenAICompatible(ProviderConformance):
    @pytest.fixture
    def provider(self, slow_server: SseServer) -> OpenAICompatible:
        fields = {"top_k": "top_k", "min_p": "min_p", "repeat_penalty": "repetition_penalty"}
        return OpenAICompatible(model="stub", base_url=slow_server.base_url, slots=4, sampling_fields=fields)


class TestOpenAICompatibleThatReasons(TestOpenAICompatible):
    @pytest.fixture
    def provider(self, slow_server: SseServer) -> OpenAICompatible:
        return OpenAICompatible(
            model="stub",
            base_url=slow_server.base_url,
            reasoning_on=THINKING,
            reasoning_off=SILENT,
            echo=True,
        )


@pytest.mark.model
class TestLlamaCpp(ProviderConformance):
    @pytest.fixture
    def provider(self, gguf: Path) -> LlamaCpp:
        return LlamaCpp(gguf=gguf, context=2560, slots=2)
