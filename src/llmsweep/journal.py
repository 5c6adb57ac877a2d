"""An append-only file of JSON lines with one writer: what ends anyhow in the middle of a line costs that line alone."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from llmsweep.errors import UnfitError


class Journal:
    """Open for writing by this process alone, until `close`.

    Opening seals it: a torn last line, left by a killed run, is cut off, so that the next append cannot glue onto it.
    Raises UnfitError when another process has it open.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._fd = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            self._lock()
            self._seal()
        except BaseException:
            os.close(self._fd)
            raise

    def append(self, line: bytes) -> None:
        """The line whole or not at all, durably. Raises UnfitError when the disk does not take it."""
        size = os.fstat(self._fd).st_size
        try:
            if os.write(self._fd, line) < len(line):
                raise OSError("the disk is full")
            os.fsync(self._fd)
        except OSError as e:
            os.ftruncate(self._fd, size)
            raise UnfitError(f"results: cannot write to {self.path}: {e}.") from e

    def close(self) -> None:
        os.close(self._fd)

    def _lock(self) -> None:
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as e:
            raise UnfitError(
                f"results: another llmsweep is writing to {self.path.parent}; wait for it or choose another results=DIR."
            ) from e

    def _seal(self) -> None:
        size = os.fstat(self._fd).st_size
        end = size
        while end > 0:
            start = max(0, end - 65536)
            newline = os.pread(self._fd, end - start, start).rfind(b"\n")
            if newline >= 0:
                end = start + newline + 1
                break
            end = start
        if end < size:
            os.ftruncate(self._fd, end)


def whole_lines(path: Path) -> Iterator[bytes]:
    """Every line that ended; a torn last one is passed over."""
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n") and line != b"\n":
                yield line
