"""Whole sweeps against servers that misbehave: nothing is lost, nothing is scored 0 for it, and it is told in a sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from llmsweep.cli import run
from llmsweep.store import EPISODES, read_episodes
from llmsweep.testing import Answer, Model, Piece, SseServer
from llmsweep.testing.server import text
from llmsweep.types import Episode

TASKS = "suite.tasks=[add-numbers,is-even]"
WORDS = [
    "model=server",
    "model.id=stub",
    "sandbox=local",
    TASKS,
    "plots=false",
    "smoke=0",
    "probe=false",
    "baseline.turns=1",
]
WORDS += [
    "strategy=ofat",
    "space.temperature=[0,0.8]",
    "repeats=1",
    "provider.warm_up=false",
    "provider.idle_timeout_s=1",
]
EPISODES_IN_ALL = 4

FAULTS: dict[str, tuple[Answer, int]] = {
    "a slow first byte": (Answer(silent_s=0.6, pieces=[text("x")]), 0),
    "no first byte in time": (Answer(silent_s=30), 1),
    "a stalled stream": (Answer(pieces=[text("x")], ends="stalled"), 1),
    "a dropped connection": (Answer(pieces=[text("x")], ends="dropped"), 1),
    "a stream without an end": (Answer(pieces=[text("x")], finish=None), 1),
    "too many requests": (
        Answer(status=429, headers={"Retry-After": "0.1"}, error={"error": "slow down"}),
        1,
    ),
    "an error of the server": (Answer(status=500, error={"error": "oops"}), 1),
    "an overloaded server": (Answer(status=529, error={"error": "overloaded"}), 1),
    "a chunk that is no JSON": (Answer(pieces=[text("x")], garbage="data: {oops"), 1),
    "an error in the stream": (Answer(pieces=[text("x")], garbage='data: {"error": {"message": "oom"}}'), 1),
}


def retries(episodes: list[Episode]) -> int:
    return sum(turn.retries for episode in episodes for turn in episode.turns)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_sweep_recovers_from(fault: str, tmp_path: Path):
    answer, tries = FAULTS[fault]
    with SseServer() as server:
        server.script(answer)
        assert run([*WORDS, f"provider.base_url={server.base_url}", f"results={tmp_path}"]) == 0
    episodes = list(read_episodes(tmp_path / "server"))
    assert len(episodes) == EPISODES_IN_ALL
    assert all(episode.passed is not None and episode.fault is None for episode in episodes)
    assert retries(episodes) == tries
    if not tries:
        assert max(turn.ttft_s or 0 for episode in episodes for turn in episode.turns) >= 0.6


def test_a_lasting_fault_is_owed_and_not_a_failure(tmp_path: Path, capsys):
    with SseServer() as server:
        server.script(Answer(status=400, error={"error": {"message": "this prompt is cursed"}}))
        words = [*WORDS, f"provider.base_url={server.base_url}", f"results={tmp_path}"]
        assert run(words) == 0
    faulty = [e for e in read_episodes(tmp_path / "server") if e.fault]
    assert [(e.fault, e.passed) for e in faulty] == [("provider", None)]
    assert "cursed" in str(faulty[0].error)
    assert len({e.key for e in read_episodes(tmp_path / "server") if e.passed is not None}) == EPISODES_IN_ALL
    told = capsys.readouterr()
    assert "1 fault (not scored)" in told.out + told.err


@pytest.mark.parametrize(
    ("status", "said"),
    [(401, "no such key"), (404, "model gone"), (429, "insufficient_quota: exceeded your current quota")],
)
def test_what_no_episode_can_survive_stops_the_sweep_in_one_sentence(
    status: int, said: str, tmp_path: Path, capsys
):
    with SseServer() as server:
        server.script(*[Answer(status=status, error={"error": {"message": said}})] * 4)
        assert run([*WORDS, f"provider.base_url={server.base_url}", f"results={tmp_path}"]) == 3
        assert len(server.seen) == 1
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("llmsweep: ")]
    assert len(told) == 1
    assert str(status) in told[0]
    assert said in told[0]
    assert list(read_episodes(tmp_path / "server")) == []


@pytest.mark.slow
def test_a_server_that_dies_in_the_middle_loses_nothing_that_was_finished(tmp_path: Path):
    words = [*WORDS, "repeats=6", f"results={tmp_path}"]
    with SseServer(Model(gap_s=0.02)) as server:
        args = [sys.executable, "-m", "llmsweep", *words, f"provider.base_url={server.base_url}"]
        child = subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        log = tmp_path / "server" / EPISODES
        while child.poll() is None and not (log.is_file() and len(log.read_bytes().splitlines()) >= 3):
            pass
        server.kill()
        _, told = child.communicate(timeout=120)
    assert child.returncode == 3
    assert "Traceback" not in told
    assert "faults in a row" in told
    finished = [e for e in read_episodes(tmp_path / "server") if e.fault is None]
    assert len(finished) >= 3
    with SseServer() as server:
        assert run([*words, f"provider.base_url={server.base_url}"]) == 0
    scored = [e.key for e in read_episodes(tmp_path / "server") if e.passed is not None]
    assert len(scored) == len(set(scored)) == 2 * (1 + 6)
    assert {e.key for e in finished} <= set(scored)


def test_pieces_of_a_call_that_broke_are_in_no_transcript(tmp_path: Path):
    with SseServer() as server:
        server.script(Answer(pieces=[text("poison"), Piece({"content": "poison"})], ends="dropped"))
        assert run([*WORDS, f"provider.base_url={server.base_url}", f"results={tmp_path}"]) == 0
    assert b"poison" not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
