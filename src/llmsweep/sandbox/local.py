"""The sandbox without walls, for a machine that is one itself: same contract, but commands run with the user's rights."""

from __future__ import annotations

import contextlib
import os
import secrets
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import psutil

from llmsweep.errors import SandboxError, UnfitError
from llmsweep.sandbox.contender import SOCKET, VARIABLE, Contender
from llmsweep.sandbox.process import InFlight, Limits, Usage, Watch, refusal, supervise
from llmsweep.sandbox.snapshots import SnapshotStore
from llmsweep.sandbox.workspace import Workspace, open_workspace, sweep_up
from llmsweep.types import Observation, Task

_MARK = "LLMSWEEP_COMMAND"
_KILL_S = 1.0  # how long a group that keeps forking, or a process that stays in exec, is waited for
_KTHREADD = 2  # the parent of Linux's kernel threads, which have no environment either
# In POSIX sh, ulimit -f counts blocks of 512 bytes and -d counts KiB. A limit that the system refuses is
# left out (macOS keeps none on data); the watchdog is the second line everywhere.
_SHELL = 'ulimit -c 0; ulimit -f {blocks}; ulimit -d {data} 2>/dev/null; exec "$@"'


@dataclass(kw_only=True)
class Local:
    """No isolation; the fields are those of `llmsweep.sandbox.process.Limits`."""

    memory_mb: int = 1024
    processes: int = 64
    file_mb: int = 256
    disk_mb: int = 2048
    output_bytes: int = 16384
    name: str = field(default="local", init=False)
    _in_flight: InFlight = field(default_factory=InFlight, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _ = self.limits  # refuses values that are no limits

    @cached_property
    def limits(self) -> Limits:
        return Limits(
            memory_mb=self.memory_mb,
            processes=self.processes,
            file_mb=self.file_mb,
            disk_mb=self.disk_mb,
            output_bytes=self.output_bytes,
        )

    def check(self) -> None:
        if os.name != "posix":
            raise UnfitError("The local sandbox needs a POSIX system: Linux, macOS or WSL.")
        sweep_up()

    @contextlib.contextmanager
    def open(self, task: Task, snapshots: Path | None = None) -> Iterator[_Opened]:
        with open_workspace(task, folders=("tmp",)) as workspace:
            yield _Opened(self, workspace, SnapshotStore(snapshots) if snapshots else None)

    def abort(self) -> None:
        self._in_flight.abort()


class _Opened:
    """A Sandbox of this kind."""

    def __init__(self, factory: Local, workspace: Workspace, store: SnapshotStore | None) -> None:
        self._factory, self._workspace, self._store = factory, workspace, store

    def run(self, command: str, timeout_s: float) -> Observation:
        return self._execute(command, self._workspace.home / "tmp", timeout_s, {})

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
        """Without mounts: the tests find their folders by $TESTS_DIR and $LOGS_DIR."""
        fresh = Path(tempfile.mkdtemp(dir=self._workspace.home))
        contender = Contender(
            lambda command, tmp, wanted_s: self._execute(command, tmp, wanted_s, {}),
            self._workspace.home,
            lambda tmp: shlex.quote(os.fspath(tmp)),
        )
        with contender.serve(timeout_s) as place:
            folders = {
                "TESTS_DIR": os.fspath(tests.resolve()),
                "LOGS_DIR": os.fspath(logs.resolve()),
                VARIABLE: os.fspath(place / SOCKET),
            }
            return self._execute('bash "$TESTS_DIR/test.sh"', fresh, timeout_s, folders)

    def _execute(self, command: str, tmp: Path, timeout_s: float, extra: Mapping[str, str]) -> Observation:
        if refused := refusal(command):
            return refused
        limits = self._factory.limits
        mark = secrets.token_hex(8)
        python = f"{sys.base_prefix}/bin"
        environment = {
            "PATH": f"{python}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
            "HOME": os.fspath(tmp),
            "TMPDIR": os.fspath(tmp),
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            _MARK: mark,
            **extra,
        }
        shell = shutil.which("bash") or "/bin/sh"
        limit = _SHELL.format(blocks=limits.file_mb << 11, data=limits.memory_mb << 10)
        try:
            process = subprocess.Popen(
                ["/bin/sh", "-c", limit, "sh", shell, "-c", command],
                env=environment,
                cwd=self._workspace.root,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                bufsize=0,
                start_new_session=True,
            )
        except OSError as e:
            raise SandboxError(f"the command could not be started: {e}") from e
        watch = Watch(limits, timeout_s, (self._workspace.root, tmp))
        return supervise(_Family(process, mark), watch, self._factory._in_flight)


class _Family:
    """A Group: the process group, all descendants ever seen, and whoever carries the command's mark."""

    looks_s: tuple[float, ...] = (0.05, 0.25)  # a look reads the whole process table

    def __init__(self, process: subprocess.Popen[bytes], mark: str) -> None:
        self.process, self._mark = process, mark
        self._lock = threading.Lock()
        self._seen: set[psutil.Process] = set()
        # By the clock of the process table itself, which may differ from time.time() by seconds.
        self._since = psutil.Process(process.pid).create_time()

    def usage(self) -> Usage | None:
        processes = threads = memory = 0
        for member in self._members():
            with contextlib.suppress(psutil.Error), member.oneshot():
                threads += member.num_threads()
                memory += member.memory_info().rss
                processes += 1
        return Usage(processes, threads, memory)

    def memory(self) -> int:
        total = 0
        for member in self._members():
            with contextlib.suppress(psutil.Error):
                detail = member.memory_full_info()
                total += getattr(detail, "pss", detail.uss)
        return total

    def kill(self) -> None:
        # Until the group is twice empty: what is being forked while the list is read shows up in the next one, and a
        # process in the middle of exec has no environment to be known by.
        empty, until = 0, time.monotonic() + _KILL_S
        while empty < 2 and time.monotonic() < until:
            left = [member for member in {*self._members(), *self._marked()} if _alive(member)]
            empty = 0 if left or self._in_exec() else empty + 1
            # All stop before the first dies: `sleep 9; rm x` would go on to rm where its sleep is killed first.
            for member in left:
                with contextlib.suppress(psutil.Error):
                    member.suspend()
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            for member in left:
                with contextlib.suppress(psutil.Error):
                    member.kill()
            if left:
                psutil.wait_procs(left, timeout=0.05)
            else:
                time.sleep(0.002)

    def _members(self) -> set[psutil.Process]:
        with self._lock, contextlib.suppress(psutil.Error):
            root = psutil.Process(self.process.pid)
            self._seen |= {root, *root.children(recursive=True)}
        return {member for member in set(self._seen) if _alive(member)}

    def _marked(self) -> Iterator[psutil.Process]:
        """Daemons that left the group and lost their parents still have the environment."""
        for candidate in _table():
            with contextlib.suppress(psutil.Error, OSError):
                if candidate.environ().get(_MARK) == self._mark:
                    yield candidate

    def _in_exec(self) -> bool:
        """Whether a process younger than the command has no environment yet, so that it may be one of its daemons."""
        for candidate in _table():
            with contextlib.suppress(psutil.Error, OSError):
                young = candidate.create_time() >= self._since and candidate.ppid() != _KTHREADD
                # One that was started without an environment has at least its arguments.
                if young and _alive(candidate) and not candidate.environ() and not candidate.cmdline():
                    return True
        return False


def _table() -> Iterator[psutil.Process]:
    """All processes, each looked up anew: `psutil.process_iter` keeps handles, stale where an id is used again."""
    for pid in psutil.pids():
        with contextlib.suppress(psutil.Error):
            yield psutil.Process(pid)


def _alive(member: psutil.Process) -> bool:
    try:
        return member.is_running() and member.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
