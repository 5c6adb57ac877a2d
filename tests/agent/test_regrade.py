"""Kept workspaces graded later: each once, nothing guessed, nothing changed, resumable."""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from builders import cell, episode, task_folder
from llmsweep.agent.loop import run_episode
from llmsweep.agent.regrade import FILE, Bench, Grades, given, is_whole, regrade, verifier_id, wanted
from llmsweep.errors import SandboxError, UnfitError
from llmsweep.providers.scripted import Scripted
from llmsweep.sandbox.base import Sandbox
from llmsweep.sandbox.local import Local
from llmsweep.sandbox.snapshots import SnapshotStore
from llmsweep.suite import load_task
from llmsweep.types import Budget, Episode, EpisodeSpec, Task, Turn, Usage

BODIES = ["return n + 1", "return 3 * n", "return 2 * n"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Task, Path, Episode]:
    """A task, and a log's folder with the store of one episode's workspaces: two that fail, then one that passes."""
    root = tmp_path_factory.mktemp("made")
    task = load_task(task_folder(root, "double"), "t")
    answers = [f"```python solution.py\ndef double(n):\n    {body}\n```" for body in BODIES]
    spec = EpisodeSpec(task=task, cell=cell(budget=Budget(turns=5)), repeat=0, harness="h")
    ran = run_episode(
        spec, lambda: Scripted(answers=answers), lambda t: Local().open(t, root / "log/snapshots")
    )
    return task, root / "log", ran


@pytest.fixture
def task(made: tuple[Task, Path, Episode]) -> Task:
    return made[0]


@pytest.fixture
def folder(made: tuple[Task, Path, Episode], tmp_path: Path) -> Path:
    """A copy of its own."""
    return Path(shutil.copytree(made[1], tmp_path / "log"))


@pytest.fixture
def ran(made: tuple[Task, Path, Episode]) -> Episode:
    return made[2]


def bench(folder: Path, task: Task, **changes) -> Bench:
    return Bench(
        **{"tasks": {task.digest: task}, "sandbox": Local(), "snapshots": folder / "snapshots", **changes}
    )


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != FILE
    }


def test_each_distinct_workspace_is_graded_once_and_nothing_else_changes(folder, task, ran):
    places, before = wanted([ran, ran]), contents(folder)
    assert len(places) == len(ran.turns) == 3
    tally = regrade([*places, *places[:0]], bench(folder, task), grades := Grades.read(folder, "v"))
    assert (tally.graded, tally.missing, tally.faults) == (3, 0, 0)
    assert [grades.known[place] for place in places] == [False, False, True]
    assert contents(folder) == before
    assert Grades.read(folder, "v").known == grades.known
    assert regrade(places, bench(folder, task), Grades.read(folder, "v")).graded == 0


def test_another_verifier_grades_again(folder, task, ran):
    regrade(wanted([ran]), bench(folder, task), Grades.read(folder, verifier_id("memory_mb: 1")))
    assert Grades.read(folder, verifier_id("memory_mb: 2")).known == {}
    assert len(Grades.read(folder, verifier_id("memory_mb: 1")).known) == 3


def test_the_log_itself_says_how_each_episode_ended_and_two_verdicts_are_none(ran):
    ends = given([ran])
    assert ends == {(ran.task_digest, ran.turns[-1].snapshot): True}
    turn = Turn(usage=Usage(), snapshot="s", passed=False)
    other = Turn(usage=Usage(), snapshot="s", passed=True)
    assert given([episode(turns=(turn,))]) == {("digest of t/one", "s"): False}
    assert given([episode(turns=(turn,)), episode(turns=(other,))]) == {}


def test_what_is_missing_damaged_partial_or_of_another_task_is_counted_and_not_guessed(folder, task, ran):
    store, places = SnapshotStore(folder / "snapshots"), wanted([ran])
    partial = store.keep(b'{"big":{"mode":33188,"skipped":"99999999 bytes"}}')
    lost = store.keep(b'{"solution.py":{"blob":"' + b"0" * 64 + b'","mode":33188}}')
    more = [(task.digest, partial), (task.digest, lost), (task.digest, "f" * 64), ("another", places[0][1])]
    tally = regrade([*more, *places], bench(folder, task), grades := Grades.read(folder, "v"))
    assert (tally.graded, tally.partial, tally.missing, tally.changed, tally.faults) == (3, 1, 2, 1, 0)
    assert set(grades.known) == set(places)
    assert [is_whole(store, snapshot) for _, snapshot in (*more[:1], *more[2:])] == [False, None, True]


