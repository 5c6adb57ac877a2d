"""The folder of pulled weights: a file is in it whole and checked, or not at all.

``<cache>/models/<name>.gguf`` are the weights, ``<name>.json`` the record of their last hashing: as long
as size and modification time are the record's, nobody hashes gigabytes again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from llmsweep.errors import UnfitError
from llmsweep.local.sources import Source, source_values


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What was hashed, when it looked how: ``bytes`` and ``mtime_ns`` are the file's own."""

    sha256: str
    bytes: int
    mtime_ns: int
    source: dict[str, object]


def models_folder() -> Path:
    """``$LLMSWEEP_CACHE/models``, or the one in the user's cache folder."""
    from platformdirs import user_cache_path

    root = os.environ.get("LLMSWEEP_CACHE")
    return (Path(root).expanduser().absolute() if root else user_cache_path("llmsweep")) / "models"


def weights_path(name: str) -> Path:
    return models_folder() / f"{name}.gguf"


def record_path(name: str) -> Path:
    return models_folder() / f"{name}.json"


def read_record(name: str) -> Record | None:
    """The record, or None where there is none or it cannot be read: the weights are then hashed anew."""
    try:
        return msgspec.json.decode(record_path(name).read_bytes(), type=Record)
    except (OSError, msgspec.DecodeError):
        return None


def sha256_of(
    name: str, path: Path, source: Source, *, expected: str | None = None, anew: bool = False
) -> str:
    """The file's sha256 (64 hex digits): the record's where the file still looks as it did, else hashed now.

    A change that keeps both size and modification time goes unseen, unless ``anew``. Other weights than the
    ``expected`` ones get no record: it would vouch for them the next time. Raises OSError.
    """
    now, record, values = path.stat(), read_record(name), source_values(source)
    seen = record and (record.bytes, record.mtime_ns, record.source)
    if record and not anew and seen == (now.st_size, now.st_mtime_ns, values):
        return record.sha256
    sha256 = hash_file(path)
    if expected in (None, sha256):
        with suppress(OSError):  # a cache that cannot be written only costs the next run a hashing
            _write_record(name, sha256, now, source)
    return sha256


def hash_file(path: Path) -> str:
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


@contextmanager
def workshop() -> Iterator[Path]:
    """A folder for one pull, in the models' own folder so that finished weights move in atomically.

    It goes with the pull, and what a killed pull left goes with the next: the caller holds `pulling`,
    so whatever lies here belongs to nobody.
    """
    models = models_folder()
    models.mkdir(parents=True, exist_ok=True)
    for stale in models.glob(".pull-*"):
        shutil.rmtree(stale, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=".pull-", dir=models, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def need_space(name: str, wanted: float) -> None:
    """Raises UnfitError when fewer than ``wanted`` bytes are free where the models lie."""
    free = shutil.disk_usage(models_folder()).free
    if free < wanted:
        raise UnfitError(
            f"pulling model {name} needs about {wanted / 1e6:,.0f} MB in {models_folder()}, "
            f"where {free / 1e6:,.0f} MB are free; make room, or set LLMSWEEP_CACHE to another folder"
        )


def put(name: str, weights: Path, sha256: str, source: Source) -> Path:
    """Move hashed weights from the workshop into place, surviving a power cut at any point."""
    target = weights_path(name)
    with weights.open("rb") as f:
        os.fsync(f.fileno())
    weights.replace(target)
    _sync_folder(target.parent)
    _write_record(name, sha256, target.stat(), source)
    return target


def forget(name: str) -> bool:
    """Remove a model's weights and record from the cache; whether weights were there."""
    there = weights_path(name).exists()
    weights_path(name).unlink(missing_ok=True)
    record_path(name).unlink(missing_ok=True)
    return there


def _write_record(name: str, sha256: str, seen: os.stat_result, source: Source) -> None:
    record = Record(
        sha256=sha256, bytes=seen.st_size, mtime_ns=seen.st_mtime_ns, source=source_values(source)
    )
    path = record_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own for each writer: providers of several processes may hash the same file at once.
    written = path.with_name(f".{name}-{uuid.uuid4().hex}")
    written.write_bytes(msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n")
    written.replace(path)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
