"""Whether a model fits into memory before anything is loaded: what llama.cpp will keep for it, part by part, beside what is free.

The formulas are llama.cpp's own, written down for the way in which `llmsweep.providers.llamacpp_server` starts it: flash
attention on, no unified cache, the default micro-batch. docs/memory.md has them, with how far off they were.
"""

from __future__ import annotations

import platform
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from typing import Literal

from llmsweep.errors import UnfitError, UsageError, nearest
from llmsweep.local.gguf import Layer, Shape
from llmsweep.local.host import GB

Verdict = Literal["fits", "barely", "no"]

MIB = 2**20
CELLS = 256
"""llama.cpp rounds a stream's window up to a multiple of this."""
KV_BITS = {
    **{"f32": 32.0, "f16": 16.0, "bf16": 16.0, "q8_0": 8.5, "q5_1": 6.0, "q5_0": 5.5},
    **{"q4_1": 5.0, "q4_0": 4.5, "iq4_nl": 4.5},
}
"""Bits that a cached number takes, its share of the block's scales included."""
SHARE, SPARE = 0.10, 512 * MIB
"""What must stay free: this share of the prediction, for its errors, and so many bytes, for what else asks for memory."""
_BATCH = 512
"""llama.cpp's micro-batch: tokens that are computed at once."""
_PROCESS, _TOKEN, _MERGE = 42 * MIB, 200, 175
"""Bytes of interpreter, libraries and buffers, of one token of the vocabulary, of one merge; measured."""
_Q4_0, _Q8_0, _Q4_K, _Q5_K, _Q6_K, _IQ4_NL, _MXFP4 = 2, 8, 12, 13, 14, 20, 39
_REPACKED = {
    "x86": frozenset((_Q4_0, _Q4_K, _IQ4_NL, _MXFP4)),
    "arm": frozenset((_Q4_0, _Q8_0, _Q4_K, _Q5_K, _Q6_K, _IQ4_NL)),
}
"""Types (GGML's numbers) that llama.cpp copies into an order that a CPU of this kind reads faster. Measured: Q4_0 and Q4_K on x86."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How a model is to be loaded: ``slots`` streams, each with a window of ``context`` tokens of its own.

    ``kv_type``: of the cached keys and values. ``checkpoints``: the most copies that a slot keeps of what a model with a
    window or a state cannot go back to; llama.cpp's own bound is 32, ours 4 (`providers.llamacpp_server`). ``gpu``: all layers
    go to GPUs, and what stays in RAM (the checkpoints) is not counted. Raises UsageError.
    """

    context: int
    slots: int = 1
    kv_type: str = "f16"
    checkpoints: int = 4
    gpu: bool = False

    def __post_init__(self) -> None:
        for key in ("context", "slots"):
            if getattr(self, key) < 1:
                raise UsageError(f"{key}={getattr(self, key)}: it must be 1 or more.")
        if self.kv_type not in KV_BITS:
            raise UsageError(
                f"kv_type={self.kv_type}: there is no such type; {nearest(self.kv_type, KV_BITS)}"
            )

    @property
    def cells(self) -> int:
        """Tokens that each slot has room for."""
        return _up(self.context)


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """Bytes. ``repacked``: copies of weights in another order, which only CPUs want. ``kv``: keys and values. ``state``: of
    recurrent layers. ``checkpoints``: the most that copies of windows and states come to while prompts grow.
    ``compute``: the buffer in which a micro-batch is computed. ``overhead``: the process itself and its tokenizer.
    """

    weights: int
    repacked: int
    kv: int
    state: int
    checkpoints: int
    compute: int
    overhead: int

    @property
    def total(self) -> int:
        return sum(getattr(self, part.name) for part in fields(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """Bytes that nothing uses now, and of what: `RAM`, `VRAM`."""

    bytes: int
    of: str = "RAM"


def footprint(shape: Shape, load: Load) -> Footprint:
    """What is resident once a slot's window has been filled."""
    sliding = _sliding_cells(shape, load)
    cached = sum(_numbers(layer) * (sliding if layer.slides else load.cells) for layer in shape.layers)
    state = 4 * sum(layer.state for layer in shape.layers)
    return Footprint(
        weights=shape.weights,
        repacked=0 if load.gpu else _repacked(shape),
        kv=int(cached * load.slots * KV_BITS[load.kv_type] / 8),
        state=state * load.slots,
        checkpoints=0 if load.gpu else _checkpoints(shape, load, state),
        compute=_compute(shape, load, sliding),
        overhead=_PROCESS + _TOKEN * shape.vocabulary + _MERGE * shape.merges,
    )


def verdict(predicted: Footprint, free: Free) -> Verdict:
    """`barely` is a no: it fits only if nothing is off and nothing else asks for memory."""
    if predicted.total + margin(predicted) <= free.bytes:
        return "fits"
    return "barely" if predicted.total <= free.bytes else "no"


def margin(predicted: Footprint) -> int:
    """Bytes that must stay free."""
    return int(SHARE * predicted.total) + SPARE


def largest_context(shape: Shape, load: Load, free: Free) -> int:
    """The largest window of a slot, a multiple of 256 up to what the model was trained for, that fits; 0: none does."""
    low, high = 0, (shape.trained or 2**20) // CELLS
    while low < high:
        middle = (low + high + 1) // 2
        if verdict(footprint(shape, replace(load, context=middle * CELLS)), free) == "fits":
            low = middle
        else:
            high = middle - 1
    return low * CELLS


def refuse_unless_fits(shape: Shape, load: Load, free: Free) -> None:
    """To be asked before a load. Raises UnfitError with what would be needed and what would fit."""
    predicted = footprint(shape, load)
    if verdict(predicted, free) == "fits":
        return
    largest = largest_context(shape, load, free)
    mend = f"the largest context that fits is {largest}" if largest else "no context fits"
    raise UnfitError(
        f"context={load.context} with slots={load.slots} would take about {predicted.total / GB:.1f} GB, and"
        f" {margin(predicted) / GB:.1f} GB to spare, of {free.bytes / GB:.1f} GB of {free.of} that are free; {mend}."
    )


def free_memory(*, vram: bool = True) -> Free:
    """VRAM that is free on all NVIDIA GPUs together (extra `nvidia`), where wanted; else RAM that can be had without swapping."""
    import psutil

    if vram and (free := _free_vram()) is not None:
        return Free(bytes=free, of="VRAM")
    return Free(bytes=int(psutil.virtual_memory().available))


def _free_vram() -> int | None:
    """None without a GPU, without its driver, or where it shares RAM."""
    with suppress(Exception):  # every failure of NVML means that there is nothing to be counted
        import pynvml

        pynvml.nvmlInit()
        try:
            handles = [pynvml.nvmlDeviceGetHandleByIndex(i) for i in range(pynvml.nvmlDeviceGetCount())]
            told = [pynvml.nvmlDeviceGetMemoryInfo(handle) for handle in handles]
            return sum(int(memory.free) for memory in told) if any(memory.total for memory in told) else None
        finally:
            pynvml.nvmlShutdown()
    return None


def _up(tokens: int) -> int:
    return -(-tokens // CELLS) * CELLS


def _numbers(layer: Layer) -> int:
    """Numbers that a layer caches of one token."""
    return layer.heads * (layer.key + layer.value)


def _sliding_cells(shape: Shape, load: Load) -> int:
    """Tokens that a slot keeps in the layers that slide: the window, and the micro-batch that is being computed."""
    if not any(layer.slides for layer in shape.layers):
        return 0
    return _up(min(load.cells, shape.window + _BATCH))


def _repacked(shape: Shape) -> int:
    kinds = _REPACKED["arm" if platform.machine().lower() in ("arm64", "aarch64") else "x86"]
    return sum(size for kind, size in (shape.matrices or {}).items() if kind in kinds)


def _checkpoints(shape: Shape, load: Load, state: int) -> int:
    sliding = sum(_numbers(layer) for layer in shape.layers if layer.slides)
    one = sliding * min(shape.window, load.cells) * KV_BITS[load.kv_type] / 8 + state
    return int(one * load.checkpoints) * load.slots


def _compute(shape: Shape, load: Load, sliding: int) -> int:
    """Activations of a micro-batch, the masks of both caches, and the logits of one token a slot."""
    batch = min(_BATCH, load.slots * load.cells)
    width = max(3 * shape.feed_forward, shape.attention) + (5 + shape.experts) * shape.embedding
    attends = any(layer.heads for layer in shape.layers)
    masked = load.cells + sliding if attends else 0
    return 4 * batch * width + 2 * batch * masked + 4 * load.slots * shape.vocabulary
