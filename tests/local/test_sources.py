from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from llmsweep.errors import UsageError
from llmsweep.local.sources import (
    HuggingFace,
    LocalFile,
    Ollama,
    Source,
    Wheel,
    parse_source,
    source_values,
)

EXAMPLES: list[Source] = [
    Wheel(distribution="tiny-weights", version="1.0", member="a/b.gguf", sha256="0" * 64, bytes=5),
    LocalFile(path=Path("/models/a.gguf")),
    HuggingFace(repo="owner/name", file="sub/a.gguf", revision="1" * 40),
    Ollama(tag="qwen3:8b", digest="a" * 12),
]


@pytest.mark.parametrize("source", EXAMPLES, ids=lambda s: s.kind)
def test_values_read_back_and_pickle(source: Source) -> None:
    assert parse_source(source_values(source)) == source
    assert pickle.loads(pickle.dumps(source)) == source


def test_a_file_becomes_absolute_where_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert LocalFile(path=Path("a.gguf")).path == tmp_path / "a.gguf"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, r"source\.kind is None.*Known: file, huggingface, ollama, wheel"),
        ({"kind": "whel"}, r"did you mean 'wheel'\?"),
        ({"kind": "ollama"}, r"source\.tag is missing"),
        ({"kind": "ollama", "tag": "a", "hots": "b"}, r"source\.hots is no key .*'host'"),
        ({"kind": "ollama", "tag": 3}, r"source\.tag is 3"),
        ({"kind": "ollama", "tag": "a b"}, r"source\.tag is 'a b'"),
        ({"kind": "file", "path": 3}, r"source\.path is 3"),
        ({"kind": "file", "path": "a", "sha256": "ABC"}, r"source\.sha256 is 'ABC'.*64"),
        (
            {"kind": "huggingface", "repo": "a/b", "file": "c", "revision": "main"},
            r"source\.revision is 'main'.*a commit",
        ),
        (
            {
                "kind": "wheel",
                "distribution": "--index-url",
                "version": "1",
                "member": "m",
                "sha256": "0" * 64,
            },
            r"source\.distribution is '--index-url'",
        ),
        (
            {"kind": "wheel", "distribution": "a", "version": "1 b", "member": "m", "sha256": "0" * 64},
            r"source\.version is '1 b'",
        ),
        (
            {
                "kind": "wheel",
                "distribution": "a",
                "version": "1",
                "member": "m",
                "sha256": "0" * 64,
                "bytes": 0,
            },
            r"source\.bytes is 0",
        ),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(values: dict[str, object], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        parse_source(values)


def test_keys_without_a_value_count_as_absent() -> None:
    assert parse_source({"kind": "ollama", "tag": "a", "path": None, "digest": None}) == Ollama(tag="a")
