"""The named profiles of the OpenAI dialect: what each one really sends, to a server that keeps it."""

from __future__ import annotations

from typing import Any

import pytest

from llmsweep.cli import run
from llmsweep.testing import SseServer

WORDS = ["model=server", "model.id=stub", "sandbox=local", "plots=false", "suite.limit=1", "smoke=0"]
WORDS += ["space=none", "envelope.episodes=1", "baseline.turns=1", "baseline.max_tokens=20"]
THINKS = {"chat_template_kwargs": {"enable_thinking": True}}
SENT: dict[str, tuple[list[str], dict[str, Any]]] = {
    "openai": ([], {"max_tokens": 20, "temperature": 0.0, "top_k": 0, "min_p": 0.0}),
    "llama-server": (["baseline.reasoning=on"], {**THINKS, "cache_prompt": True, "repeat_penalty": 1.0}),
    "vllm": (["baseline.reasoning=on"], {**THINKS, "top_k": -1, "repetition_penalty": 1.0}),
    "lmstudio": (["baseline.reasoning=on"], {**THINKS, "top_k": 0}),
    "openai-api": (
        ["baseline.reasoning=high", "baseline.temperature=null"],
        {"max_completion_tokens": 20, "reasoning_effort": "high", "temperature": None, "top_k": None},
    ),
    "openrouter": (
        ["baseline.reasoning=on"],
        {"reasoning": {"enabled": True}, "provider": {"require_parameters": True}, "top_k": None},
    ),
}


KNOBS = {"top_k": 20, "min_p": 0.05, "repeat_penalty": 1.1}
TAKES: dict[str, dict[str, str]] = {
    "openai": {knob: knob for knob in KNOBS},
    "llama-server": {knob: knob for knob in KNOBS},
    "vllm": {"top_k": "top_k", "min_p": "min_p", "repeat_penalty": "repetition_penalty"},
    "lmstudio": {"top_k": "top_k", "repeat_penalty": "repeat_penalty"},
    "openai-api": {},
    "openrouter": {"top_k": "top_k", "min_p": "min_p", "repeat_penalty": "repetition_penalty"},
}


@pytest.mark.parametrize("profile", TAKES)
def test_a_profile_sends_a_knob_in_its_own_field_or_refuses_it(profile: str, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("OPENROUTER_API_KEY", "k")
    words = ["baseline.reasoning=low"] if profile == "openai-api" else []
    takes = TAKES[profile]
    with SseServer() as server:
        words += [f"provider={profile}", f"provider.base_url={server.base_url}", f"results={tmp_path}"]
        words += ["probe=false", "baseline.temperature=0.7"]
        taken = [f"baseline.{knob}={KNOBS[knob]}" for knob in takes]
        assert run([*WORDS, *words, *taken]) == 0
        body = server.seen[-1].body
        assert {field: body.get(field) for field in takes.values()} == {
            takes[knob]: KNOBS[knob] for knob in takes
        }
        server.forget()
        for knob in KNOBS.keys() - takes.keys():
            assert run([*WORDS, *words, f"baseline.{knob}={KNOBS[knob]}"]) == 2
            assert f"{knob}={KNOBS[knob]}: this server is not known to take it" in capsys.readouterr().err
        assert server.seen == []


@pytest.mark.parametrize("profile", SENT)
def test_what_a_profile_sends(profile: str, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("OPENROUTER_API_KEY", "k")
    words, wanted = SENT[profile]
    with SseServer() as server:
        address = f"provider.base_url={server.base_url}"
        assert run([*WORDS, f"provider={profile}", address, *words, f"results={tmp_path}"]) == 0
        body = server.seen[-1].body
    assert {key: body.get(key) for key in wanted} == wanted


def test_a_field_that_no_server_takes_is_refused(tmp_path, capsys):
    assert run([*WORDS, "provider.echo_field=reasonings", f"results={tmp_path}"]) == 2
    assert "did you mean 'reasoning'" in capsys.readouterr().err
