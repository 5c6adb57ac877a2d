"""Whether Ollama is downloading: it tells nobody what it pulls, but its unfinished files grow."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

GROWING_S = 60.0
"""A file that was not touched for so long is not being downloaded."""
_TICK_S = 0.1
"""Files' clocks are behind by so much at most."""


def downloading(since: float = 0.0) -> bool:
    """Whether an Ollama on this machine downloads now, and did so after ``since`` (seconds of `time.time`).

    Only where its files are known and can be read. A download that was broken off counts for `GROWING_S` more.
    """
    for folder in _folders():
        for part in folder.glob("blobs/*-partial*"):
            with suppress(OSError):
                touched = part.stat().st_mtime
                if touched > since - _TICK_S and time.time() - touched < GROWING_S:
                    return True
    return False


def _folders() -> list[Path]:
    """Where an Ollama on this machine keeps its files, as far as they are known and can be read."""
    if named := os.environ.get("OLLAMA_MODELS"):
        return [Path(named)]
    return [Path.home() / ".ollama/models", Path("/usr/share/ollama/.ollama/models")]
