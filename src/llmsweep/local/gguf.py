"""What a model's memory depends on, read from the head of a GGUF file or from what Ollama shows of one.

The reader is our own: it skips over the vocabulary, which `gguf.GGUFReader` would make a Python object of for
every token (seconds for 150,000 of them, against milliseconds).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

from llmsweep.errors import UnfitError

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_KEPT = 4096
"""Longer arrays are skipped: what sizing needs is one number a layer, what is longer is a vocabulary."""
_PERIODS = {
    **{"gemma2": 2, "gemma3": 6, "gemma3n": 5, "gpt-oss": 2, "gptoss": 2, "cohere2": 4, "llama4": 4},
    **{"olmo2": 4, "exaone4": 4, "afmoe": 4, "plamo3": 8},
}
"""Architecture -> of so many layers all but the last look through a window, where the file does not say which."""
_WINDOWS = {"llama4": 8192}
_INTERVALS = {"qwen3next": 4, "qwen35": 4, "qwen35moe": 4}
"""Architecture -> of so many layers only the last has attention, the others are recurrent."""
_BESIDE = frozenset(("falcon-h1",))
"""Architectures whose every layer has attention and a recurrent part."""
_PART = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What one layer keeps: ``heads`` * (``key`` + ``value``) numbers a token, none where ``heads`` is 0, and ``state`` numbers
    a stream however long it is. ``slides``: it keeps only the tokens of the window.
    """

    heads: int = 0
    key: int = 0
    value: int = 0
    slides: bool = False
    state: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """``weights``: bytes of all tensors; ``matrices``: those of the matrices alone, by GGML's number of their type (empty where
    only a server knows). ``trained``: tokens of the window that the model was made for, None where it is not said.
    ``feed_forward``: the widest layer's, of all experts that work on a token together; ``experts``: how many do, 0 without any.
    ``attention``: numbers of a token's queries, on the way to and in attention. ``window``: tokens, of the layers that slide. ``vocabulary``, ``merges``: entries of the tokenizer's tables.
    """

    architecture: str
    weights: int
    layers: tuple[Layer, ...]
    embedding: int
    feed_forward: int
    attention: int
    vocabulary: int
    experts: int = 0
    merges: int = 0
    window: int = 0
    trained: int | None = None
    matrices: Mapping[int, int] | None = None


def read_shape(path: Path) -> Shape:
    """Of a GGUF file and, where it is the first of several parts, of all. Raises UnfitError for anything else."""
    try:
        parts = [_read_head(part) for part in _parts(path)]
        said = parts[0][0]
        matrices: dict[int, int] = {}
        for _, _, found in parts:
            for kind, size in found.items():
                matrices[kind] = matrices.get(kind, 0) + size
        return shape_of(said, weights=sum(weights for _, weights, _ in parts), matrices=matrices)
    except (OSError, struct.error, KeyError, ValueError, TypeError, OverflowError, MemoryError) as e:
        raise UnfitError(f"{path}: it cannot be read as a GGUF file ({type(e).__name__}: {e}).") from e


def shape_of(said: Mapping[str, Any], *, weights: int, matrices: Mapping[int, int] | None = None) -> Shape:
    """Of a GGUF file's metadata, or of `model_info` as Ollama's POST /api/show tells it with `verbose`.

    ``weights``: bytes of its tensors. Raises KeyError or TypeError where the metadata are not those of a language model.
    """
    architecture = str(said["general.architecture"])
    metadata = _Metadata(said, architecture)
    count = metadata.number("block_count") - metadata.number("nextn_predict_layers", 0)
    heads = metadata.each("attention.head_count", count, 0)
    key, _ = _key_and_value(metadata, heads)
    window = metadata.number("attention.sliding_window", _WINDOWS.get(architecture, 0))
    return Shape(
        architecture=architecture,
        weights=weights,
        layers=tuple(_layers(metadata, count, heads, window)),
        embedding=metadata.number("embedding_length"),
        feed_forward=_feed_forward(metadata, count),
        attention=max(heads) * (2 * key + metadata.number("attention.key_length_mla", 0)),
        vocabulary=_length(said.get("tokenizer.ggml.tokens")) or metadata.number("vocab_size", 0),
        experts=metadata.number("expert_used_count", 0),
        merges=_length(said.get("tokenizer.ggml.merges")),
        window=window,
        trained=metadata.number("context_length", 0) or None,
        matrices=matrices,
    )