def test_damaged_lines_are_passed_over_and_a_torn_one_never_spoils_the_next(folder, task, ran):
    places = wanted([ran])
    regrade(places[:2], bench(folder, task, at_once=1), Grades.read(folder, "v"))
    path = folder / FILE
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"no json\n" + first + second[:40])
    grades = Grades.read(folder, "v")
    assert (list(grades.known), grades.damaged) == ([places[0]], 2)
    assert regrade(places, bench(folder, task), grades).graded == 2
    again = Grades.read(folder, "v")
    assert (set(again.known), again.damaged) == (set(places), 2)


def test_an_interruption_keeps_what_was_graded(folder, task, ran):
    def interrupt() -> None:
        raise KeyboardInterrupt

    one = bench(folder, task, at_once=1)
    with pytest.raises(KeyboardInterrupt):
        regrade(wanted([ran]), one, Grades.read(folder, "v"), interrupt)
    grades = Grades.read(folder, "v")
    assert len(grades.known) == 1
    assert regrade(wanted([ran]), one, grades).graded == 2


class Counting(Local):
    """Counts what is open at once; opening fails where it is told to."""

    def __init__(self, broken: bool = False) -> None:
        super().__init__()
        self.open_now, self.most, self.broken, self._lock = 0, 0, broken, threading.Lock()

    @contextmanager
    def open(self, task: Task, snapshots: Path | None = None) -> Iterator[Sandbox]:
        if self.broken:
            raise SandboxError("the engine is down")
        with self._lock:
            self.open_now += 1
            self.most = max(self.most, self.open_now)
        try:
            with super().open(task, snapshots) as sandbox:
                yield sandbox
        finally:
            with self._lock:
                self.open_now -= 1


@pytest.mark.parametrize("at_once", [1, 2])
def test_never_more_at_once_than_asked_for(folder, task, ran, at_once):
    factory, steps = Counting(), []
    regrade(
        wanted([ran]),
        bench(folder, task, sandbox=factory, at_once=at_once),
        Grades.read(folder, "v"),
        lambda: steps.append(1),
    )
    assert factory.most <= at_once
    assert len(steps) == 3


def test_a_fault_is_no_verdict_and_is_tried_again(folder, task, ran):
    broken = bench(folder, task, sandbox=Counting(broken=True))
    tally = regrade(wanted([ran]), broken, grades := Grades.read(folder, "v"))
    assert (tally.graded, tally.faults, tally.error) == (0, 3, "the engine is down")
    assert not (folder / FILE).exists()
    assert regrade(wanted([ran]), bench(folder, task), grades).graded == 3


def test_where_nothing_can_be_written_it_is_said(folder, task, ran):
    (folder / FILE).mkdir()
    with pytest.raises(UnfitError, match=r"cannot write to .*grades\.jsonl"):
        regrade(wanted([ran]), bench(folder, task), Grades.read(folder, "v"))


def test_tests_that_write_into_the_workspace_spoil_no_kept_one(tmp_path: Path):
    """Hidden tests of this task break the solution after they have judged it."""
    spoil = "import pathlib\npathlib.Path('solution.py').write_text('spoilt')\n"
    hidden = "import os, sys\nsys.path.insert(0, os.getcwd())\nfrom solution import double\nassert double(4) == 8\n"
    task = load_task(task_folder(tmp_path, "double", **{"tests/hidden.py": hidden + spoil}), "t")
    (tmp_path / "log").mkdir()
    store = SnapshotStore(tmp_path / "log/snapshots")
    (tmp_path / "work").mkdir()
    (tmp_path / "work/solution.py").write_text("def double(n):\n    return 2 * n\n")
    place = (task.digest, store.take(tmp_path / "work"))
    for verifier in ("once", "again"):
        grades = Grades.read(tmp_path / "log", verifier)
        regrade([place], bench(tmp_path / "log", task), grades)
        assert grades.known == {place: True}
