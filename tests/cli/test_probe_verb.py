"""The probe through the command line: as a verb of its own, and before a sweep, of which it drops cells."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from llmsweep.cli import run
from llmsweep.probe.keep import kept, read_exchanges
from llmsweep.store import EPISODES, read_episodes
from llmsweep.testing.server import Lie, Model, SseServer

WORDS = ["model=server", "model.id=stub", "sandbox=local", "suite.tasks=[add-numbers]", "plots=false"]
WORDS += ["smoke=0", "repeats=1", "baseline.turns=1", "space.temperature=[0,0.8]", "provider.warm_up=false"]
SWITCHES = [
    "provider.reasoning_on={chat_template_kwargs:{enable_thinking:true}}",
    "provider.reasoning_off={chat_template_kwargs:{enable_thinking:false}}",
]


def served(*lies: Lie) -> SseServer:
    return SseServer(Model(lies=frozenset(lies)))


def words(server: SseServer, results: Path, *more: str) -> list[str]:
    return [*WORDS, f"provider.base_url={server.base_url}", f"results={results}", *more]


def cells(results: Path) -> set[float | None]:
    return {episode.cell.sampling.temperature for episode in read_episodes(results / "server")}


def test_of_an_honest_server_a_plain_table_and_exit_0(tmp_path: Path, capsys):
    with served() as server:
        assert run(["probe", *words(server, tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    rows = {line.split()[0]: line.split()[1] for line in out.splitlines()}
    assert rows["temperature=0,0.8"] == rows["seed"] == rows["max_tokens=1024"] == "honoured"
    assert "calls," in out.splitlines()[-1]
    assert not (tmp_path / "server" / EPISODES).exists()


@pytest.mark.parametrize(
    ("lie", "row"),
    [("always greedy", "temperature=0.8  ignored"), ("cool only", "temperature=1.5  unsupported")],
)
def test_what_is_not_honoured_is_exit_1(lie: Lie, row: str, tmp_path: Path, capsys):
    with served(lie) as server:
        assert run(["probe", *words(server, tmp_path, "space.temperature=[0,0.8,1.5]")]) == 1
    out = " ".join(capsys.readouterr().out.split())
    assert " ".join(row.replace("=0.8 ", "=0.8,1.5 ").split()) in out


def test_no_server_is_exit_3(tmp_path: Path, capsys):
    assert run(["probe", *WORDS, "provider.base_url=http://127.0.0.1:9/v1", f"results={tmp_path}"]) == 3
    assert "start an OpenAI-compatible server" in capsys.readouterr().err


def test_the_report_and_its_exchanges_are_kept_and_no_key_is(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("STUB_KEY", "s3cret-key")
    with served() as server:
        run(["probe", *words(server, tmp_path, "provider.api_key_env=STUB_KEY")])
        assert server.seen[-1].headers["authorization"] == "Bearer s3cret-key"
        assert len(server.seen) == kept(tmp_path / "server")[0].calls
    (report,) = kept(tmp_path / "server")
    exchanges = read_exchanges(tmp_path / "server", report)
    assert len(exchanges) == report.calls
    assert {exchange.request["temperature"] for _, exchange in exchanges} >= {0.0, 0.8}
    for path in (tmp_path / "server").rglob("*.gz"):
        assert b"s3cret" not in gzip.decompress(path.read_bytes())
    assert "s3cret" not in (tmp_path / "server" / "probe.json").read_text()


def test_a_sweep_drops_what_is_ignored_visibly_and_runs_the_rest(tmp_path: Path, capsys):
    with served("always greedy") as server:
        assert run(words(server, tmp_path)) == 0
        told = capsys.readouterr().err
        assert "probe: temperature=0.8: ignored: sent as temperature, but" in told
        assert "dropped temperature=0.8: the server ignores temperature=0.8" in told
        assert cells(tmp_path) == {0.0}
        asked = len(server.seen)
        assert run(words(server, tmp_path)) == 0
        told = capsys.readouterr().err
        assert "as found less than an hour ago" in told
        assert "nothing else to run" in told
        assert len(server.seen) == asked


def test_of_an_honest_server_a_sweep_says_one_line_and_runs_everything(tmp_path: Path, capsys):
    with served() as server:
        assert run(words(server, tmp_path)) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith(("probe", "dropped"))]
    assert cells(tmp_path) == {0.0, 0.8}
    assert [line for line in told if "streaming: unknown" not in line] == [told[-1]]
    assert "honoured" in told[-1]


def test_a_baseline_that_rests_on_an_ignored_setting_stops_the_sweep_in_one_sentence(tmp_path: Path, capsys):
    with served("reasons anyway") as server:
        assert run(words(server, tmp_path, *SWITCHES)) == 3
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last.startswith("llmsweep: baseline: the server ignores reasoning=false: it is off, but")
    assert "probe=false" in last
    assert not list(read_episodes(tmp_path / "server"))


def test_without_the_probe_nothing_is_asked_and_nothing_dropped(tmp_path: Path, capsys):
    with served("always greedy") as server:
        assert run(words(server, tmp_path, "probe=false")) == 0
        assert len(server.seen) == len(list(read_episodes(tmp_path / "server")))
    assert cells(tmp_path) == {0.0, 0.8}
    told = capsys.readouterr().err
    assert not [line for line in told.splitlines() if line.startswith(("probe", "dropped"))]
