"""Workspaces kept by content, so that an earlier turn can be graded later: blobs and trees in one store, each once."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import tempfile
import time
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from llmsweep.errors import SandboxError

MAX_FILE_BYTES = 16 << 20
MAX_TOTAL_BYTES = 256 << 20
MAX_ENTRIES = 20_000
MAX_DEPTH = 40
"""What is larger or deeper is noted in the tree by its size, not kept."""

_SKIPPED_FOLDERS = frozenset({"__pycache__"})
_RACY_NS = 50_000_000  # a file changed this shortly before a snapshot may change again within one clock tick


class Entry(TypedDict, total=False):
    """One path of a tree. ``mode``: st_mode, which tells the kind; ``blob``: sha256 of a file's content;
    ``link``: where a symbolic link points; ``skipped``: why there is no content.
    """

    mode: int
    blob: str
    link: str
    skipped: str


Stamp = tuple[int, int, int, int, int]


@dataclass(slots=True)
class SnapshotStore:
    """``root``: the folder of the store, shared by threads and processes; the memory of what was read
    belongs to one workspace, so every episode opens its own store on the same root.
    """

    root: Path
    _read: dict[str, tuple[Stamp, Entry]] = field(default_factory=dict)
    _last: tuple[dict[str, Entry], str] | None = None

    def take(self, workspace: Path) -> str:
        """Keep the files as they are now; the digest is the sha256 of the tree's JSON.

        Times and owners are not part of it. Files whose size, times and inode did not change since the
        last snapshot are not read again.
        """
        scan = _Scan(self, os.fspath(workspace))
        tree = scan.tree()
        self._read = scan.stamps
        if self._last is not None and self._last[0] == tree:
            return self._last[1]
        digest = self.keep(json.dumps(tree, sort_keys=True, separators=(",", ":")).encode("ascii"))
        self._last = tree, digest
        return digest

    def restore(self, digest: str, into: Path) -> None:
        """Fill a new or empty folder. Raises SandboxError when the store lacks or has damaged content."""
        tree: dict[str, Entry] = json.loads(self.load(digest))
        into.mkdir(parents=True, exist_ok=True)
        folders: list[tuple[Path, int]] = []
        for path, entry in sorted(tree.items()):  # a folder sorts before what it holds
            target, mode = into / path, entry["mode"]
            if stat.S_ISDIR(mode):
                target.mkdir()
                folders.append((target, mode))
            elif "link" in entry:
                target.symlink_to(entry["link"])
            elif "blob" in entry:
                target.write_bytes(self.load(entry["blob"]))
                target.chmod(mode & 0o777)
        for target, mode in reversed(folders):  # last, because a folder may be read-only
            target.chmod(mode & 0o777)

    def keep(self, data: bytes) -> str:
        """Store content under its sha256, unless it is there. Written aside and renamed: never half there."""
        digest = hashlib.sha256(data).hexdigest()
        target = self._object(digest)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            fd, aside = tempfile.mkstemp(dir=target.parent)
            try:
                with open(fd, "wb") as file:
                    file.write(zlib.compress(data, 1))
                os.replace(aside, target)  # noqa: PTH105 - both are plain names
            except BaseException:
                with contextlib.suppress(OSError):
                    Path(aside).unlink()
                raise
        return digest

    def load(self, digest: str) -> bytes:
        """Content by its digest. Raises SandboxError."""
        try:
            data = zlib.decompress(self._object(digest).read_bytes())
        except (OSError, zlib.error) as e:
            raise SandboxError(f"snapshot object {digest} cannot be read from {self.root}: {e}") from e
        if hashlib.sha256(data).hexdigest() != digest:
            raise SandboxError(f"snapshot object {digest} in {self.root} is damaged")
        return data

    def _object(self, digest: str) -> Path:
        return self.root / "objects" / digest[:2] / digest[2:]


class _Scan:
    """One walk over a workspace in which nothing runs, with the store's memory of the walk before."""

    def __init__(self, store: SnapshotStore, workspace: str) -> None:
        self._store, self._workspace = store, workspace
        self._known = store._read
        self._now_ns = time.time_ns()
        self._room = MAX_TOTAL_BYTES
        self._tree: dict[str, Entry] = {}
        self.stamps: dict[str, tuple[Stamp, Entry]] = {}

    def tree(self) -> dict[str, Entry]:
        pending = [("", 0)]
        while pending:
            folder, depth = pending.pop()
            try:
                entries = list(os.scandir(f"{self._workspace}/{folder}"))
            except OSError as e:
                if not folder:
                    raise SandboxError(f"the workspace cannot be read: {e}") from e
                self._tree[folder[:-1]]["skipped"] = e.strerror or "unreadable"
                continue
            for found in entries:
                path = folder + found.name
                if len(self._tree) >= MAX_ENTRIES:
                    self._tree["."] = {"mode": 0, "skipped": f"all beyond {MAX_ENTRIES} entries"}
                    return self._tree
                try:
                    entry = self._entry(found, path)
                except OSError as e:  # unreadable, or a path longer than the system takes
                    entry = {"mode": 0, "skipped": e.strerror or "unreadable"}
                if entry is None:
                    continue
                self._tree[path] = entry
                if stat.S_ISDIR(entry["mode"]):
                    if depth < MAX_DEPTH:
                        pending.append((path + "/", depth + 1))
                    else:
                        entry["skipped"] = "too deep"
        return self._tree

    def _entry(self, found: os.DirEntry[str], path: str) -> Entry | None:
        about = found.stat(follow_symlinks=False)
        mode = about.st_mode
        if stat.S_ISDIR(mode):
            return None if found.name in _SKIPPED_FOLDERS else {"mode": mode}
        if stat.S_ISLNK(mode):
            return {"mode": mode, "link": os.readlink(found.path)}  # noqa: PTH115 - Path would tidy the target
        if not stat.S_ISREG(mode):
            return {"mode": mode, "skipped": "no regular file"}
        if about.st_size > min(MAX_FILE_BYTES, self._room):
            return {"mode": mode, "skipped": f"{about.st_size} bytes"}
        self._room -= about.st_size
        stamp = (about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns, mode)
        known = self._known.get(path)
        if known is not None and known[0] == stamp:
            self.stamps[path] = known
            return known[1]
        entry = self._content(found.path, mode)
        if self._now_ns - about.st_ctime_ns > _RACY_NS:
            self.stamps[path] = stamp, entry
        return entry

    def _content(self, path: str, mode: int) -> Entry:
        with open(path, "rb") as file:
            return {"mode": mode, "blob": self._store.keep(file.read(MAX_FILE_BYTES))}
