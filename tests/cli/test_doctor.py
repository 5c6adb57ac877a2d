"""`llmsweep doctor` says what is missing with what mends it, and its exit code says whether a sweep would run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from keepers import Stub
from llmsweep.cli import run
from llmsweep.sandbox.base import Sandbox
from llmsweep.sandbox.local import Local
from llmsweep.testing import SseServer
from llmsweep.types import Observation, Task

SCRIPTED = ["doctor", "model=scripted", "sandbox=local"]


def told(capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    """State, name and the rest of every line."""
    return [line.split(maxsplit=2) for line in capsys.readouterr().out.splitlines()]


def served_by(server: SseServer) -> list[str]:
    return [
        "doctor",
        "model=server",
        "model.id=stub",
        f"provider.base_url={server.base_url}",
        "sandbox=local",
    ]


def test_a_sweep_that_would_run(capsys):
    assert run(SCRIPTED) == 0
    lines = told(capsys)
    assert ["ok", "model"] in [line[:2] for line in lines]
    assert ["ok", "sandbox"] in [line[:2] for line in lines]
    assert "fail" not in [line[0] for line in lines]


def test_a_server_that_is_not_there_fails_with_its_fix_and_the_rest_is_looked_at(capsys):
    words = ["doctor", "model=server", "model.id=x", "provider.base_url=http://127.0.0.1:9/v1"]
    assert run([*words, "sandbox=local"]) == 3
    lines = told(capsys)
    (failed,) = [line for line in lines if line[0] == "fail"]
    assert failed[1] == "model"
    assert "127.0.0.1:9" in failed[2]
    assert "-> start an OpenAI-compatible server there" in failed[2]
    assert ["ok", "sandbox"] in [line[:2] for line in lines]


def test_a_server_that_is_there_passes(capsys):
    with SseServer() as server:
        assert run(served_by(server)) == 0
        assert server.seen == []
    assert "fail" not in [line[0] for line in told(capsys)]


def test_without_a_model_it_looks_at_the_machine(capsys):
    assert run(["doctor", "sandbox=local"]) == 0
    names = [line[1] for line in told(capsys)]
    assert "model" not in names
    assert {"sandbox", "results", "python", "memory", "load", "weights"} <= set(names)


class Broken(Local):
    """A sandbox that thinks itself fit."""

    @contextmanager
    def open(self, task: Task, snapshots: Path | None = None) -> Iterator[Sandbox]:
        with super().open(task, snapshots) as opened:
            opened.run = lambda command, timeout_s: Observation(exit_code=127, output="no bash")
            yield opened


def test_a_sandbox_that_cannot_run_true_fails(capsys):
    assert run([*SCRIPTED, f"sandbox._target_={__name__}.Broken"]) == 3
    (line,) = [line for line in told(capsys) if line[0] == "fail"]
    assert line[1:] == ["sandbox", "`true` ended with 127 in the local sandbox: no bash"]


def test_results_that_cannot_be_written_fail(capsys, tmp_path):
    (tmp_path / "file").touch()
    assert run([*SCRIPTED, f"results={tmp_path}/file/in"]) == 3
    (line,) = [line for line in told(capsys) if line[0] == "fail"]
    assert line[1] == "results"
    assert "cannot be written" in line[2]


def test_a_cache_that_cannot_be_written_stops_no_sweep(capsys, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("LLMSWEEP_CACHE", f"{tmp_path}/file/in")
    words = [*SCRIPTED, f"results={tmp_path}"]
    assert run(words) == 0
    (line,) = [line for line in told(capsys) if line[1] == "weights"]
    assert line[0] == "warn"
    assert "cannot be written  -> set LLMSWEEP_CACHE" in line[2]
    assert run([*words[1:], "suite.limit=1", "smoke=0", "plots=false", "quiet=true"]) == 0


def test_an_embedded_model_needs_the_embedded_server(tmp_path: Path):
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as util\nfind = util.find_spec\n"
        "util.find_spec = lambda name, package=None: None if name == 'xllamacpp' else find(name, package)\n"
    )
    code = "import sys; from llmsweep.cli import run; sys.exit(run(sys.argv[1:]))"
    seen = {}
    for model in ("smollm2", "scripted"):
        done = subprocess.run(
            [sys.executable, "-c", code, "doctor", "--json", f"model={model}", "sandbox=local"],
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            stdout=subprocess.PIPE,
            check=False,
        )
        states = [check["state"] for check in json.loads(done.stdout) if check["name"] == "llama.cpp"]
        seen[model] = (states, done.returncode)
    assert seen == {"smollm2": (["fail"], 3), "scripted": (["info"], 0)}


def test_a_missing_key_is_named_and_a_present_one_never_shown(capsys, monkeypatch):
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    assert run(["doctor", "model=claude-haiku", "sandbox=local"]) == 3
    assert "ANTHROPIC_API_KEY" in capsys.readouterr().out
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    run(SCRIPTED)
    shown = capsys.readouterr().out
    assert "OPENAI_API_KEY is set" in shown
    assert "very-secret" not in shown


def test_wrong_words_are_a_matter_of_usage(capsys):
    assert run(["doctor", "model=scritped"]) == 2
    assert run(["doctor", "model=scripted", "repeats=0"]) == 2
    assert run(["doctor", "sandbox=local", "+repeets=3"]) == 2
    seen = capsys.readouterr()
    assert "did you mean 'scripted'" in seen.err
    assert "repeats=0" in seen.err
    assert "did you mean 'repeats'" in seen.err
    assert seen.out == ""


def test_json_is_a_list_of_checks(capsysbinary):
    assert run([*SCRIPTED, "--json"]) == 0
    checks = json.loads(capsysbinary.readouterr().out)
    assert {"name": "model", "state": "ok"}.items() <= checks[0].items()
    assert {check["state"] for check in checks} <= {"ok", "info", "warn", "fail"}


def test_help_says_how(capsys):
    assert run(["doctor", "--help"]) == 0
    assert "exit code 3" in capsys.readouterr().out


def test_other_models_in_memory_are_a_warning_or_a_reason_not_to_begin(capsys, monkeypatch):
    with SseServer() as server, Stub("ollama") as keeper:
        monkeypatch.setenv("LLMSWEEP_SERVERS", keeper.root)
        keeper.loaded = {"other:7b"}
        for others, code, state in (("unload", 0, "warn"), ("refuse", 3, "fail")):
            assert run([*served_by(server), f"host.others={others}"]) == code
            (line,) = [line for line in told(capsys) if "other:7b" in line[-1]]
            assert line[0] == state
        assert keeper.loaded == {"other:7b"}


@pytest.mark.parametrize("lock", ["pulling()", "holding(HERE)"])
def test_a_pull_or_another_sweep_fails_where_a_sweep_would(lock: str, capsys):
    code = (
        "import sys\nfrom llmsweep.local.lock import HERE, holding, pulling\n"
        f"with {lock}:\n    print('in', flush=True)\n    sys.stdin.read()"
    )
    other = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with SseServer() as server:
        try:
            assert other.stdout is not None
            other.stdout.readline()
            assert run(served_by(server)) == 3
            # A sweep whose model no machine serves minds only the pull.
            assert run(SCRIPTED) == (3 if lock == "pulling()" else 0)
            assert run(["doctor", "sandbox=local"]) == (3 if lock == "pulling()" else 0)
        finally:
            other.communicate()
        capsys.readouterr()
        assert run(served_by(server)) == 0
    assert not [line for line in told(capsys) if line[1] in ("pull", "sweep")]
