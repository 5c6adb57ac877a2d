from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import pytest


@pytest.fixture(scope="session")
def gguf() -> Path:
    """The weights of SmolLM2, where they are on this machine."""
    cache = Path(os.environ.get("LLMSWEEP_CACHE") or platformdirs.user_cache_path("llmsweep"))
    path = Path(os.environ.get("LLMSWEEP_TEST_GGUF") or cache / "models/smollm2.gguf")
    if not path.is_file():
        pytest.skip(f"{path} is missing: llmsweep models pull smollm2, or set LLMSWEEP_TEST_GGUF")
    return path
