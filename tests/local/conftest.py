"""A user of its own for every test: home, cache, state and pip settings lie in the test's folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for key in [key for key in os.environ if key.startswith(("PIP_", "OLLAMA_", "HF_"))]:
        monkeypatch.delenv(key)
    settings = {
        "HOME": tmp_path / "home",
        "XDG_STATE_HOME": tmp_path / "state",
        "XDG_CACHE_HOME": tmp_path / "home/.cache",
        "LLMSWEEP_CACHE": tmp_path / "cache",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": tmp_path / "index",
        "PIP_CONFIG_FILE": os.devnull,
        "NO_PROXY": "*",
    }
    for key, value in settings.items():
        monkeypatch.setenv(key, str(value))
    (tmp_path / "home").mkdir()
    return tmp_path
