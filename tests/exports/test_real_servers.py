"""Served for real: llama-server by the exported flags, asked by the exported request; a search's study by optuna-dashboard."""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from exports.elsewhere import fetched
from exports.made import PUBLISHED
from llmsweep.cli import run
from llmsweep.local.cache import weights_path

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
START_S = 180.0


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def ask(url: str, body: bytes | None = None) -> Any:
    asked = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=120) as answer:
        return json.loads(answer.read())


@contextmanager
def serving(command: Sequence[str], ready: str, env: dict[str, str] | None = None) -> Iterator[None]:
    """The program while it runs, once ``ready`` answers."""
    with subprocess.Popen(
        command, env={**os.environ, **(env or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            until = time.monotonic() + START_S
            while True:
                try:
                    ask(ready)
                    break
                except (urllib.error.URLError, ConnectionError, TimeoutError):
                    assert process.poll() is None, f"{command[0]} ended with {process.returncode}"
                    assert time.monotonic() < until, f"{command[0]} did not answer"
                    time.sleep(0.5)
            yield
        finally:
            process.kill()


SERVER = """
import json, sys, threading
import xllamacpp
flags = json.loads(sys.argv[1])
p = xllamacpp.CommonParams()
p.hostnames, p.port, p.ui = ["127.0.0.1"], int(sys.argv[2]), False
PLACES = {
    "--parallel": (p, "n_parallel", int), "--ctx-size": (p, "n_ctx", int), "--predict": (p, "n_predict", int),
    "--cache-ram": (p, "cache_ram_mib", int), "--temp": (p.sampling, "temp", float),
    "--top-p": (p.sampling, "top_p", float), "--top-k": (p.sampling, "top_k", int),
    "--min-p": (p.sampling, "min_p", float), "--repeat-penalty": (p.sampling, "penalty_repeat", float),
}
for flag, value in flags.items():
    if flag in PLACES:
        where, name, kind = PLACES[flag]
        assert hasattr(where, name), name
        setattr(where, name, kind(value))
    elif flag == "--model":
        p.model.path = value
    elif flag == "--alias":
        p.model_alias = {value}
    elif flag in ("--cache-type-k", "--cache-type-v"):
        setattr(p, flag.strip("-").replace("-", "_"), xllamacpp.ggml_type["GGML_TYPE_" + value.upper()])
    elif flag == "--fit":
        p.fit_params = value == "on"
    elif flag == "--no-context-shift":
        p.ctx_shift = False
    else:
        assert flag == "--jinja", flag
p.kv_unified, p.offline = False, True
server = xllamacpp.Server(p)
threading.Event().wait()
"""
"""llama.cpp's library by the flags of its program: each is set where the program's own parser sets it."""


def flags_of(script: str) -> dict[str, str | None]:
    """Flag -> value, None for one that stands alone."""
    bare = "\n".join(line for line in script.splitlines() if not line.startswith("#"))
    words = shlex.split(bare.replace("\\\n", " "))[1:]
    found: dict[str, str | None] = {}
    for word, after in zip(words, [*words[1:], "--"], strict=True):
        if word.startswith("--"):
            found[word] = None if after.startswith("--") else after
    return found


@pytest.mark.model
def test_llama_cpp_serves_by_the_flags_and_answers_the_request(capsys):
    pytest.importorskip("xllamacpp", reason="pip install 'llmsweep[llamacpp]'")
    if not weights_path("smollm2").is_file():
        pytest.skip("smollm2 is not here: llmsweep models pull smollm2")
    demo, port = str(PUBLISHED / "demo"), free_port()
    assert run(["export", "llama-server", demo]) == 0
    flags = flags_of(capsys.readouterr().out)
    assert run(["export", "request", demo]) == 0
    body = capsys.readouterr().out.encode()
    url = f"http://127.0.0.1:{port}"
    with serving([sys.executable, "-c", SERVER, json.dumps(flags), str(port)], f"{url}/health"):
        held = ask(f"{url}/props")
        answer = ask(f"{url}/v1/chat/completions", body)
    defaults = held["default_generation_settings"]
    assert (held["total_slots"], defaults["n_ctx"]) == (4, 2048)
    knobs = {
        key: defaults["params"][key] for key in ("temperature", "top_p", "top_k", "min_p", "repeat_penalty")
    }
    assert knobs == {"temperature": 0.0, "top_p": 1.0, "top_k": 0, "min_p": 0.0, "repeat_penalty": 1.0}
    assert answer["choices"][0]["message"]["content"]
    assert 0 < answer["usage"]["completion_tokens"] <= 192


def test_optuna_dashboard_shows_the_study_of_a_search(tmp_path: Path, capsys):
    search = [
        *("model=scripted", "strategy=optuna", "space.temperature={low: 0.1, high: 1.2, step: 0.1}"),
        *("baseline.temperature=0.3", "strategy.trials=4", "strategy.startup=3", "strategy.finalists=1"),
        *("suite.tasks=[add-numbers,is-even]", "confidence=0.4", "sandbox=local", "snapshots=false"),
        *("plots=false", "smoke=0", f"results={tmp_path / 'r'}"),
    ]
    assert run(search) == 0
    capsys.readouterr()
    uv = str(Path(sys.executable).parent / "uv")
    chosen = [
        uv,
        "run",
        "-q",
        "--no-project",
        "--isolated",
        "--python",
        sys.executable,
        "--with",
        "optuna-dashboard",
    ]
    fetched([*chosen, "optuna-dashboard", "--help"])
    port = free_port()
    url = f"http://127.0.0.1:{port}/api/studies"
    study = str(tmp_path / "r/scripted/study.log")
    with serving([*chosen, "optuna-dashboard", study, "--port", str(port)], url):
        (summary,) = ask(url)["study_summaries"]
        detail = ask(f"{url}/{summary['study_id']}")
    assert summary["study_name"] == "micro scripted"
    assert len(detail["trials"]) >= 4
    assert {one["name"] for one in detail["trials"][0]["params"]} == {"temperature"}
