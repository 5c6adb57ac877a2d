"""What is missing or unsafe on this machine for measuring models: small checks, each with what would mend it."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from llmsweep.errors import LlmsweepError
from llmsweep.local.cache import models_folder

State = Literal["ok", "info", "warn", "fail"]
"""``warn``: a sweep would run, and its figures may be worse for it; ``fail``: it would not run."""
_LITTLE_GB, _SWAPPED_GB, _DISK_GB = 2.0, 0.5, 2.0
_STALLED = 5.0
"""Per cent of the last ten seconds in which some process waited for memory."""
_BUSY, _GPU_TAKEN = 0.5, 0.1
"""Shares, of the cores and of a GPU's memory, that others may have before it is worth a word."""
_GB = 10**9
_GOVERNOR = Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
_PRESSURE = Path("/proc/pressure/memory")
_NVIDIA = Path("/proc/driver/nvidia")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the doctor's. ``fix``: what to do about it, empty where nothing is wrong."""

    name: str
    state: State
    said: str
    fix: str = ""


def machine_checks() -> Iterator[Check]:
    """Everything about this machine that does not depend on a model."""
    yield _python()
    yield from _memory()
    yield from gpus()
    yield _load()
    yield from _power()
    # Weights that are here already, or elsewhere, are swept all the same.
    yield room("weights", models_folder(), "set LLMSWEEP_CACHE to another folder", "warn")


def judged(name: str, good: str, try_it: Callable[[], object]) -> Check:
    """``ok`` with the words ``good``, or ``fail`` with the sentence of the error that trying raised."""
    try:
        try_it()
    except LlmsweepError as e:
        return failed(name, e)
    return Check(name=name, state="ok", said=good)


def failed(name: str, error: LlmsweepError, state: State = "fail") -> Check:
    """An error's sentence, taken apart into what is wrong and what mends it."""
    said, _, fix = str(error).partition("; ")
    return Check(name=name, state=state, said=said, fix=fix)


def room(name: str, folder: Path, elsewhere: str, state: State = "fail") -> Check:
    """Whether a folder, which need not exist yet, can be written and has room. ``elsewhere``: how to choose another;
    ``state``: of one that cannot be written.
    """
    folder = folder.expanduser().absolute()
    place = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not (place.is_dir() and os.access(place, os.W_OK)):
        return Check(name=name, state=state, said=f"{folder} cannot be written", fix=elsewhere)
    free = shutil.disk_usage(place).free / _GB
    said = f"{free:.0f} GB are free in {folder}"
    if free < _DISK_GB:
        return Check(name=name, state="warn", said=said, fix=f"make room, or {elsewhere}")
    return Check(name=name, state="ok", said=said)


def gpus(nvml: Any = None) -> Iterator[Check]:
    """NVIDIA's GPUs and who else is on them. ``nvml``: the module pynvml, or what stands in for it."""
    if nvml is None and importlib.util.find_spec("pynvml") is None:
        if _NVIDIA.exists():
            said = "an NVIDIA driver is here, but neither memory nor joules of the GPU can be read"
            yield Check(name="GPU", state="info", said=said, fix="pip install 'llmsweep[nvidia]'")
        return
    nvml = nvml or import_module("pynvml")
    with suppress(nvml.NVMLError):  # no driver, no GPU
        nvml.nvmlInit()
        for index in range(nvml.nvmlDeviceGetCount()):
            yield _gpu(nvml, nvml.nvmlDeviceGetHandleByIndex(index))


def _gpu(nvml: Any, handle: Any) -> Check:
    name = nvml.nvmlDeviceGetName(handle)
    try:
        memory = nvml.nvmlDeviceGetMemoryInfo(handle)
    except nvml.NVMLError:  # those that share RAM have none of their own
        return Check(name="GPU", state="info", said=f"{name}: it does not tell its memory")
    said = f"{name}: {memory.used / _GB:.1f} of {memory.total / _GB:.1f} GB are taken"
    if memory.used > _GPU_TAKEN * memory.total:
        return Check(name="GPU", state="warn", said=said, fix="nvidia-smi shows by whom")
    return Check(name="GPU", state="ok", said=said)


def _python() -> Check:
    said = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if importlib.util.find_spec("fcntl") is None:
        return Check(name="python", state="fail", said=f"{said} has no file locks", fix="run llmsweep in WSL")
    return Check(name="python", state="ok", said=said)


def _memory() -> Iterator[Check]:
    import psutil

    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    free, whole = memory.available / _GB, memory.total / _GB
    little = free < _LITTLE_GB
    yield Check(
        name="memory",
        state="warn" if little else "ok",
        said=f"{free:.1f} of {whole:.1f} GB are free",
        fix="close what takes it, or choose a smaller model" if little else "",
    )
    if swap.used / _GB > _SWAPPED_GB:
        said = f"{swap.used / _GB:.1f} GB are swapped out: seconds will be those of the disk"
        fix = "close what takes memory, or swapoff and swapon"
        yield Check(name="swap", state="warn", said=said, fix=fix)
    stalled = _pressure()
    if stalled is not None and stalled > _STALLED:
        said = f"processes waited for memory {stalled:.0f} % of the last 10 s"
        yield Check(name="memory", state="warn", said=said, fix="close what takes it")


def _pressure() -> float | None:
    """Linux's own figure (PSI), in per cent; None where there is none."""
    with suppress(OSError, ValueError, IndexError):
        return float(_PRESSURE.read_text(encoding="ascii").split()[1].removeprefix("avg10="))
    return None


def _load() -> Check:
    cores = os.cpu_count() or 1
    try:
        load = os.getloadavg()[0]
    except OSError:
        return Check(name="load", state="info", said="this system does not tell its load")
    said = f"{load:.1f} on {cores} cores"
    if load > _BUSY * cores:
        fix = "wait until the machine is quiet: its work would be in every second that is measured"
        return Check(name="load", state="warn", said=said, fix=fix)
    return Check(name="load", state="ok", said=said)


def _power() -> Iterator[Check]:
    import psutil

    with suppress(OSError):
        if (governor := _GOVERNOR.read_text(encoding="ascii").strip()) == "powersave":
            said, fix = f"the CPU's governor is {governor}", "cpupower frequency-set -g performance"
            yield Check(name="power", state="warn", said=said, fix=fix)
    battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    if battery is not None and battery.power_plugged is False:
        said = "on battery: clocks are throttled"
        yield Check(name="power", state="warn", said=said, fix="plug the machine in")
