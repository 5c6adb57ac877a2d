"""Joules of the NVIDIA GPUs of this machine: from the counters that they keep, else from their power; never made up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any

_SAMPLE_S = 0.05
"""Between two looks at the power of GPUs that do not count; they refresh it 10 to 50 times a second."""


@dataclass(slots=True)
class Reading:
    """``joules``: set when what was measured is over; None where nobody knows."""

    joules: float | None = None


@dataclass(frozen=True, slots=True)
class EnergyCounter:
    """All GPUs together, what they take when idle included. One without GPUs reads None. Made by `energy_counter`.

    A GPU does not know for whom it works: who measures sees to it that nothing else does meanwhile.
    """

    _nvml: Any = None
    _gpus: Sequence[Any] = ()
    _counts: bool = True

    @contextmanager
    def measure(self) -> Iterator[Reading]:
        """What the GPUs take within the context. A GPU that stops answering, or counts anew, leaves None."""
        reading = Reading()
        if self._counts:
            before = self._counted()
            yield reading
            after = self._counted()
            if before is not None and after is not None and after >= before:
                reading.joules = round(after - before, 1)
            return
        over = threading.Event()
        thread = threading.Thread(target=self._integrate, args=(reading, over), daemon=True)
        thread.start()
        try:
            yield reading
        finally:
            over.set()
            thread.join()

    def knows(self) -> bool:
        return bool(self._gpus) and (self._counted() if self._counts else self._watts()) is not None

    def _integrate(self, reading: Reading, over: threading.Event) -> None:
        """Power times time until it is ``over``, as trapezia."""
        joules, began, watts = 0.0, time.monotonic(), self._watts()
        ended = False
        while not ended:
            ended = over.wait(_SAMPLE_S)
            now, new = time.monotonic(), self._watts()
            if watts is None or new is None:
                return
            joules += (watts + new) / 2 * (now - began)
            began, watts = now, new
        reading.joules = round(joules, 1)

    def _counted(self) -> float | None:
        """Joules since the driver was loaded: only differences mean something."""
        return self._sum("nvmlDeviceGetTotalEnergyConsumption")

    def _watts(self) -> float | None:
        return self._sum("nvmlDeviceGetPowerUsage")

    def _sum(self, question: str) -> float | None:
        """Over all GPUs, of what NVML tells in thousandths; None when one does not answer."""
        if not self._gpus:
            return None
        ask: Callable[[Any], int] = getattr(self._nvml, question)
        try:
            return sum(ask(gpu) for gpu in self._gpus) / 1000
        except self._nvml.NVMLError:
            return None


def energy_counter(nvml: Any = None) -> EnergyCounter:
    """Of this machine's GPUs: their own counters (Volta and later have one), else their power, where all of them tell.

    One that reads None without the extra `nvidia`, a driver or a GPU. ``nvml``: the module pynvml, or what stands
    in for it.
    """
    with suppress(Exception):  # whatever goes wrong here means that there is nothing to be measured
        nvml = nvml or import_module("pynvml")
        nvml.nvmlInit()
        gpus = [nvml.nvmlDeviceGetHandleByIndex(i) for i in range(nvml.nvmlDeviceGetCount())]
        for counts in (True, False):
            if (counter := EnergyCounter(nvml, gpus, counts)).knows():
                return counter
    return EnergyCounter()
