from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest

from llmsweep.testing.server import Model, SseServer


@pytest.fixture(scope="module")
def sse() -> Iterator[SseServer]:
    """One server for all tests of a module; see `server`."""
    with SseServer(Model(context=512)) as server:
        yield server


@pytest.fixture
def server(sse: SseServer) -> SseServer:
    """A server that has seen nothing yet."""
    sse.forget()
    return sse


@pytest.fixture(scope="session")
def gguf() -> Path:
    """The weights of SmolLM2, where they are on this machine."""
    cache = Path(os.environ.get("LLMSWEEP_CACHE") or platformdirs.user_cache_path("llmsweep"))
    path = Path(os.environ.get("LLMSWEEP_TEST_GGUF") or cache / "models/smollm2.gguf")
    if not path.is_file():
        pytest.skip(f"{path} is missing: llmsweep models pull smollm2, or set LLMSWEEP_TEST_GGUF")
    return path