class _Metadata:
    """Keys of one architecture; one number may stand for all layers, and what a server leaves out is None."""

    def __init__(self, said: Mapping[str, Any], architecture: str) -> None:
        self._said, self.architecture = said, architecture

    def get(self, key: str) -> Any:
        return self._said.get(f"{self.architecture}.{key}")

    def number(self, key: str, otherwise: int | None = None) -> int:
        """Raises KeyError where there is none and nothing stands for it."""
        value = self.get(key)
        if value is None:
            if otherwise is None:
                raise KeyError(f"{self.architecture}.{key}")
            return otherwise
        return max(value) if isinstance(value, list) else int(value)

    def each(self, key: str, count: int, otherwise: int) -> list[int]:
        """One number a layer."""
        value = self.get(key)
        if value is None:
            value = otherwise
        each = [int(number) for number in value] if isinstance(value, list) else [int(value)] * count
        if len(each) < count:
            raise ValueError(f"{self.architecture}.{key} has {len(each)} numbers for {count} layers")
        return each[:count]


def _layers(metadata: _Metadata, count: int, heads: list[int], window: int) -> list[Layer]:
    kv_heads = metadata.each("attention.head_count_kv", count, max(heads))
    size = metadata.number("embedding_length") // max(1, *heads)
    key, value = (
        metadata.number("attention.key_length", size),
        metadata.number("attention.value_length", size),
    )
    sliding_key = metadata.number("attention.key_length_swa", key)
    sliding_value = metadata.number("attention.value_length_swa", value)
    if metadata.get("attention.key_length_mla") is not None:
        value = 0  # latent attention: values are computed from what is kept for the keys
    interval = metadata.number("full_attention_interval", _INTERVALS.get(metadata.architecture, 0))
    own = count - metadata.number("attention.shared_kv_layers", 0)
    state = _state(metadata)
    layers = []
    for i, slides in enumerate(_sliding(metadata, count, window)):
        recurrent = not heads[i] or not kv_heads[i] or (interval > 0 and (i + 1) % interval > 0)
        if recurrent:
            layers.append(Layer(state=state))
        elif i >= own:
            layers.append(Layer())  # it reads what an earlier layer keeps
        else:
            layers.append(
                Layer(
                    heads=kv_heads[i],
                    key=sliding_key if slides else key,
                    value=sliding_value if slides else value,
                    slides=slides,
                    state=state if metadata.architecture in _BESIDE else 0,
                )
            )
    return layers


def _key_and_value(metadata: _Metadata, heads: list[int]) -> tuple[int, int]:
    """Lengths of one head's."""
    size = metadata.number("embedding_length") // max(1, *heads)
    return metadata.number("attention.key_length", size), metadata.number("attention.value_length", size)


def _sliding(metadata: _Metadata, count: int, window: int) -> list[bool]:
    """Which layers look through the window."""
    pattern = metadata.get("attention.sliding_window_pattern")
    if isinstance(pattern, list) and pattern:
        return [bool(window and slides) for slides in pattern[:count]]
    period = int(pattern) if pattern else _PERIODS.get(metadata.architecture, 0)
    return [bool(window and period and i % period < period - 1) for i in range(count)]


def _state(metadata: _Metadata) -> int:
    """Numbers that a recurrent layer keeps of one stream: of a short convolution, of RWKV, of a state space model."""
    embedding = metadata.number("embedding_length")
    if taps := metadata.number("shortconv.l_cache", 0):
        return embedding * (taps - 1)
    if head := metadata.number("wkv.head_size", 0):
        return embedding * (metadata.number("token_shift_count", 2) + head)
    inner, size = metadata.number("ssm.inner_size", 0), metadata.number("ssm.state_size", 0)
    taps, groups = metadata.number("ssm.conv_kernel", 0), metadata.number("ssm.group_count", 0)
    return max(0, taps - 1) * (inner + 2 * groups * size) + size * inner


