"""Who else is on the machine: servers with models in memory, and what Ollama does not tell its clients."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from keepers import Stub
from llmsweep.local.neighbours import Wish, neighbours, ollama_settings
from llmsweep.testing import SseServer

HERE = "http://127.0.0.1:9/v1"


@contextmanager
def process_like_ollama(folder: Path, **settings: str) -> Iterator[None]:
    """A process with the name and the words of an Ollama server."""
    program = folder / "ollama"
    program.write_text("#!/bin/sh\necho up\nread line\n")
    program.chmod(0o755)
    environment = {"PATH": "/usr/bin:/bin", "OLLAMA_API_KEY": "very-secret", **settings}
    process = subprocess.Popen(
        [program, "serve"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield
    finally:
        process.communicate()


def test_what_ollama_was_started_with_is_read_off_its_process_and_nothing_else(tmp_path: Path):
    mine = {"OLLAMA_CONTEXT_LENGTH": "2049", "OLLAMA_NUM_PARALLEL": "3"}
    with process_like_ollama(tmp_path, **mine):
        found = ollama_settings()
    assert mine in found
    assert "very-secret" not in str(found)
    assert mine not in ollama_settings()


@pytest.mark.parametrize(("slots", "warned"), [(1, False), (3, False), (4, True)])
def test_more_streams_than_ollama_works_on_are_a_warning(
    slots: int, warned: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with Stub("ollama") as server, process_like_ollama(tmp_path, OLLAMA_NUM_PARALLEL="3"):
        if len(ollama_settings()) != 1:
            pytest.skip("another Ollama runs on this machine")
        monkeypatch.setenv("LLMSWEEP_SERVERS", server.root)
        wish = Wish(address=server.root, model="ours", slots=slots)
        warnings = [check for check in neighbours(wish, {}) if check.state == "warn"]
    fixes = ["start it with OLLAMA_NUM_PARALLEL=4, or set provider.slots=3"] if warned else []
    assert [check.fix for check in warnings] == fixes


@pytest.mark.parametrize(
    ("wish", "state"),
    [
        (None, "warn"),
        (Wish(address=HERE), "warn"),
        (Wish(address=HERE, others="refuse"), "fail"),
        (Wish(address=HERE, exclusive=False), "info"),
        (Wish(address="https://api.example"), "info"),
        (Wish(address=None), "info"),
    ],
)
def test_a_model_in_memory_matters_as_much_as_the_sweep_minds_it(
    wish: Wish | None, state: str, monkeypatch: pytest.MonkeyPatch
):
    with Stub("lmstudio") as server:
        monkeypatch.setenv("LLMSWEEP_SERVERS", server.root)
        server.loaded = {"other"}
        (check,) = [check for check in neighbours(wish, {}) if check.name == "LM Studio"]
        assert (check.state, server.loaded) == (state, {"other"})
    assert "other" in check.said


def test_our_own_model_in_memory_is_fine(monkeypatch: pytest.MonkeyPatch):
    with Stub("ollama") as server:
        monkeypatch.setenv("LLMSWEEP_SERVERS", server.root)
        server.loaded = {"ours:latest"}
        checks = list(neighbours(Wish(address=server.root, model="ours"), {}))
    assert [check.said for check in checks if check.state == "ok"] == [
        f"0.30.1 answers at {server.root}, only this model is loaded"
    ]


def test_keepers_that_are_not_there_are_told_with_what_starts_them():
    absent = {check.name: check for check in neighbours(None, {})}
    assert {name: absent[name].state for name in ("Ollama", "LM Studio")} == {
        "Ollama": "info",
        "LM Studio": "info",
    }
    assert "ollama serve" in absent["Ollama"].fix
    with Stub("lmstudio") as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("LLMSWEEP_SERVERS", server.root)
        there = [check for check in neighbours(None, {}) if check.name == "LM Studio"]
    assert [(check.state, server.root in check.said) for check in there] == [("ok", True)]


def test_a_server_that_can_only_be_stopped():
    with SseServer() as server, Stub("ollama") as other:
        root = server.base_url.removesuffix("/v1")
        servers = {"here": root, "no model server": other.root, "nobody": "http://127.0.0.1:9"}

        def states(wish: Wish | None) -> list[str]:
            return [check.state for check in neighbours(wish, servers) if check.name in servers]

        assert states(None) == ["info", "info", "info"]
        assert states(Wish(address="http://127.0.0.1")) == ["warn", "info", "info"]
        assert states(Wish(address=server.base_url)) == ["info", "info", "info"]
        assert states(Wish(address="https://api.example")) == ["info", "info", "info"]
