"""What is missing or unsafe on this machine for measuring models: small checks, each with what would mend it.

Nothing is contacted but servers on this machine.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from llmsweep.errors import LlmsweepError
from llmsweep.local.cache import models_folder
from llmsweep.local.lock import holding, sweeping
from llmsweep.local.residency import OllamaKeeper, keepers_of

State = Literal["ok", "info", "warn", "fail"]
"""``warn``: a sweep would run, and its figures may be worse for it; ``fail``: it would not run."""
HERE = "http://127.0.0.1"
KEYS = ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "OPENROUTER_API_KEY")
SERVERS: Mapping[str, str] = {
    "llama-server": "http://127.0.0.1:8080/v1/models",
    "vLLM": "http://127.0.0.1:8000/v1/models",
    "LM Studio": "http://127.0.0.1:1234/v1/models",
}
_ANSWER_S = 1.0
_LITTLE_GB, _SWAPPED_GB, _DISK_GB = 2.0, 0.5, 2.0
_STALLED = 5.0
"""Per cent of the last ten seconds in which some process waited for memory."""
_GB = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the doctor's. ``fix``: what to do about it, empty where nothing is wrong."""

    name: str
    state: State
    said: str
    fix: str = ""


def machine_checks() -> Iterator[Check]:
    """Everything that does not depend on a model."""
    yield _embedded()
    yield from _servers()
    yield from _resident()
    yield from _memory()
    yield _load()
    yield from _power()
    yield _disk()
    yield from _locks()
    yield from _keys()


def judged(name: str, good: str, try_it: Callable[[], object]) -> Check:
    """``ok`` with the words ``good``, or ``fail`` with the sentence of the error that trying raised."""
    try:
        try_it()
    except LlmsweepError as e:
        said, _, fix = str(e).partition("; ")
        return Check(name=name, state="fail", said=said, fix=fix)
    return Check(name=name, state="ok", said=good)


def _embedded() -> Check:
    if importlib.util.find_spec("xllamacpp") is None:
        return Check(
            name="llama.cpp",
            state="info",
            said="the embedded one is not installed",
            fix="pip install 'llmsweep[llamacpp]'",
        )
    return Check(name="llama.cpp", state="ok", said="the embedded one is installed")


def _servers() -> Iterator[Check]:
    """Which model servers answer at their usual ports."""
    import httpx2

    with httpx2.Client(timeout=_ANSWER_S, trust_env=False) as client:
        for name, url in SERVERS.items():
            said = "does not answer"
            with suppress(httpx2.HTTPError):
                said = f"answers ({client.get(url).status_code})"
            yield Check(name=name, state="info", said=f"{said} at {url.removesuffix('/models')}")


def _resident() -> Iterator[Check]:
    """What Ollama and LM Studio hold in memory, and Ollama's default window."""
    keepers = keepers_of(HERE)
    if not any(isinstance(keeper, OllamaKeeper) for keeper in keepers):
        yield Check(
            name="Ollama", state="info", said="does not answer", fix="ollama serve, or set OLLAMA_HOST"
        )
    for keeper in keepers:
        loaded = ", ".join(sorted({resident.name for resident in keeper.resident()}))
        if loaded:
            yield Check(
                name=keeper.name,
                state="warn",
                said=f"holds {loaded} in memory at {keeper.root}",
                fix="a sweep on this machine unloads it first (host.others=refuse stops instead)",
            )
        else:
            yield Check(name=keeper.name, state="ok", said=f"answers at {keeper.root}, nothing is loaded")
        keeper.close()
    if (window := os.environ.get("OLLAMA_CONTEXT_LENGTH")) is not None:
        said = f"OLLAMA_CONTEXT_LENGTH={window} is not used: every request sets provider.context"
        yield Check(name="Ollama", state="info", said=said)


def _memory() -> Iterator[Check]:
    import psutil

    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    free, whole = memory.available / _GB, memory.total / _GB
    said = f"{free:.1f} of {whole:.0f} GB are free"
    little = free < _LITTLE_GB
    yield Check(
        name="memory",
        state="warn" if little else "ok",
        said=said,
        fix="close what takes it, or choose a smaller model" if little else "",
    )
    if swap.used / _GB > _SWAPPED_GB:
        said = f"{swap.used / _GB:.1f} GB are swapped out: seconds will be those of the disk"
        yield Check(
            name="swap", state="warn", said=said, fix="close what takes memory, or swapoff and swapon"
        )
    stalled = _pressure()
    if stalled is not None and stalled > _STALLED:
        said = f"processes waited for memory {stalled:.0f} % of the last 10 s"
        yield Check(name="memory", state="warn", said=said, fix="close what takes it")


def _pressure() -> float | None:
    """Linux's own figure (PSI), in per cent; None where there is none."""
    with suppress(OSError, ValueError, IndexError):
        some = Path("/proc/pressure/memory").read_text(encoding="ascii").split()
        return float(some[1].removeprefix("avg10="))
    return None


def _load() -> Check:
    cores = os.cpu_count() or 1
    try:
        load = os.getloadavg()[0]
    except OSError:
        return Check(name="load", state="info", said="this system does not tell its load")
    busy = load > 0.5 * cores
    return Check(
        name="load",
        state="warn" if busy else "ok",
        said=f"{load:.1f} on {cores} cores",
        fix="wait until the machine is quiet: its work would be in every second that is measured"
        if busy
        else "",
    )


def _power() -> Iterator[Check]:
    import psutil

    with suppress(OSError):
        governor = Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor").read_text().strip()
        if governor == "powersave":
            yield Check(
                name="power",
                state="warn",
                said="the CPU's governor is powersave",
                fix="cpupower frequency-set -g performance",
            )
    battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    if battery is not None and battery.power_plugged is False:
        yield Check(
            name="power", state="warn", said="on battery: clocks are throttled", fix="plug the machine in"
        )


def _disk() -> Check:
    folder = models_folder()
    place = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(place).free / _GB
    little = free < _DISK_GB
    return Check(
        name="disk",
        state="warn" if little else "ok",
        said=f"{free:.0f} GB are free for weights in {folder}",
        fix="make room, or set LLMSWEEP_CACHE to another folder" if little else "",
    )


def _locks() -> Iterator[Check]:
    for name, lock in (("another sweep", holding("here")), ("a pull", sweeping())):
        try:
            with lock:
                pass
        except LlmsweepError as e:
            said, _, fix = str(e).partition("; ")
            yield Check(name=name, state="warn", said=said, fix=fix)


def _keys() -> Iterator[Check]:
    """Which keys of cloud models are set; their values are nobody's business."""
    for name in KEYS:
        said = "is set" if os.environ.get(name) else "is not set"
        yield Check(name="keys", state="info", said=f"{name} {said}")
