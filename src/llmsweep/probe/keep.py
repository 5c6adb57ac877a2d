"""Probes beside the results that rest on them: the reports in probe.json, latest first, each one's exchanges in probe/."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from llmsweep.errors import UsageError
from llmsweep.probe.report import ProbeReport
from llmsweep.types import Exchange

FILE, FOLDER = "probe.json", "probe"
FRESH = timedelta(hours=1)
"""How long a report is believed. A server behind the same address can be started anew in another way, and asking
again costs seconds; a sweep that is broken off and gone on with need not be held up for them.
"""


def keep(folder: Path, report: ProbeReport) -> None:
    """Put a report in front of the earlier ones. Its exchanges hold bodies alone: keys travel in headers."""
    exchanges = exchanges_path(folder, report)
    exchanges.parent.mkdir(parents=True, exist_ok=True)
    exchanges.write_bytes(gzip.compress(msgspec.json.encode(report.exchanges), compresslevel=6, mtime=0))
    reports = [replace(report, exchanges=()), *kept(folder)]
    path = folder / FILE
    temporary = path.with_suffix(".tmp")
    temporary.write_bytes(msgspec.json.format(msgspec.json.encode(reports), indent=2) + b"\n")
    temporary.replace(path)


def kept(folder: Path) -> list[ProbeReport]:
    """Every report, the latest first, without exchanges. Raises UsageError when they cannot be read."""
    path = folder / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[ProbeReport])
    except FileNotFoundError:
        return []
    except (OSError, msgspec.MsgspecError) as e:
        raise UsageError(f"{path}: cannot be read ({e}); delete it, and the next sweep probes anew.") from e


def fresh(folder: Path, key: str, now: datetime | None = None) -> ProbeReport | None:
    """The latest report of the same questions to the same server, None where it is older than `FRESH`."""
    oldest = (now or datetime.now(UTC)) - FRESH
    same = (report for report in kept(folder) if report.key == key)
    return next((report for report in same if datetime.fromisoformat(report.at) >= oldest), None)


def exchanges_path(folder: Path, report: ProbeReport) -> Path:
    """Where the exchanges of a report are."""
    return folder / FOLDER / f"{report.at.replace(':', '')}-{report.key[:12]}.json.gz"


def read_exchanges(folder: Path, report: ProbeReport) -> tuple[tuple[str, Exchange], ...]:
    """Why each call was made, and what went over the wire."""
    data = gzip.decompress(exchanges_path(folder, report).read_bytes())
    return msgspec.json.decode(data, type=tuple[tuple[str, Exchange], ...])
