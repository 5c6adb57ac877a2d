from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from builders import episode, task
from llmsweep.errors import UnfitError, UsageError
from llmsweep.store import EPISODES, EpisodeLog, find_logs, read_episodes, read_transcript
from llmsweep.types import EpisodeSpec, Message


def spec(n: int):
    from builders import cell

    return EpisodeSpec(task=task(f"t/{n}"), cell=cell(), repeat=0, harness="h")


def test_what_was_appended_is_read_back_whole_with_its_messages_apart(tmp_path: Path):
    said = (Message(role="user", content="hällo"), Message(role="assistant", content="x", reasoning="why"))
    one = episode(messages=said, error=None)
    with EpisodeLog(tmp_path) as log:
        log.append(one)
        assert set(log.table) == {one.key}
        assert log.table[one.key].tokens == 120
    assert list(read_episodes(tmp_path)) == [one]
    assert next(read_episodes(tmp_path)).messages == ()
    assert read_transcript(tmp_path, one.key) == said


def test_reopening_knows_scored_episodes_and_owes_faulted_ones(tmp_path: Path):
    good, bad = episode(spec(1)), episode(spec(2), passed=None)
    with EpisodeLog(tmp_path) as log:
        log.append(good)
        log.append(bad)
    with EpisodeLog(tmp_path) as log:
        assert set(log.table) == {good.key}
        assert log.faults == 1
        assert log.machines == {"here"}


@pytest.mark.parametrize("torn", [b'{"v":1,"key":"abc', b"{", b'{"v":1}garbage' * 20000])
def test_a_torn_last_line_is_cut_off_and_nothing_else(tmp_path: Path, torn: bytes):
    with EpisodeLog(tmp_path) as log:
        log.append(episode(spec(1)))
    with (tmp_path / EPISODES).open("ab") as file:
        file.write(torn)
    assert len(list(read_episodes(tmp_path))) == 1
    with EpisodeLog(tmp_path) as log:
        log.append(episode(spec(2)))
    assert [e.task_id for e in read_episodes(tmp_path)] == ["t/1", "t/2"]


def test_a_log_that_is_one_torn_line_is_empty(tmp_path: Path):
    (tmp_path / EPISODES).write_bytes(b'{"v":1')
    with EpisodeLog(tmp_path) as log:
        assert log.table == {}
    assert (tmp_path / EPISODES).read_bytes() == b""


def test_a_damaged_line_in_the_middle_is_counted_and_owed(tmp_path: Path):
    with EpisodeLog(tmp_path) as log:
        log.append(episode(spec(1)))
    with (tmp_path / EPISODES).open("ab") as file:
        file.write(b"\x00\x00 not json\n")
    with EpisodeLog(tmp_path) as log:
        log.append(episode(spec(2)))
        assert (len(log.table), log.damaged) == (2, 1)


def test_a_second_writer_is_refused_in_one_sentence(tmp_path: Path):
    with EpisodeLog(tmp_path), pytest.raises(UnfitError, match="another llmsweep is writing"):
        EpisodeLog(tmp_path)
    EpisodeLog(tmp_path).__exit__(None, None, None)


def test_a_newer_line_version_is_refused(tmp_path: Path):
    with EpisodeLog(tmp_path) as log:
        log.append(episode(v=2)) if False else None
    with (tmp_path / EPISODES).open("ab") as file:
        import msgspec

        file.write(msgspec.json.encode(episode(v=2)) + b"\n")
    with pytest.raises(UsageError, match="upgrade"):
        EpisodeLog(tmp_path)


def test_no_log_is_said(tmp_path: Path):
    with pytest.raises(UsageError, match="no results there"):
        find_logs(tmp_path)
    with pytest.raises(UsageError, match="no episode log"):
        list(read_episodes(tmp_path))


APPENDER = """
import sys; sys.path.insert(0, sys.argv[2])
from pathlib import Path
from builders import cell, episode, task
from llmsweep.store import EpisodeLog
from llmsweep.types import EpisodeSpec, Message
big = (Message(role="assistant", content="x" * 20000),)
with EpisodeLog(Path(sys.argv[1])) as log:
    for n in range(100000):
        spec = EpisodeSpec(task=task(f"t/{n}"), cell=cell(), repeat=0, harness="h")
        log.append(episode(spec, error="e" * 50000, messages=big))
        print(n, flush=True)
"""


def test_kill_9_in_the_middle_of_appending_loses_at_most_the_one_in_flight(tmp_path: Path):
    args = [sys.executable, "-c", APPENDER, str(tmp_path), str(Path(__file__).parent)]
    child = subprocess.Popen(args, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    said = [child.stdout.readline() for _ in range(20)]
    time.sleep(0.013)
    os.kill(child.pid, signal.SIGKILL)
    said += child.stdout.readlines()
    child.wait()
    child.stdout.close()
    reported = [line for line in said if line.endswith("\n")]
    with EpisodeLog(tmp_path) as log:
        assert log.damaged == 0
        assert len(reported) <= len(log.table) <= len(reported) + 1
