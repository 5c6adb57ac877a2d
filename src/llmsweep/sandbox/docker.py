"""Containers for tasks that need one, by the command line of docker or podman.

One container an episode, without a network, holding the workspace itself: nothing of the host is mounted, so that owners
and modes are the image's and an engine on another machine, or in a virtual one, serves as well. Files go in and come out
as tar streams. Hidden tests run in the same container, as Harbor's do, since a task may ask for changes anywhere in it;
they are copied in only then, in folders that only root may enter.
"""

from __future__ import annotations

import contextlib
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from llmsweep.errors import SandboxError, UsageError, boundary, nearest
from llmsweep.sandbox import inside
from llmsweep.sandbox.archives import Unpacking, finish, packed
from llmsweep.sandbox.container import Container
from llmsweep.sandbox.engine import KINDS, Engine, find_engine
from llmsweep.sandbox.images import Image, Recipe, obtain, recipe_of
from llmsweep.sandbox.process import InFlight, Limits, Watch, refusal
from llmsweep.sandbox.snapshots import SnapshotStore
from llmsweep.sandbox.workspace import fill, remove, sweep_up
from llmsweep.types import Observation, Task

_AGENT = 1000
# What root needs to be of use: to own and read all files, to become somebody else (judge.py becomes nobody), to kill.
_CAPABILITIES = (
    *("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "NET_BIND_SERVICE", "SETGID", "SETUID"),
)
_ENVIRONMENT = {"LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
_LOGS_BYTES = 64 << 20
_TESTS, _LOGS, _HOME = "/tests", "/logs", "/verify"


@dataclass(kw_only=True)
class Docker:
    """Sandboxes by docker or podman; the fields are what conf/sandbox/docker.yaml may set.

    ``engine``: docker, podman, or auto, which takes the first that works. ``image``: for every task instead of its own.
    ``network``: the engine's default network for tasks whose network_mode is public (Harbor's default), none otherwise.
    ``memory_mb``: of one container; a task that states more gets that. ``processes``: threads count too.
    ``output_bytes``: kept of a command's output. ``options``: further words for the engine's `run`.
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
    _images: dict[Path, Image] = field(default_factory=dict, init=False, repr=False, compare=False)
    _one: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.engine not in (known := ("auto", *KINDS)):
            raise UsageError(
                f"sandbox.engine={self.engine}: there is no such engine; {nearest(self.engine, known)}"
            )
        self.options = tuple(map(str, self.options))
        _ = self.limits  # refuses values that are no limits

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
        """As SandboxFactory.check; removes what killed runs left behind."""
        self.found.sweep_up()
        sweep_up()

    @contextlib.contextmanager
    def open(self, task: Task, snapshots: Path | None = None) -> Iterator[_Opened]:
        recipe = recipe_of(task)
        if self.image:
            recipe = replace(recipe, image=self.image, files=True, workdir=task.workdir)
        image = self._image(task, recipe)
        workdir = _workdir(task, recipe, image)
        container = Container(self.found, image.name, self._walls(recipe), workdir)
        try:
            user = recipe.agent or (f"{_AGENT}:{_AGENT}" if task.container is None else image.user)
            opened = _Opened(self, container, recipe, user, workdir)
            opened.store = SnapshotStore(snapshots) if snapshots else None
            if recipe.files:
                opened.fill(task)
            yield opened
        finally:
            container.close()

    def abort(self) -> None:
        self._in_flight.abort()

    def _image(self, task: Task, recipe: Recipe) -> Image:
        with self._one:
            if task.environment not in self._images:
                self._images[task.environment] = obtain(task, recipe, self.found, self._in_flight)
            return self._images[task.environment]

    def _walls(self, recipe: Recipe) -> list[str]:
        """The words of `run` that keep a container in."""
        words = [] if self.network and recipe.public else ["--network", "none"]
        words += ["--cap-drop", "ALL", *(f"--cap-add={name}" for name in _CAPABILITIES)]
        memory = f"{max(self.memory_mb, recipe.memory_mb)}m"
        words += ["--security-opt", "no-new-privileges", "--pids-limit", str(self.processes)]
        words += ["--memory", memory, "--memory-swap", memory, *self.options]
        return [*words, *_variables({**_ENVIRONMENT, **recipe.environment})]


class _Opened:
    """A Sandbox of this kind."""

    store: SnapshotStore | None = None

    def __init__(
        self, factory: Docker, container: Container, recipe: Recipe, user: str, workdir: str
    ) -> None:
        self._factory, self._container, self._recipe = factory, container, recipe
        self._user, self._workdir = user, workdir
        self._home = {"HOME": "/tmp"} if user == f"{_AGENT}:{_AGENT}" else {}

    def run(self, command: str, timeout_s: float) -> Observation:
        if refused := refusal(command):
            return refused
        return self._execute(self._user, command, self._home, timeout_s)

    def read(self, path: str) -> str:
        return inside.read(self._container, self._user, self._workdir, path)

    def write(self, path: str, text: str) -> None:
        inside.write(self._container, self._user, self._workdir, path, text)

    def files(self) -> list[str]:
        return inside.files(self._container, self._user, self._workdir)

    def snapshot(self) -> str | None:
        """Of the workspace; what was changed elsewhere in the container is in none."""
        if self.store is None:
            return None
        with _scratch() as mirror:
            with self._container.engine.stream(
                "cp", f"{self._container.name}:{self._workdir}/.", "-"
            ) as stream:
                Unpacking(into=mirror, links=True).take(stream)
            return self.store.take(mirror)

    def restore(self, snapshot: str) -> None:
        if self.store is None:
            raise SandboxError("no snapshots are kept here, so that none can be restored")
        with _scratch() as mirror, packed() as (packing, file):
            with boundary(SandboxError, "the snapshot could not be restored"):
                self.store.restore(snapshot, mirror)
                packing.content(mirror, self._workdir)
            self._container.must(inside.EMPTY, self._workdir)
            self._container.put(finish(packing, file))
            self._container.must('chown -R -h -- "$1" "$2"', self._user, self._workdir)

    def verify(self, tests: Path, logs: Path, timeout_s: float) -> Observation:
        container, recipe = self._container, self._recipe
        user = recipe.verifier or "0"
        container.settle()
        container.must('rm -rf -- "$@"', _TESTS, _LOGS, _HOME)
        with packed() as (packing, file):
            for folder in (
                _TESTS,
                _HOME,
                _LOGS,
                *(f"{_LOGS}/{name}" for name in ("agent", "verifier", "artifacts")),
            ):
                packing.folder(folder, mode=0o700)
            packing.content(tests, _TESTS)
            container.put(finish(packing, file))
        if recipe.verifier:
            container.must('chown -R -h -- "$@"', user, _TESTS, _LOGS, _HOME)
        variables = {"TESTS_DIR": _TESTS, "LOGS_DIR": _LOGS, "HOME": _HOME, **recipe.verifier_environment}
        try:
            outcome = self._execute(user, f"bash {_TESTS}/test.sh", variables, timeout_s)
            with container.engine.stream("cp", f"{container.name}:{_LOGS}/.", "-") as stream:
                Unpacking(into=logs, links=False, most_bytes=_LOGS_BYTES).take(stream)
        finally:
            with contextlib.suppress(SandboxError):
                container.must('rm -rf -- "$@"', _TESTS, _LOGS, _HOME)
        return outcome

    def fill(self, task: Task) -> None:
        """The task's files as the workspace, the agent's own."""
        owner = _AGENT if self._user == f"{_AGENT}:{_AGENT}" else 0
        with _scratch() as scratch, packed() as (packing, file):
            with boundary(SandboxError, f"{task.id}: the workspace could not be filled"):
                fill(task.environment, scratch / "work")
                packing.folder(self._workdir, mode=0o755, owner=owner)
                packing.content(scratch / "work", self._workdir, owner=owner)
            self._container.put(finish(packing, file))
        if self._user not in ("0", "root") and not owner:
            self._container.must('chown -R -h -- "$1" "$2"', self._user, self._workdir)

    def _execute(
        self, user: str, command: str, variables: Mapping[str, str], timeout_s: float
    ) -> Observation:
        options = ["--user", user, "--workdir", self._workdir, *_variables(variables)]
        watch = Watch(self._factory.limits, timeout_s, ())
        return self._container.execute(options, command, watch, self._factory._in_flight)


def _workdir(task: Task, recipe: Recipe, image: Image) -> str:
    """The task's where it says, else the image's; an image that works in / has no workspace that could be kept."""
    place = recipe.workdir or (image.workdir if image.workdir not in ("", "/") else task.workdir)
    pure = PurePosixPath(place)
    if not pure.is_absolute() or len(pure.parts) < 2 or ".." in pure.parts:
        raise SandboxError(f"workdir {place!r} cannot be the workspace: it must be a folder below /")
    return pure.as_posix()


def _variables(variables: Mapping[str, str]) -> list[str]:
    return [f"--env={name}={value}" for name, value in variables.items()]


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    """A folder of the host for what model-written code made."""
    folder = Path(tempfile.mkdtemp(prefix="llmsweep-"))
    try:
        yield folder
    finally:
        remove(folder)
