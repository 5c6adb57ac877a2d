"""Task folders that are made from a source, kept by the digest of that source and of the code that makes them."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from llmsweep.errors import UnfitError, UsageError


def suites_folder() -> Path:
    """``$LLMSWEEP_CACHE/suites``, or the one in the user's cache folder."""
    from platformdirs import user_cache_path

    root = os.environ.get("LLMSWEEP_CACHE")
    return (Path(root).expanduser().absolute() if root else user_cache_path("llmsweep")) / "suites"


def materialise(name: str, source: Path, write: Callable[[Path, Path], None]) -> Path:
    """The folder ``<name>-<digest>`` that ``write(source, folder)`` fills, made once for each source and writer.

    ``source`` is a file or a folder. A folder in the cache is whole: it moves in only when it is written, and of two
    processes that make it at once the first one's stays. Raises UsageError where there is no source.
    """
    if not source.exists():
        raise UsageError(f"suite {name!r}: {source} is not there.")
    try:
        target = suites_folder() / f"{name}-{_digest(source, write)[:12]}"
        if not target.is_dir():
            _make(target, source, write)
    except OSError as e:
        raise UnfitError(
            f"suite {name!r} cannot be made from {source} in {suites_folder()}: {e}; "
            "set LLMSWEEP_CACHE to a folder that can be written"
        ) from e
    return target


def _make(target: Path, source: Path, write: Callable[[Path, Path], None]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=target.parent) as workshop:
        made = Path(workshop) / target.name
        made.mkdir()
        write(source, made)
        try:
            made.rename(target)
        except OSError:
            if not target.is_dir():
                raise


def _digest(source: Path, write: Callable[[Path, Path], None]) -> str:
    """sha256 of the source and of the writer: its name and every file of this package, the kit included.

    A version number would have to be raised by hand, and a forgotten one would serve old folders for ever.
    """
    total = hashlib.sha256(f"{write.__module__}.{getattr(write, '__qualname__', '')}\n".encode())
    for root in (source, Path(__file__).parent):
        for path in _files(root):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"{path.relative_to(root).as_posix()}\0{content}\n".encode())
    return total.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    skipped = {"__pycache__", ".git"}
    for path in [root] if root.is_file() else sorted(root.rglob("*")):
        if path.is_file() and not skipped & set(path.relative_to(root).parts):
            yield path
