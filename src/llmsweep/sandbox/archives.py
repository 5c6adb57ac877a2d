"""Folders as tar streams, which is how an engine takes them in and gives them out: it follows no link and opens no pipe.

What comes out of a container was made by model-written code: nothing is written outside of the folder, through a link
or beyond a bound.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from llmsweep.errors import SandboxError
from llmsweep.sandbox.snapshots import MAX_ENTRIES, MAX_FILE_BYTES, MAX_TOTAL_BYTES

_CHUNK = 1 << 20
_UNWANTED = "__pycache__"


@dataclass(slots=True)
class Packing:
    """A tar file in the making; its paths are those inside of the container, without the first slash."""

    tar: tarfile.TarFile

    def folder(self, inside: str, *, mode: int, owner: int = 0) -> None:
        entry = tarfile.TarInfo(inside.strip("/"))
        entry.type, entry.mode = tarfile.DIRTYPE, mode
        self._add(entry, owner)

    def content(self, folder: Path, inside: str, *, owner: int = 0) -> None:
        """All that is in a folder of the host, with the modes that it has there."""
        for place, folders, files in os.walk(folder):
            for name in (*folders, *files):
                path = Path(place, name)
                entry = self.tar.gettarinfo(
                    os.fspath(path), f"{inside.strip('/')}/{path.relative_to(folder).as_posix()}"
                )
                if entry is None:  # a socket
                    continue
                if entry.isreg():
                    with path.open("rb") as file:
                        self._add(entry, owner, file)
                else:
                    self._add(entry, owner)

    def _add(self, entry: tarfile.TarInfo, owner: int, file: IO[bytes] | None = None) -> None:
        entry.uid = entry.gid = owner
        entry.uname = entry.gname = ""
        self.tar.addfile(entry, file)


@contextlib.contextmanager
def packed() -> Iterator[tuple[Packing, IO[bytes]]]:
    """What to pack into, and the file to send once that is done; its end is written by `finish`."""
    with tempfile.TemporaryFile() as file, tarfile.open(fileobj=file, mode="w") as tar:
        tar.dereference = False
        yield Packing(tar), file


def finish(packing: Packing, file: IO[bytes]) -> IO[bytes]:
    packing.tar.close()
    file.seek(0)
    return file


@dataclass(slots=True, kw_only=True)
class Unpacking:
    """``into``: an own folder of the host; ``links``: whether symbolic links and pipes are made too, or left out."""

    into: Path
    links: bool
    most_bytes: int = MAX_TOTAL_BYTES
    _folders: dict[str, int] = field(default_factory=lambda: {"": 0o700})
    _files: set[str] = field(default_factory=set)

    def take(self, stream: IO[bytes], below: str = "") -> None:
        """Everything below one folder of the stream. Raises SandboxError for a stream that is none."""
        try:
            with tarfile.open(fileobj=stream, mode="r|") as tar:
                for count, entry in enumerate(tar):
                    if count >= 2 * MAX_ENTRIES:
                        break
                    if (name := _name(entry.name, below)) is not None:
                        self._entry(tar, entry, name, below)
        except (tarfile.TarError, OSError, UnicodeError) as e:
            raise SandboxError(f"the container's files could not be read: {e}") from e
        for name, mode in reversed(self._folders.items()):  # last, because a folder may be read-only
            if name:
                (self.into / name).chmod(mode)

    def _entry(self, tar: tarfile.TarFile, entry: tarfile.TarInfo, name: str, below: str) -> None:
        if name.rpartition("/")[0] not in self._folders or _UNWANTED in name.split("/"):
            return
        path, mode = self.into / name, stat.S_IMODE(entry.mode) & 0o777
        if entry.isdir():
            path.mkdir(mode=0o700, exist_ok=True)
            self._folders[name] = mode
        elif entry.islnk():
            if (other := _name(entry.linkname, below)) in self._files:
                os.link(self.into / other, path)
                self._files.add(name)
        elif entry.isreg():
            self._file(tar, entry, path)
            path.chmod(mode)
            self._files.add(name)
        elif self.links and entry.issym():
            path.symlink_to(entry.linkname)
        elif self.links and entry.isfifo():
            os.mkfifo(path, mode)

    def _file(self, tar: tarfile.TarFile, entry: tarfile.TarInfo, path: Path) -> None:
        """A file that is too large is only as long as one: a snapshot notes its size and keeps nothing of it."""
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with open(fd, "wb") as target:
            if entry.size > MAX_FILE_BYTES or entry.size > self.most_bytes:
                target.truncate(max(entry.size, MAX_FILE_BYTES + 1))
                return
            self.most_bytes -= entry.size
            source = tar.extractfile(entry)
            while source is not None and (chunk := source.read(_CHUNK)):
                target.write(chunk)


def _name(told: str, below: str) -> str | None:
    """A path of the stream relative to the folder that is unpacked; None for what lies elsewhere, or is it itself."""
    pure = PurePosixPath(told)
    if pure.is_absolute() or ".." in pure.parts:
        return None
    if below:
        if not pure.is_relative_to(below):
            return None
        pure = pure.relative_to(below)
    return pure.as_posix() if pure.parts else None