def _feed_forward(metadata: _Metadata, count: int) -> int:
    """The widest thing that a layer computes: dense, of all chosen experts, or the projection into a state space."""
    dense = max(metadata.each("feed_forward_length", count, 0))
    chosen = metadata.number("expert_used_count", 0) * metadata.number("expert_feed_forward_length", 0)
    groups, size = metadata.number("ssm.group_count", 0), metadata.number("ssm.state_size", 0)
    return max(dense, chosen, 2 * metadata.number("ssm.inner_size", 0) + 2 * groups * size)


def _length(array: object) -> int:
    return len(array) if isinstance(array, list | _Skipped) else 0


@dataclass(frozen=True, slots=True)
class _Skipped:
    """An array that was not kept."""

    length: int

    def __len__(self) -> int:
        return self.length


def _parts(path: Path) -> list[Path]:
    """The file, or all parts of the set that it is the first of. Raises OSError where one of them is not here."""
    numbered = _PART.search(path.name)
    if numbered is None:
        return [path]
    if int(numbered[1]) != 1:
        raise ValueError("it is one of several parts; name the first")
    stem, count = path.name[: numbered.start()], int(numbered[2])
    return [path.with_name(f"{stem}-{i:05d}-of-{count:05d}.gguf") for i in range(1, count + 1)]


def _read_head(path: Path) -> tuple[dict[str, Any], int, dict[int, int]]:
    """Metadata, bytes of all tensors, bytes of its matrices by type: not the embedding, which is only looked up, unless the
    output shares it. A tensor reaches up to where the next one begins, so that types that we do not know have a size, too.
    """
    with path.open("rb") as f:
        magic, version, tensors, pairs = struct.unpack("<4sIQQ", f.read(24))
        if magic != b"GGUF" or version not in (2, 3):
            raise ValueError("it begins in another way")
        said: dict[str, Any] = {}
        for _ in range(pairs):
            key = _string(f)
            said[key] = _value(f, *_unpack(f, "I"))
        infos = []
        for _ in range(tensors):
            name = _string(f)
            dimensions = _unpack(f, f"{_unpack(f, 'I')[0]}Q")
            kind, offset = _unpack(f, "IQ")
            infos.append((offset, kind, name if len(dimensions) > 1 else ""))
        start, end = f.tell(), f.seek(0, 2)
    alignment = int(said.get("general.alignment", 32))
    start += -start % alignment
    infos.sort()
    if infos and infos[-1][0] >= end - start:
        raise ValueError("it ends before its tensors do")
    bounds = [*(offset for offset, _, _ in infos), end - start]
    looked_up = "token_embd.weight" if any(name == "output.weight" for _, _, name in infos) else ""
    matrices: dict[int, int] = {}
    for (_, kind, name), (begin, until) in zip(infos, pairwise(bounds), strict=True):
        if name not in ("", looked_up):
            matrices[kind] = matrices.get(kind, 0) + until - begin
    return said, (end - start if infos else 0), matrices


def _unpack(f: IO[bytes], form: str) -> tuple[Any, ...]:
    form = f"<{form}"
    return struct.unpack(form, f.read(struct.calcsize(form)))


def _string(f: IO[bytes]) -> str:
    return f.read(_unpack(f, "Q")[0]).decode("utf-8", "replace")


def _value(f: IO[bytes], kind: int) -> Any:
    if kind == _STRING:
        return _string(f)
    if kind != _ARRAY:
        return _unpack(f, _SCALARS[kind])[0]
    of, length = _unpack(f, "IQ")
    if of not in (_STRING, _ARRAY) and length > _KEPT:
        f.seek(length * struct.calcsize(f"<{_SCALARS[of]}"), 1)
        return _Skipped(length)
    if of == _STRING and length > _KEPT:
        for _ in range(length):
            f.seek(_unpack(f, "Q")[0], 1)
        return _Skipped(length)
    return [_value(f, of) for _ in range(length)]
