"""Joules of the NVIDIA GPUs of this machine, from the counters that they keep themselves; nothing where there are none."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True, slots=True)
class EnergyCounter:
    """All GPUs together, what they take when idle included. Made by `energy_counter`; used by several threads."""

    _nvml: Any
    _handles: Sequence[Any]

    def joules(self) -> float | None:
        """Since the driver was loaded: only differences mean something. None when a GPU stops answering."""
        try:
            counted = [int(self._nvml.nvmlDeviceGetTotalEnergyConsumption(h)) for h in self._handles]
        except self._nvml.NVMLError:
            return None
        return sum(counted) / 1000


def energy_counter(nvml: Any = None) -> EnergyCounter | None:
    """The counter, None without the extra `nvidia`, a driver, or a GPU that counts (Volta and later do).

    ``nvml``: the module pynvml, or what stands in for it.
    """
    with suppress(Exception):  # whatever goes wrong here means that there is nothing to be counted
        nvml = nvml or import_module("pynvml")
        nvml.nvmlInit()
        handles = [nvml.nvmlDeviceGetHandleByIndex(i) for i in range(nvml.nvmlDeviceGetCount())]
        counter = EnergyCounter(nvml, handles)
        return counter if handles and counter.joules() is not None else None
    return None
