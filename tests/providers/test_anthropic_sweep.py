"""Claude models as they are shipped, through the agent loop and the command line, against a local server."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from anthropic_made import THINKS, call, made, text, thought, without_marks

from builders import cell, task_folder
from llmsweep.agent.loop import run_episode
from llmsweep.cli import run
from llmsweep.paths import conf_dir
from llmsweep.store import read_episodes
from llmsweep.suite import load_task
from llmsweep.testing import AnthropicServer, Claude, MemoryFactory, Reply
from llmsweep.types import Budget, EpisodeSpec, Observation

KEY = "sk-ant-a-key-of-the-tests"


def strict(id: str, *thinking: str, **more: Any) -> Claude:
    """A model as strict as the service is said to be; what it does where a request says nothing comes first."""
    size = {"context": 200_000, "max_tokens": 64_000}
    return Claude(
        id=id, key=KEY, draws=True, thinking=thinking, **{"sampled": False, "bound": True, **size, **more}
    )


SHIPPED = {
    "claude-haiku": strict("claude-haiku-5-5", "adaptive", "disabled"),
    "claude-sonnet": strict(
        "claude-sonnet-5-5", "adaptive", "between_tools", efforts=("low", "medium", "high")
    ),
    "claude-opus": strict("claude-opus-5-5", "adaptive"),
    "claude-haiku-4-5": strict(
        "claude-haiku-4-5-20251001", "disabled", "enabled", efforts=(), sampled=True, bound=False
    ),
}


@pytest.fixture(autouse=True)
def key(monkeypatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)


RIGHT = "def double(n):\n    return 2 * n\n"
WORK = [
    Reply(
        blocks=[
            thought("The file must be written."),
            text("I write it."),
            call("t1", "write_file", path="solution.py", content=RIGHT),
        ],
        stop="tool_use",
    ),
    Reply(
        blocks=[
            {"type": "redacted_thinking", "data": "c2VjcmV0"},
            thought(""),
            call("t2", "bash", command="python3 check.py"),
            call("t3", "read_file", path="solution.py"),
        ],
        stop="tool_use",
    ),
    Reply(blocks=[thought("Done."), call("t4", "submit")], stop="tool_use"),
]


def hidden(files: dict[str, str], logs: Path) -> Observation:
    (logs / "verifier" / "reward.txt").write_text("1" if "2 * n" in files.get("solution.py", "") else "0")
    return Observation(exit_code=0, output="")


@pytest.mark.parametrize(("kind", "reasoning"), [("enabled", "budget"), ("adaptive", True)])
def test_an_agent_that_thinks_between_its_tools(kind, reasoning, tmp_path: Path):
    """The server refuses every thought that does not come back as it was signed, and with a budget a missing one."""
    task = load_task(task_folder(tmp_path), "t")
    settings = {"temperature": None, "top_p": None, "reasoning": reasoning, "echo_reasoning": True}
    spec = EpisodeSpec(
        task=task,
        cell=cell(**settings, max_tokens=2000, protocol="native", budget=Budget(turns=5)),
        repeat=0,
        harness="h",
    )
    factory = MemoryFactory(answer=lambda *_: Observation(exit_code=0, output=""), verifier=hidden)
    claude = Claude(key=KEY, thinking=(kind,), bound=kind == "adaptive", context=100_000)
    with AnthropicServer(claude) as server, made(server, **THINKS) as provider:
        server.script(*WORK)
        episode = run_episode(spec, lambda: provider, lambda t: factory.open(t, tmp_path / "snapshots"))
        asked = server.asked
    assert (episode.error, episode.stop, episode.passed) == (None, "submitted", True)
    assert [one.refused for one in asked] == [None] * 3
    assert asked[-1].body["thinking"]["type"] == kind
    said = [
        without_marks(turn["content"]) for turn in asked[-1].body["messages"] if turn["role"] == "assistant"
    ]
    for blocks, reply in zip(said, WORK, strict=False):
        signed = [block.pop("signature") for block in blocks if block["type"] == "thinking"]
        assert all(signed)
        assert blocks == reply.blocks
    assert episode.messages[2].reasoning == "The file must be written."


def words(results: Path, server: AnthropicServer, name: str) -> list[str]:
    small = [
        "sandbox=local",
        "suite.tasks=[add-numbers]",
        "plots=false",
        "repeats=1",
        "smoke=0",
        "baseline.turns=3",
    ]
    return [f"model={name}", f"provider.base_url={server.base_url}", *small, f"results={results}"]


def all_bytes(folder: Path) -> bytes:
    """Of every file, unpacked."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return b"".join(
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in files
    )


ON = ["baseline.temperature=null", "baseline.reasoning=true", "baseline.echo_reasoning=true"]


