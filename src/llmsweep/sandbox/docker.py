"""Containers for tasks that need one, by the command line of docker or podman: the two agree on it, and on no library.

One container an episode. Its workspace is a folder of the host, mounted at the task's workdir, so that reading, writing
and snapshots are those of every sandbox. Commands are run by `exec`; nothing outlives the one that started it, because
each ends by killing every other process of the container (the first one apart, which only sleeps).

Hidden tests written with judge.py run in a second container of the same image, untouched by the agent, and have
the workspace's code run in the first. Other tests expect what Harbor gives them: the agent's own container.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from llmsweep.errors import SandboxError, UsageError, nearest
from llmsweep.sandbox.contender import SOCKET, VARIABLE, Contender
from llmsweep.sandbox.engine import Engine, find_engine, image_of
from llmsweep.sandbox.process import InFlight, Limits, Usage, Watch, refusal, supervise
from llmsweep.sandbox.snapshots import SnapshotStore
from llmsweep.sandbox.workspace import Workspace, fill, remove, sweep_up
from llmsweep.types import Observation, Task

_IO = "/run/llmsweep"
_CONTENDER = "/contender"
_NEEDED_BY_ROOT = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID")
_ENVIRONMENT = {"LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
# $1: the command, $2: who the workspace's files belong to, or nothing; the workspace is the current folder.
_WRAPPER = (
    'bash -c "$1" < /dev/null; code=$?; kill -9 -1 2>/dev/null; [ -z "$2" ] || chown -R "$2" . ; exit $code'
)
_KILL_ALL = ("sh", "-c", "kill -9 -1")
# The first process: it buries those whose parents are gone, which a plain sleep would not.
_FIRST = ("sh", "-c", "while :; do sleep 5; done")


@dataclass(kw_only=True)
class Docker:
    """Sandboxes by docker or podman; the fields are what conf/sandbox/docker.yaml may set.

    ``engine``: docker, podman, or auto, which takes the first that works. ``image``: used for every task instead of its
    own. ``network``: whether containers have one (never while this is false). ``memory_mb``, ``processes``,
    ``output_bytes``: as elsewhere. ``options``: further words for the engine's `run`.
    """

    engine: str = "auto"
    image: str | None = None
    network: bool = False
    memory_mb: int = 2048
    processes: int = 512
    output_bytes: int = 16384
    options: Sequence[str] = ()
    name: str = field(default="docker", init=False)
    _in_flight: InFlight = field(default_factory=InFlight, init=False, repr=False, compare=False)
    _found: Engine | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.engine not in ("auto", "docker", "podman"):
            known = ("auto", "docker", "podman")
            raise UsageError(
                f"sandbox.engine={self.engine}: there is no such engine; {nearest(self.engine, known)}"
            )
        self.options = tuple(map(str, self.options))
        _ = self.limits

    @property
    def limits(self) -> Limits:
        """The container keeps memory and processes itself; files and disk are not bounded."""
        return Limits(
            memory_mb=self.memory_mb,
            processes=self.processes,
            file_mb=1 << 20,
            disk_mb=1 << 20,
            output_bytes=self.output_bytes,
        )

    @property
    def found(self) -> Engine:
        """The engine that works here. Raises UnfitError."""
        if self._found is None:
            self._found = find_engine(self.engine)
        return self._found

    def check(self) -> None:
        """As SandboxFactory.check; removes the containers that killed runs left behind."""
        self.found.sweep_up()
        sweep_up()

    @contextlib.contextmanager
    def open(self, task: Task, snapshots: Path | None = None) -> Iterator[_Opened]:
        workdir = PurePosixPath(task.workdir)
        if not workdir.is_absolute() or len(workdir.parts) < 2:
            raise SandboxError(f"workdir {task.workdir!r} cannot be mounted: it must be a folder below /")
        image = self.image or image_of(task, self.found)
        home = Path(tempfile.mkdtemp(prefix="llmsweep-")).resolve()
        try:
            (home / "io").mkdir(mode=0o777)
            (home / "io").chmod(0o777)
            if task.container is None or self.image:
                fill(task.environment, home / "work")
            else:
                self.found.copy_out(image, task.workdir, home / "work")
            workspace = Workspace(home, home / "work", (task.workdir, os.fspath(home / "work")))
            mounts = [(home / "work", task.workdir, "rw"), (home / "io", _IO, "rw")]
            container = self.found.start([*self._walls(mounts), image, *_FIRST])
            store = SnapshotStore(snapshots) if snapshots else None
            opened = _Opened(self, workspace, task, image, container, store)
            try:
                yield opened
            finally:
                opened.hand_back()
                self.found.remove(container)
        finally:
            remove(home)

    def abort(self) -> None:
        self._in_flight.abort()

    def _walls(self, mounts: Sequence[tuple[Path, str, str]]) -> list[str]:
        """The words of `run` that keep a container in."""
        words = [] if self.network else ["--network", "none"]
        words += ["--cap-drop", "ALL"]
        for capability in _NEEDED_BY_ROOT:
            words += "--cap-add", capability
        words += ["--security-opt", "no-new-privileges", "--pids-limit", str(self.processes)]
        words += ["--memory", f"{self.memory_mb}m", "--entrypoint", "", *self.options]
        for host, inside, mode in mounts:
            words += "--volume", f"{host}:{inside}:{mode}"
        for name, value in _ENVIRONMENT.items():
            words += "--env", f"{name}={value}"
        return words


class _Opened:
    """A Sandbox of this kind."""

    def __init__(
        self,
        factory: Docker,
        workspace: Workspace,
        task: Task,
        image: str,
        container: str,
        store: SnapshotStore | None,
    ) -> None:
        self._factory, self._workspace, self._task = factory, workspace, task
        self._image, self._container, self._store = image, container, store

    def run(self, command: str, timeout_s: float) -> Observation:
        if refused := refusal(command):
            return refused
        owner = self._factory.found.owner
        words = [*self._words(), self._container, "sh", "-c", _WRAPPER, "sh", command, owner]
        return self._supervise(words, timeout_s)

    def read(self, path: str) -> str:
        return self._workspace.read(path)

    def write(self, path: str, text: str) -> None:
        self._workspace.write(path, text)

    def files(self) -> list[str]:
        return self._workspace.files()

    def snapshot(self) -> str | None:
        return self._store.take(self._workspace.root) if self._store else None

    def restore(self, snapshot: str) -> None:
        self._workspace.restore(self._store, snapshot)

    def verify(self, tests: Path, logs: Path, timeout_s: float) -> Observation:
        if (tests / "judge.py").is_file() and sys.platform == "linux":
            return self._verify_apart(tests, logs, timeout_s)
        return self._verify_here(tests, logs, timeout_s)

    def hand_back(self) -> None:
        """Make the host's user the owner of what the container's wrote, so that it can be removed."""
        if owner := self._factory.found.owner:
            place = self._task.workdir
            self._factory.found.say("exec", self._container, "chown", "-R", owner, place, _IO, check=False)

    def _verify_apart(self, tests: Path, logs: Path, timeout_s: float) -> Observation:
        """In a fresh container, whose tests have commands run in the agent's."""
        factory, found = self._factory, self._factory.found
        logs.chmod(0o777)
        contender = Contender(
            lambda command, tmp, wanted_s: self._contend(command, tmp, wanted_s),
            self._workspace.home / "io",
            lambda tmp: f"{_IO}/{tmp.name}",
        )
        with contender.serve(timeout_s) as place:
            place.chmod(0o777)
            (place / SOCKET).chmod(0o777)
            mounts = [
                (self._workspace.root, self._task.workdir, "rw"),
                (tests.resolve(), "/tests", "ro"),
                (logs.resolve(), "/logs", "rw"),
                (place, _CONTENDER, "rw"),
            ]
            walls = factory._walls(mounts)
            judging = found.start([*walls, self._image, *_FIRST])
            try:
                variables = {"TESTS_DIR": "/tests", "LOGS_DIR": "/logs", VARIABLE: f"{_CONTENDER}/{SOCKET}"}
                words = [*self._words(variables), judging, "bash", "/tests/test.sh"]
                outcome = self._supervise(words, timeout_s, container=judging)
                if found.owner:
                    found.say("exec", judging, "chown", "-R", found.owner, "/logs", check=False)
                return outcome
            finally:
                found.remove(judging)

    def _contend(self, command: str, tmp: Path, timeout_s: float) -> Observation:
        for path in (tmp, tmp / ".stdin"):
            path.chmod(0o777)
        done = self.run(command, timeout_s)
        if owner := self._factory.found.owner:
            self._factory.found.say(
                "exec", self._container, "chown", "-R", owner, f"{_IO}/{tmp.name}", check=False
            )
        return done

    def _verify_here(self, tests: Path, logs: Path, timeout_s: float) -> Observation:
        """In the agent's container, as Harbor does: the tests are copied in only now."""
        found = self._factory.found
        inside = ("exec", "--user", "0", self._container)
        found.say(*inside, "sh", "-c", "kill -9 -1; rm -rf /tests /logs; mkdir -p /tests /logs/verifier")
        found.say("cp", f"{tests.resolve()}/.", f"{self._container}:/tests")
        found.say(*inside, "chmod", "-R", "go-rwx", "/tests", "/logs")
        words = [*self._words({"TESTS_DIR": "/tests", "LOGS_DIR": "/logs"}), "--user", "0"]
        outcome = self._supervise([*words, self._container, "bash", "/tests/test.sh"], timeout_s)
        shutil.rmtree(logs / "verifier", ignore_errors=True)
        found.say("cp", f"{self._container}:/logs/verifier", os.fspath(logs))
        self.hand_back()
        return outcome

    def _words(self, variables: dict[str, str] | None = None) -> list[str]:
        words = ["exec", "--workdir", self._task.workdir]
        for name, value in (variables or {}).items():
            words += "--env", f"{name}={value}"
        return words

    def _supervise(self, words: Sequence[str], timeout_s: float, container: str | None = None) -> Observation:
        found, inside = self._factory.found, container or self._container
        process = subprocess.Popen(
            [found.program, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            start_new_session=True,  # Ctrl-C is for the sweep, which then ends its commands in order
        )
        watch = Watch(self._factory.limits, timeout_s, ())
        outcome = supervise(_Exec(process, found, inside), watch, self._factory._in_flight)
        if outcome.exit_code not in (0, None) and not found.runs(inside):
            raise SandboxError(f"the container is gone: {outcome.output.strip()[-300:]}")
        return outcome


class _Exec:
    """A Group: one `exec` and what it runs in the container, which keeps the limits itself."""

    looks_s: tuple[float, ...] = (5.0,)

    def __init__(self, process: subprocess.Popen[bytes], found: Engine, container: str) -> None:
        self.process, self._found, self._container = process, found, container

    def usage(self) -> Usage | None:
        return None

    def memory(self) -> int:
        return 0

    def kill(self) -> None:
        """The engine's own program does not end what it started; the container is told to."""
        if self.process.poll() is None:
            self._found.say("exec", "--user", "0", self._container, *_KILL_ALL, check=False)
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
