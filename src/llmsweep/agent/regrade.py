"""Kept workspaces graded afterwards, each distinct one once: how an episode stood under a smaller budget, without its model.

Nothing here can change an episode or a workspace that is kept: logs are only read, each snapshot is restored into a
fresh sandbox that is thrown away, and what was found goes to a file of its own beside the log.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from llmsweep.agent.grade import Grade, verdict
from llmsweep.errors import FaultError, SandboxError, UnfitError
from llmsweep.sandbox.base import SandboxFactory
from llmsweep.sandbox.snapshots import SnapshotStore
from llmsweep.types import Episode, Task, digest

FILE = "grades.jsonl"
GRADING = 1
"""Raise when the same workspace may be graded otherwise than before: every kept one is then graded again."""
_POLL_S = 0.2

Place = tuple[str, str]
"""A task's digest and a snapshot's: what a grade is of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the file. ``task``: the task's digest, hidden tests included; ``verifier``: see `verifier_id`."""

    v: int = 1
    task: str
    snapshot: str
    verifier: str
    passed: bool
    reward: float
    progress: float | None = None


@dataclass(slots=True)
class Tally:
    """How many workspaces were ``graded`` now; are ``missing`` (not in the store, or damaged); were kept in part only
    (``partial``: what was too large or unreadable is not in the snapshot); broke the sandbox or the tests (``faults``,
    to be tried again); or are of tasks whose files have ``changed`` since.
    """

    graded: int = 0
    missing: int = 0
    partial: int = 0
    faults: int = 0
    changed: int = 0
    error: str | None = None
    """What the first fault said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Where workspaces are graded. ``tasks``: by digest; ``snapshots``: the store's folder; ``at_once``: most at a time,
    None is one a processor.
    """

    tasks: Mapping[str, Task]
    sandbox: SandboxFactory
    snapshots: Path
    at_once: int | None = None


def verifier_id(sandbox: str) -> str:
    """What else than the task and the workspace a grade depends on. ``sandbox``: its whole configuration as text."""
    return digest([GRADING, sandbox])[:12]


@dataclass(slots=True)
class Grades:
    """The grades of one log's workspaces, by one verifier. ``damaged``: lines that could not be read and are passed over."""

    path: Path
    verifier: str
    known: dict[Place, bool] = field(default_factory=dict)
    damaged: int = 0

    @classmethod
    def latest(cls, folder: Path) -> Grades:
        """What is kept there by the verifier that graded last; for who only reads and grades nothing."""
        path = folder / FILE
        texts = path.read_bytes().splitlines() if path.is_file() else []
        for text in reversed(texts):
            try:
                return cls.read(folder, _DECODE.decode(text).verifier)
            except msgspec.MsgspecError:
                continue
        return cls(path, "")

    @classmethod
    def read(cls, folder: Path, verifier: str) -> Grades:
        """What is kept in the log's ``folder``; nothing where there is no file yet."""
        grades = cls(folder / FILE, verifier)
        raw = grades.path.read_bytes() if grades.path.is_file() else b""
        for text in raw.splitlines():
            try:
                line = _DECODE.decode(text)
            except msgspec.MsgspecError:
                grades.damaged += bool(text.strip())
                continue
            if line.v == 1 and line.verifier == verifier:
                grades.known[line.task, line.snapshot] = line.passed
        return grades

    def keep(self, place: Place, grade: Grade) -> None:
        """Append one line in one write. Raises UnfitError where the file cannot be written."""
        line = Line(
            task=place[0],
            snapshot=place[1],
            verifier=self.verifier,
            passed=grade.passed,
            reward=grade.reward,
            progress=grade.progress,
        )
        try:
            with self.path.open("ab+") as file:
                end = file.seek(0, os.SEEK_END)
                torn = end > 0 and os.pread(file.fileno(), 1, end - 1) != b"\n"  # by a run that was killed
                file.write(b"\n" * torn + msgspec.json.encode(line) + b"\n")
        except OSError as e:
            raise UnfitError(
                f"results: cannot write to {self.path}: {e}; use a copy of the folder, or --no-grade."
            ) from e
        self.known[place] = grade.passed


