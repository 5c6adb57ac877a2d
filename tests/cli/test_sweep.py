"""Whole sweeps through the command line, without a model: run, run again, widen, interrupt, kill, recommend, use again."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from llmsweep.cli import run
from llmsweep.errors import UnfitError
from llmsweep.sandbox.bubblewrap import Bubblewrap
from llmsweep.store import EPISODES, read_episodes
from llmsweep.testing import Model, SseServer

TASKS = "suite.tasks=[add-numbers,is-even,gcd]"
ANY = ["sandbox=local", TASKS, "strategy=ofat", "plots=false", "space.temperature=[0,0.8]", "repeats=2"]
FAST = ["model=scripted", "provider.right_share=null", *ANY]
ALL = 3 * (1 + 2)


def lines(results: Path, model: str = "scripted") -> int:
    return len((results / model / EPISODES).read_bytes().splitlines())


def test_a_sweep_runs_and_recommends_and_a_second_one_runs_nothing(tmp_path: Path, capsys):
    assert run([*FAST, f"results={tmp_path}"]) == 0
    first = capsys.readouterr()
    assert lines(tmp_path) == ALL
    assert "67 %" in first.out
    assert f"{ALL} episodes owed" in first.err
    assert "should take" in first.err
    for name in ("config.yaml", "environment.json", "sweep.json", "smoke", "snapshots", "transcripts"):
        assert (tmp_path / "scripted" / name).exists()
    assert f"report: {tmp_path / 'scripted' / 'report.html'}" in first.err
    page = (tmp_path / "scripted" / "report.html").read_text()
    assert f"All {ALL} transcripts of the log are in this file" in page
    assert "should take" in page  # what was predicted stands beside what was spent
    assert re.search(rf"<td>{ALL} episodes, \d+\.\d min, [\d,]+ tokens", page)
    assert run([*FAST, f"results={tmp_path}"]) == 0
    again = capsys.readouterr()
    assert "nothing to run" in again.err
    assert lines(tmp_path) == ALL
    assert again.out == first.out
    assert run(["results", "show", str(tmp_path)]) == 0
    assert capsys.readouterr().out == first.out


def test_a_wider_sweep_runs_only_what_is_owed(tmp_path: Path, capsys):
    run([*FAST, f"results={tmp_path}"])
    wider = [word for word in FAST if not word.startswith("space")]
    assert run([*wider, "space.temperature=[0,0.8,1.2]", f"results={tmp_path}"]) == 0
    assert "6 episodes owed, 9 in the log already" in capsys.readouterr().err
    assert lines(tmp_path) == 3 * (1 + 2 + 2)


def test_the_recommendation_is_an_input_again(tmp_path: Path, capsys):
    run([*FAST, "space.turns=[1]", f"results={tmp_path}"])
    written = tmp_path / "recommended/scripted.yaml"
    assert written.read_text().startswith("# @package _global_\n")
    capsys.readouterr()
    written.write_text(written.read_text().replace("max_tokens: 1024", "max_tokens: 777"))
    words = ["model=scripted", "recommended=scripted", "--config-dir", str(tmp_path), "--cfg", "job"]
    assert run(words) == 0
    assert "max_tokens: 777" in capsys.readouterr().out


def test_the_envelope_stops_it_and_the_same_command_goes_on(tmp_path: Path, capsys):
    assert run([*FAST, "envelope.episodes=4", f"results={tmp_path}"]) == 0
    told = capsys.readouterr()
    assert "envelope.episodes=4 is spent; 5 episodes still owed" in told.err
    assert "undecided" in told.out
    assert run([*FAST, f"results={tmp_path}"]) == 0
    assert lines(tmp_path) == ALL


def test_several_models_one_after_the_other_and_an_unfit_one_does_not_stop_the_rest(tmp_path: Path, capsys):
    code = run(["-m", "model=server,scripted", *ANY, f"results={tmp_path}"])
    told = capsys.readouterr()
    assert code == 2
    assert "model.id" in told.err
    assert lines(tmp_path) == ALL


def test_another_machine_is_refused(tmp_path: Path, capsys):
    run([*FAST, f"results={tmp_path}"])
    log = tmp_path / "scripted" / EPISODES
    machine = next(read_episodes(tmp_path / "scripted")).machine
    log.write_text(log.read_text().replace(machine, "0123456789ab"))
    assert run([*FAST, f"results={tmp_path}"]) == 2
    assert "measured on another machine" in capsys.readouterr().err


def test_changed_tasks_and_prompts_leave_old_episodes_out_of_the_table(tmp_path: Path, capsys):
    run([*FAST, f"results={tmp_path}"])
    log = tmp_path / "scripted" / EPISODES
    harness = next(read_episodes(tmp_path / "scripted")).harness
    stale = log.read_text().replace(harness, "f" * 64).replace('"key":"', '"key":"0').replace("false", "true")
    log.write_text(log.read_text() + stale)
    capsys.readouterr()
    assert run(["results", "show", str(tmp_path)]) == 0
    assert "67 %" in capsys.readouterr().out


def test_no_server_is_said_with_how_to_start_one_and_leaves_nothing(tmp_path: Path, capsys):
    words = [*ANY, "model=server", "model.id=m", "provider.base_url=http://127.0.0.1:9/v1"]
    assert run([*words, f"results={tmp_path / 'r'}"]) == 3
    told = capsys.readouterr().err
    assert "127.0.0.1:9" in told
    assert len(told.strip().splitlines()) == 1
    assert not (tmp_path / "r").exists()


def test_in_the_real_sandbox(tmp_path: Path, capsys):
    try:
        Bubblewrap().check()
    except UnfitError as e:
        pytest.skip(str(e))
    words = [word for word in FAST if not word.startswith("sandbox")]
    assert run([*words, f"results={tmp_path}"]) == 0
    episodes = list(read_episodes(tmp_path / "scripted"))
    assert {e.fault for e in episodes} == {None}
    assert {e.task_id for e in episodes if e.passed} == {"micro/add-numbers", "micro/is-even"}


@pytest.fixture
def slow_server():
    with SseServer(Model(tokens=400, gap_s=0.02)) as server:
        yield server


def start(server: SseServer, results: Path, *more: str) -> subprocess.Popen[str]:
    words = ["model=server", "model.id=stub", f"provider.base_url={server.base_url}", "provider.slots=2"]
    words += [
        "sandbox=local",
        TASKS,
        "strategy=ofat",
        "smoke=0",
        "baseline.turns=1",
        "baseline.max_tokens=20",
        f"results={results}",
    ]
    args = [sys.executable, "-m", "llmsweep", *words, *more]
    return subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for_lines(results: Path, count: int) -> None:
    log = results / "server" / EPISODES
    wait_until(lambda: log.is_file() and len(log.read_bytes().splitlines()) >= count)


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    "more", [(), ("baseline.max_tokens=400", "baseline.turns=9")], ids=["short", "stuck"]
)
def test_ctrl_c_stops_within_two_seconds_and_keeps_every_finished_episode(tmp_path, slow_server, more):
    child = start(slow_server, tmp_path)
    wait_for_lines(tmp_path, 3)
    if more:
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=30)
        slow_server.forget()
        child = start(slow_server, tmp_path, *more)
        wait_until(lambda: len(slow_server.seen) >= 3)  # the warm-up, and an episode on either slot
    began = time.monotonic()
    child.send_signal(signal.SIGINT)
    _, told = child.communicate(timeout=30)
    # Where more wants to run than there are processors, it must first get one.
    busy = os.getloadavg()[0] > (os.cpu_count() or 1)
    assert time.monotonic() - began < (8 if busy else 2)
    assert child.returncode == 130
    assert "episodes are kept in" in told
    assert "Traceback" not in told
    kept = list(read_episodes(tmp_path / "server"))
    assert len(kept) >= 3
    assert all(e.passed is not None for e in kept)


def test_kill_9_loses_only_what_was_in_flight(tmp_path, slow_server):
    child = start(slow_server, tmp_path)
    wait_for_lines(tmp_path, 4)
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    kept = len(list(read_episodes(tmp_path / "server")))
    again = start(slow_server, tmp_path)
    _, told = again.communicate(timeout=100)
    assert again.returncode == 0
    assert f"{kept} in the log already" in told
    assert len(list(read_episodes(tmp_path / "server"))) == 3 * (1 + 3 * 3)


def test_quiet_leaves_the_result_and_what_is_wrong(tmp_path: Path, capsys):
    assert run([*FAST, "quiet=true", "smoke=2", f"results={tmp_path}"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert "Recommendation" in told.out
    assert run([*FAST, "quiet=true", "repeats=4", "envelope.episodes=1", f"results={tmp_path}"]) == 0
    assert capsys.readouterr().err.startswith("stopped: envelope.episodes=1")
    assert run([*FAST, f"results={tmp_path}"]) == 0
    assert "nothing to run" in capsys.readouterr().err
