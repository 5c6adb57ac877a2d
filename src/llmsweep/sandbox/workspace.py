"""The folder of one episode, whose files model-written code controls: the host side never trusts a name in it."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from llmsweep.errors import SandboxError, boundary
from llmsweep.sandbox.snapshots import SnapshotStore
from llmsweep.types import Task

MAX_TEXT_BYTES = 4 << 20
"""The largest file that `Workspace.read` and `Workspace.write` take."""

MAX_FILES = 2_000
_PREFIX = "llmsweep-"
_BUILD_FILES = ("Dockerfile", "docker-compose*", ".dockerignore")
_HERE = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever.
_FILE = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Workspace:
    """``home``: the private folder of the episode; ``root``: the files in it that the agent works on;
    ``names``: the absolute paths under which commands know ``root``.
    """

    home: Path
    root: Path
    names: tuple[str, ...]

    def read(self, path: str) -> str:
        """As Sandbox.read. Symbolic links are not followed, not even inside of the workspace."""
        with self._folder(path, make=False) as (folder, name), _told(path):
            fd = os.open(name, os.O_RDONLY | _FILE, dir_fd=folder)
            with open(fd, "rb") as file:
                _check_regular(fd, path)
                data = file.read(MAX_TEXT_BYTES + 1)
        if len(data) > MAX_TEXT_BYTES:
            raise OSError(f"too large to read whole (over {MAX_TEXT_BYTES >> 20} MB): {path}")
        return data.decode("utf-8", "replace")

    def write(self, path: str, text: str) -> None:
        """As Sandbox.write. A file that exists keeps its mode."""
        try:
            data = text.encode()
        except UnicodeEncodeError:
            raise OSError(
                f"the text for {path} holds half of a surrogate pair, which no file can hold"
            ) from None
        if len(data) > MAX_TEXT_BYTES:
            raise OSError(f"too large to write (over {MAX_TEXT_BYTES >> 20} MB): {path}")
        with self._folder(path, make=True) as (folder, name), _told(path):
            fd = os.open(name, os.O_WRONLY | os.O_CREAT | _FILE, 0o644, dir_fd=folder)
            with open(fd, "wb") as file:
                _check_regular(fd, path)
                os.ftruncate(fd, 0)
                file.write(data)

    def files(self) -> list[str]:
        """As Sandbox.files."""
        found: list[str] = []
        for place, folders, names in os.walk(self.root):
            folders[:] = sorted(name for name in folders if name[0] != "." and name != "__pycache__")
            for name in sorted(names):
                entry = Path(place, name)
                if name[0] != "." and stat.S_ISREG(entry.lstat().st_mode) and _encodable(os.fspath(entry)):
                    found.append(entry.relative_to(self.root).as_posix())
            if len(found) >= MAX_FILES:
                break
        return sorted(found[:MAX_FILES])

    def restore(self, store: SnapshotStore | None, snapshot: str) -> None:
        """As Sandbox.restore."""
        if store is None:
            raise SandboxError("no snapshots are kept here, so that none can be restored")
        remove(self.root, keep_top=True)
        self.root.chmod(0o755)
        with boundary(SandboxError, "the snapshot could not be restored"):
            store.restore(snapshot, self.root)

    @contextlib.contextmanager
    def _folder(self, path: str, make: bool) -> Iterator[tuple[int, str]]:
        """The open folder that holds ``path``, reached one component at a time, and the last component."""
        *folders, name = self._parts(path)
        with contextlib.ExitStack() as held:
            with _told(path):
                here = _open_folder(held, os.fspath(self.root), None)
                for folder in folders:
                    if make:
                        with contextlib.suppress(FileExistsError):
                            os.mkdir(folder, 0o755, dir_fd=here)
                    here = _open_folder(held, folder, here)
            yield here, name

    def _parts(self, path: str) -> tuple[str, ...]:
        """Components below the root. Raises OSError for a path that leaves it or cannot be one."""
        if "\0" in path or not _encodable(path):
            raise OSError(f"not a file name: {path!r}")
        pure = PurePosixPath(path)
        if pure.is_absolute():
            for name in self.names:
                if pure.is_relative_to(name):
                    pure = pure.relative_to(name)
                    break
        if pure.is_absolute() or ".." in pure.parts:
            raise PermissionError(f"outside of the workspace {self.names[0]}: {path}")
        if not pure.parts:
            raise IsADirectoryError(f"a folder, not a file: {path or '.'}")
        return pure.parts


@contextlib.contextmanager
def open_workspace(task: Task, *, folders: tuple[str, ...] = ()) -> Iterator[Workspace]:
    """A private folder (mode 700) with the task's files in ``work`` and empty ``folders`` beside it;
    removed on leaving, whatever was done to it. Raises SandboxError.
    """
    with boundary(SandboxError, f"{task.id}: the workspace could not be made"):
        home = Path(tempfile.mkdtemp(prefix=_PREFIX)).resolve()
    try:
        root = home / "work"
        with boundary(SandboxError, f"{task.id}: the workspace could not be filled"):
            fill(task.environment, root)
            for folder in folders:
                (home / folder).mkdir()
        yield Workspace(home, root, (task.workdir, os.fspath(root)))
    finally:
        remove(home)


def sweep_up(older_than_s: float = 86400.0) -> int:
    """Remove what killed runs of this user left in the temporary folder; how many folders. Only old ones, since
    another run may be using a younger one.
    """
    removed = 0
    for place in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):  # gone between listing and looking
            seen = place.lstat()
            old = time.time() - seen.st_mtime > older_than_s
            if old and stat.S_ISDIR(seen.st_mode) and seen.st_uid == os.getuid():
                remove(place)
                removed += 1
    return removed


def fill(environment: Path, root: Path) -> None:
    """Copy a task's files, but not what only builds a container. Links stay links; all is made writable,
    because the source may be an installed, read-only package.
    """
    unwanted = shutil.ignore_patterns(*_BUILD_FILES)

    def only_at_top(place: str, names: list[str]) -> set[str]:
        return unwanted(place, names) if Path(place) == environment else set()

    shutil.copytree(environment, root, symlinks=True, ignore=only_at_top, copy_function=shutil.copy)
    for place, folders, files in os.walk(root):
        Path(place).chmod(0o755)
        for name in (*folders, *files):
            entry = Path(place, name)
            if not entry.is_symlink():
                entry.chmod(stat.S_IMODE(entry.stat().st_mode) | stat.S_IRUSR | stat.S_IWUSR)


def remove(home: Path, *, keep_top: bool = False) -> None:
    """Remove a folder that hostile code filled: modes of 000, links, and nesting deeper than any path
    or call stack may be. Nothing may run in it any more. What cannot be removed is left behind.
    ``keep_top``: only what is in it.
    """
    serial = itertools.count()
    token = os.urandom(8).hex()
    with contextlib.suppress(OSError):
        home.chmod(0o700)
        while entries := list(home.iterdir()):
            for entry in entries:
                if not _is_folder(entry):
                    entry.unlink()
                    continue
                entry.chmod(0o700)
                # Folders inside move up beside it, so that no level is ever deeper than two.
                for inner in list(entry.iterdir()):
                    if _is_folder(inner):
                        inner.chmod(0o700)
                        inner.rename(home / f"{token}-{next(serial)}")
                    else:
                        inner.unlink()
                entry.rmdir()
        if not keep_top:
            home.rmdir()


def _is_folder(path: Path) -> bool:
    return stat.S_ISDIR(path.lstat().st_mode)


def _open_folder(held: contextlib.ExitStack, name: str, parent: int | None) -> int:
    fd = os.open(name, _HERE, dir_fd=parent)
    held.callback(os.close, fd)
    return fd


def _check_regular(fd: int, path: str) -> None:
    mode = os.fstat(fd).st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "")
    if not stat.S_ISREG(mode):
        raise OSError(errno.ENXIO, "")


def _encodable(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


_SAYINGS = {
    errno.ENOENT: "no such file",
    errno.EISDIR: "a folder, not a file",
    errno.ENOTDIR: "a part of the path is a file or a symbolic link, not a folder",
    errno.ELOOP: "a symbolic link; name the file it points to",
    errno.EMLINK: "a symbolic link; name the file it points to",
    errno.ENXIO: "neither a file nor a folder",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
}


@contextlib.contextmanager
def _told(path: str) -> Iterator[None]:
    """The same kind of OSError, in words for the model and without the host's paths."""
    try:
        yield
    except OSError as e:
        saying = _SAYINGS.get(e.errno or 0, e.strerror or str(e))
        raise type(e)(f"{saying}: {path}") from None