_DECODE = msgspec.json.Decoder(Line)


def given(episodes: Iterable[Episode]) -> dict[Place, bool]:
    """What the log itself says of workspaces: the verdict of each episode's end, and of turns that were graded.

    A workspace that was given two verdicts is not in it: its tests are not steady, and neither counts for another episode.
    """
    said: dict[Place, set[bool]] = {}
    for episode in episodes:
        for turn in episode.turns:
            if turn.snapshot is not None and turn.passed is not None:
                said.setdefault((episode.task_digest, turn.snapshot), set()).add(turn.passed)
    return {place: verdicts.pop() for place, verdicts in said.items() if len(verdicts) == 1}


def wanted(episodes: Iterable[Episode]) -> list[Place]:
    """Each distinct workspace of these episodes' turns, in the order of their appearance."""
    places = {
        (episode.task_digest, turn.snapshot): None
        for episode in episodes
        for turn in episode.turns
        if turn.snapshot is not None
    }
    return list(places)


def regrade(
    places: Iterable[Place], bench: Bench, grades: Grades, step: Callable[[], None] = lambda: None
) -> Tally:
    """Grade those that ``grades`` does not know; each is kept as soon as it is there, so that Ctrl-C loses only what is
    in flight. ``step`` is called after each. Raises UnfitError where grades cannot be written.
    """
    tally = Tally()
    for place, found in _all(_owed(places, bench, grades, tally, step), bench):
        if isinstance(found, Grade):
            grades.keep(place, found)
            tally.graded += 1
        elif isinstance(found, _LostError):
            tally.missing += 1
        else:
            tally.faults += 1
            tally.error = tally.error or str(found)
        step()
    return tally


def _owed(
    places: Iterable[Place], bench: Bench, grades: Grades, tally: Tally, step: Callable[[], None]
) -> Iterator[Place]:
    """The places that can be graded; the others are counted."""
    store = SnapshotStore(bench.snapshots)
    for place in places:
        if place not in grades.known:
            if place[0] not in bench.tasks:
                tally.changed += 1
            elif (whole := is_whole(store, place[1])) is None:
                tally.missing += 1
            elif not whole:
                tally.partial += 1
            else:
                yield place
                continue
        step()


def is_whole(store: SnapshotStore, snapshot: str) -> bool | None:
    """Whether a snapshot holds all that was in the workspace; None where it is not kept (any more)."""
    try:
        tree = json.loads(store.load(snapshot))
    except (SandboxError, ValueError):
        return None
    return not any("skipped" in entry for entry in tree.values())


class _LostError(SandboxError):
    """A part of the snapshot is not in the store."""


def _grade(place: Place, bench: Bench) -> Grade:
    task = bench.tasks[place[0]]
    with bench.sandbox.open(task, bench.snapshots) as sandbox:
        try:
            sandbox.restore(place[1])
        except SandboxError as e:
            raise _LostError(str(e)) from e
        return verdict(task, sandbox, lambda: bench.sandbox.open(task))


def _all(places: Iterator[Place], bench: Bench) -> Iterator[tuple[Place, Grade | FaultError]]:
    """Each place with its grade, or with the fault that kept it from one, as they end; never more at once than asked for."""
    at_once = bench.at_once or os.cpu_count() or 1
    flying: dict[Future[Grade], Place] = {}
    pool = ThreadPoolExecutor(at_once)
    try:
        while True:
            while len(flying) < at_once and (place := next(places, None)) is not None:
                flying[pool.submit(_grade, place, bench)] = place
            if not flying:
                return
            # A bounded wait, so that Ctrl-C reaches the main thread on every platform.
            done, _ = wait(flying, timeout=_POLL_S, return_when=FIRST_COMPLETED)
            for future in done:
                error = future.exception()
                if error is not None and not isinstance(error, FaultError):
                    raise error
                yield flying.pop(future), error or future.result()
    finally:
        if flying:
            bench.sandbox.abort()
        pool.shutdown(wait=True, cancel_futures=True)