@pytest.mark.parametrize(
    ("name", "space", "kinds", "dropped"),
    [
        ("claude-haiku", "[true,false,low,max]", {"adaptive", "disabled"}, ""),
        (
            "claude-sonnet",
            "[true,false,between_tools,high]",
            {"adaptive", "between_tools"},
            "reasoning=false",
        ),
        ("claude-opus", "[true,false,low,max]", {"adaptive"}, "reasoning=false"),
        ("claude-haiku-4-5", "[true,false,budget_1k]", {"enabled", "disabled"}, "wants the thinking"),
    ],
)
def test_a_shipped_model_sweeps_without_a_refusal_and_the_key_stays_unsaid(
    name, space, kinds, dropped, tmp_path: Path, capsys
):
    axes = ["space=none", f"space.reasoning={space}", "space.echo_reasoning=[true,false]", *ON]
    with AnthropicServer(SHIPPED[name]) as server:
        assert run([*words(tmp_path, server, name), *axes]) == 0
        asked = server.asked
    told = capsys.readouterr()
    assert [one.refused for one in asked if one.refused] == []
    assert {one.body["thinking"]["type"] for one in asked} == kinds
    assert dropped in told.err
    episodes = list(read_episodes(tmp_path / name))
    assert all(episode.fault is None and episode.provider == "anthropic" for episode in episodes)
    assert len({episode.cell_id for episode in episodes}) >= 3
    written = all_bytes(tmp_path)
    assert b"hmm " in written
    assert KEY.encode() not in written
    assert KEY not in told.err + told.out


def test_the_model_that_takes_a_temperature_gets_it(tmp_path: Path, capsys):
    with AnthropicServer(SHIPPED["claude-haiku-4-5"]) as server:
        assert run([*words(tmp_path, server, "claude-haiku-4-5"), "space.temperature=[0,0.5,1,1.2]"]) == 0
        asked = server.asked
    assert [one.refused for one in asked if one.refused] == []
    assert {one.headers["anthropic-version"] for one in asked} == {"2023-06-01"}
    assert all("top_p" not in one.body for one in asked)
    episodes = list(read_episodes(tmp_path / "claude-haiku-4-5"))
    assert {episode.cell.sampling.temperature for episode in episodes} == {0, 0.5, 1}
    assert "dropped temperature=1.2" in capsys.readouterr().err


def test_every_claude_that_is_shipped_is_tested_here():
    assert {path.stem for path in (conf_dir() / "model").glob("claude-*.yaml")} == set(SHIPPED)


def test_a_service_that_says_the_key_back_does_not_get_it_into_the_results(tmp_path: Path, capsys):
    error = {"type": "error", "error": {"type": "api_error", "message": f"no luck for {KEY}"}}
    with AnthropicServer(SHIPPED["claude-opus"]) as server:
        server.script(*[Reply(status=400, error=error)] * 50)
        run([*words(tmp_path, server, "claude-opus"), "space.reasoning=null"])
    told = capsys.readouterr()
    written = all_bytes(tmp_path)
    assert b"no luck for ***" in written
    assert KEY.encode() not in written
    assert KEY not in told.err + told.out


def test_model_written_code_cannot_read_the_key_out_of_its_environment(tmp_path: Path):
    looks = Reply(blocks=[call("t1", "bash", command="env; echo looked")], stop="tool_use")
    with AnthropicServer(SHIPPED["claude-opus"]) as server:
        server.script(*[looks] * 50)
        assert run([*words(tmp_path, server, "claude-opus"), "space.reasoning=null", "probe=false"]) == 0
    written = all_bytes(tmp_path)
    assert b"looked" in written
    assert KEY.encode() not in written


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ANTHROPIC_API_KEY": ""}, "provider.api_key_env=ANTHROPIC_API_KEY"),
        ({"ANTHROPIC_API_KEY": "sk-wrong"}, "ANTHROPIC_API_KEY: "),
    ],
)
def test_without_a_key_that_is_right_nothing_begins(change, said, tmp_path: Path, capsys, monkeypatch):
    for name, value in change.items():
        monkeypatch.setenv(name, value)
    with AnthropicServer(SHIPPED["claude-opus"]) as server:
        assert run(words(tmp_path / "r", server, "claude-opus")) == 3
        assert server.asked == []
    told = capsys.readouterr().err
    assert said in told
    assert len(told.strip().splitlines()) == 1
    assert "sk-wrong" not in told
    assert not (tmp_path / "r").exists()


def test_an_unknown_model_is_named_with_the_ones_there_are(tmp_path: Path, capsys):
    with AnthropicServer(SHIPPED["claude-opus"]) as server:
        assert run([*words(tmp_path / "r", server, "claude-opus"), "model.id=claude-opus-5-6"]) == 3
    assert "did you mean 'claude-opus-5-5'" in capsys.readouterr().err
