"""`llmsweep doctor` says what is missing with what mends it, and its exit code says whether a sweep would run."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from keepers import Stub
from llmsweep.cli import run
from llmsweep.local.doctor import machine_checks
from llmsweep.testing import SseServer


def told(capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    """State, name and the rest of every line."""
    return [line.split(maxsplit=2) for line in capsys.readouterr().out.splitlines()]


def test_a_sweep_that_would_run(capsys):
    assert run(["doctor", "model=scripted", "sandbox=local"]) == 0
    lines = told(capsys)
    assert ["ok", "model"] in [line[:2] for line in lines]
    assert ["ok", "sandbox"] in [line[:2] for line in lines]
    assert "fail" not in [line[0] for line in lines]


def test_a_server_that_is_not_there_fails_with_its_fix(capsys):
    words = [
        "doctor",
        "model=server",
        "model.id=x",
        "provider.base_url=http://127.0.0.1:9/v1",
        "sandbox=local",
    ]
    assert run(words) == 3
    (failed,) = [line for line in told(capsys) if line[0] == "fail"]
    assert failed[1] == "model"
    assert "127.0.0.1:9" in failed[2]
    assert "-> start an OpenAI-compatible server there" in failed[2]


def test_a_server_that_is_there_passes(capsys):
    with SseServer() as server:
        words = ["doctor", "model=server", "model.id=stub", f"provider.base_url={server.base_url}"]
        assert run([*words, "sandbox=local"]) == 0
        assert server.seen == []
    assert "fail" not in [line[0] for line in told(capsys)]


def test_a_missing_key_is_named_and_a_present_one_never_shown(capsys, monkeypatch):
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    assert run(["doctor", "model=claude-haiku"]) == 3
    assert "ANTHROPIC_API_KEY" in capsys.readouterr().out
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    run(["doctor", "model=scripted", "sandbox=local"])
    shown = capsys.readouterr().out
    assert "OPENAI_API_KEY is set" in shown
    assert "very-secret" not in shown


def test_wrong_words_are_a_matter_of_usage(capsys):
    assert run(["doctor", "model=scritped"]) == 2
    assert run(["doctor", "model=scripted", "repeats=0"]) == 2
    assert "did you mean 'scripted'" in capsys.readouterr().err


def test_json_is_a_list_of_checks(capsysbinary):
    assert run(["doctor", "--json", "model=scripted", "sandbox=local"]) == 0
    checks = json.loads(capsysbinary.readouterr().out)
    assert {"name": "model", "state": "ok"}.items() <= checks[0].items()
    assert {check["state"] for check in checks} <= {"ok", "info", "warn", "fail"}


def test_help_says_how(capsys):
    assert run(["doctor", "--help"]) == 0
    assert "exit code 3" in capsys.readouterr().out


def test_other_models_in_memory_are_a_warning(monkeypatch):
    with Stub("ollama") as keeper:
        monkeypatch.setenv("LLMSWEEP_SERVERS", keeper.root)
        keeper.loaded = {"other:7b"}
        found = [check for check in machine_checks() if check.name == "Ollama"]
        assert [check.state for check in found] == ["warn"]
        assert "other:7b" in found[0].said
        assert keeper.loaded == {"other:7b"}


def test_another_sweep_is_a_warning():
    code = (
        "import sys\nfrom llmsweep.local.lock import holding\n"
        "with holding('here'):\n    print('in', flush=True)\n    sys.stdin.read()"
    )
    other = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert other.stdout is not None
        other.stdout.readline()
        assert [c.state for c in machine_checks() if c.name == "another sweep"] == ["warn"]
    finally:
        other.communicate()
    assert [c for c in machine_checks() if c.name == "another sweep"] == []
