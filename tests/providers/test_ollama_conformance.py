from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from llmsweep.providers.ollama import OllamaChat
from llmsweep.testing import OllamaModel, OllamaServer, ProviderConformance
from llmsweep.types import Sampling


def served(**model) -> Iterator[OllamaServer]:
    with OllamaServer(OllamaModel(tokens=1000, gap_s=0.005, **model)) as server:
        yield server


@pytest.fixture(scope="module")
def plain() -> Iterator[OllamaServer]:
    yield from served(capabilities=("completion", "tools"))


@pytest.fixture(scope="module")
def thinking() -> Iterator[OllamaServer]:
    yield from served()


@pytest.fixture(scope="module")
def cutting() -> Iterator[OllamaServer]:
    yield from served(cuts=True)


class TestOllama(ProviderConformance):
    @pytest.fixture
    def provider(self, plain: OllamaServer) -> OllamaChat:
        return OllamaChat(model="stub", host=plain.host, slots=4, context=4096)


class TestOllamaThatThinks(ProviderConformance):
    @pytest.fixture
    def provider(self, thinking: OllamaServer) -> OllamaChat:
        return OllamaChat(model="stub", host=thinking.host, context=4096)


class TestOllamaThatCutsPrompts(ProviderConformance):
    @pytest.fixture
    def provider(self, cutting: OllamaServer) -> OllamaChat:
        return OllamaChat(model="stub", host=cutting.host, context=4096)


@pytest.mark.slow
@pytest.mark.skipif("LLMSWEEP_OLLAMA" not in os.environ, reason="LLMSWEEP_OLLAMA=URL of an Ollama server")
class TestRealOllama(ProviderConformance):
    """LLMSWEEP_OLLAMA_MODEL: a tag that it has, by default smollm2."""

    long = Sampling(temperature=1.5, max_tokens=2000, seed=3)

    @pytest.fixture
    def provider(self) -> OllamaChat:
        tag = os.environ.get("LLMSWEEP_OLLAMA_MODEL", "smollm2")
        return OllamaChat(model=tag, host=os.environ["LLMSWEEP_OLLAMA"], context=2560)
