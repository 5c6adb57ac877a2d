"""The models that come along for Ollama: composed, run for one episode against a server that says what it was asked."""

from __future__ import annotations

import socket
from contextlib import closing
from typing import Any

import pytest

from llmsweep.cli import run
from llmsweep.testing import OllamaModel, OllamaServer

WORDS = [
    "sandbox=local",
    "plots=false",
    "suite.limit=1",
    "smoke=0",
    "envelope.episodes=1",
    "baseline.turns=1",
]
PLAIN = ("completion", "tools")
THINKS = (*PLAIN, "thinking")
HELD: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "qwen": ({"tag": "qwen3-coder:30b", "capabilities": PLAIN}, {"think": False, "num_ctx": 16384}),
    "gpt-oss": (
        {"tag": "gpt-oss:20b", "family": "gptoss", "capabilities": THINKS},
        {"think": "medium", "num_ctx": 32768, "temperature": 1.0, "num_predict": 8192},
    ),
    "gemma": ({"tag": "gemma4:26b", "capabilities": THINKS}, {"think": False, "num_ctx": 32768}),
    "llama": ({"tag": "llama3.1:8b", "capabilities": PLAIN}, {"think": False, "num_ctx": 8192}),
    "devstral": ({"tag": "devstral-small-2:24b", "capabilities": PLAIN}, {"think": False, "num_ctx": 16384}),
}


@pytest.mark.parametrize("name", HELD)
def test_a_model_is_asked_as_its_file_says(name: str, tmp_path, monkeypatch):
    held, wanted = HELD[name]
    with OllamaServer(OllamaModel(trained=262144, **held)) as server:
        monkeypatch.setenv("OLLAMA_HOST", server.host)
        assert run([f"model={name}", *WORDS, "space=none", f"results={tmp_path}"]) == 0
        body = [asked.body for asked in server.asked if asked.body["messages"]][-1]
    assert body["model"] == held["tag"]
    assert {key: {**body, **body["options"]}.get(key) for key in wanted} == wanted


@pytest.mark.parametrize("name", HELD)
def test_without_ollama_a_model_is_refused_in_one_sentence(name: str, tmp_path, monkeypatch, capsys):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("OLLAMA_HOST", f"127.0.0.1:{port}")
    assert run([f"model={name}", f"results={tmp_path}"]) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert "ollama serve" in line
