"""The machine that serves a model: its memory, bandwidth, watts and price, detected or as configured."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace

from llmsweep.errors import UsageError

GB = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """None is not known. Sizes in GB (10^9 bytes).

    ``memory_gb``: RAM; ``vram_gb``: of the GPUs together, None where they share RAM or there are none;
    ``reserved_gb``: what the system and whatever else runs there take of the memory that models use;
    ``bandwidth_gb_s``: of that memory; ``watts``, ``idle_watts``: of the whole machine, serving and waiting;
    ``price_dollars``: to buy, or ``dollars_hour``: to rent, power included; ``price_date``: ISO 8601;
    ``price_source``: who says so; ``also_runs``: what else runs there, which ``reserved_gb`` counts; ``cost``: how a month
    of it is charged, for `llmsweep cost` alone.

    Raises UsageError for figures that cannot be right.
    """

    name: str
    memory_gb: float | None = None
    vram_gb: float | None = None
    unified: bool = False
    reserved_gb: float = 0.0
    bandwidth_gb_s: float | None = None
    watts: float | None = None
    idle_watts: float | None = None
    price_dollars: float | None = None
    dollars_hour: float | None = None
    price_date: str | None = None
    price_source: str | None = None
    also_runs: str | None = None
    cost: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, int | float) and not isinstance(value, bool) and not value >= 0:
                raise UsageError(f"host.{f.name}={value}: it must be 0 or more.")
        if self.unified and self.vram_gb is not None:
            raise UsageError("host.vram_gb: unified memory has no separate one; give host.memory_gb alone.")

    @property
    def for_models_gb(self) -> float | None:
        """What models may take: the GPUs' memory, or RAM where they share it or there are none."""
        whole = self.memory_gb if self.vram_gb is None else self.vram_gb
        return None if whole is None else max(0.0, whole - self.reserved_gb)


def detect(name: str = "local") -> Host:
    """This machine, as far as it can be asked: RAM, NVIDIA's GPUs (extra `nvidia`), Apple's unified memory."""
    import platform

    import psutil

    apple = platform.system() == "Darwin" and platform.machine() == "arm64"
    vram = None if apple else _vram_bytes()
    return Host(
        name=name,
        memory_gb=round(psutil.virtual_memory().total / GB, 1),
        vram_gb=None if vram is None else round(vram / GB, 1),
        unified=apple,
    )


def completed(configured: Host) -> Host:
    """A configured host with what it leaves open detected, where it is this machine (it names no memory)."""
    if configured.memory_gb is not None or configured.vram_gb is not None:
        return configured
    seen = detect(configured.name)
    return replace(configured, memory_gb=seen.memory_gb, vram_gb=seen.vram_gb, unified=seen.unified)


def decode_bound(host: Host, active_bytes: float) -> float | None:
    """Tokens per second that one stream cannot exceed: every token reads the active parameters once.

    bandwidth / bytes of the active parameters (all of a dense model's, the chosen experts' of a sparse one), the
    memory roofline of single-stream decoding (Pope et al. 2022, arXiv:2211.05102). None where no bandwidth is known.
    """
    if host.bandwidth_gb_s is None or active_bytes <= 0:
        return None
    return host.bandwidth_gb_s * GB / active_bytes


def _vram_bytes() -> int | None:
    """Of all NVIDIA GPUs together; None without one, without its driver, or without the extra `nvidia`."""
    with suppress(Exception):  # every failure of NVML means that there is nothing to be counted
        import pynvml

        pynvml.nvmlInit()
        try:
            handles = [pynvml.nvmlDeviceGetHandleByIndex(i) for i in range(pynvml.nvmlDeviceGetCount())]
            return sum(int(pynvml.nvmlDeviceGetMemoryInfo(handle).total) for handle in handles) or None
        finally:
            pynvml.nvmlShutdown()
    return None
