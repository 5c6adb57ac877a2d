"""What `diff` prints: flips, the answer, and how far the two are apart in tokens, seconds and TTFT."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from llmsweep.analysis.checks.apart import MEASURES, TIMED, Apart, apart
from llmsweep.analysis.checks.pairs import Pair, flips
from llmsweep.analysis.checks.provenance import untimed
from llmsweep.analysis.checks.report import Report
from llmsweep.analysis.checks.written import as_json as check_json
from llmsweep.analysis.wording import amount, plural
from llmsweep.cli.check_read import Comparing
from llmsweep.cli.check_shown import show
from llmsweep.cli.columns import Column, console, fitted, item
from llmsweep.types import Episode


def show_diff(
    report: Report, comparing: Comparing, ours: Mapping[tuple[str, int], Episode], *, as_json: bool
) -> None:
    """Flips and costs are of every pair, the answer is of complete passes."""
    pairs = every(comparing, ours)
    report = replace(report, verdict=replace(report.verdict, flips=flips(pairs)))
    silent = untimed(comparing.baseline, comparing.made)
    found = {
        name: apart(pairs, measure) for name, measure in MEASURES.items() if not (silent and name in TIMED)
    }
    if as_json:
        told = json.loads(check_json(report))
        told["pairs"] = len(pairs)
        told["apart"] = {name: _finite(asdict(one)) for name, one in found.items()}
        print(json.dumps(told, indent=2, ensure_ascii=False))
        return
    show(report)
    out = console()
    known = {name: one for name, one in found.items() if one.tasks}
    out.print(fitted(_columns(known), out.width))
    item(
        out,
        f"means an episode over {plural(len(pairs), 'pair')}, each task counting alike; 95 % for tasks like these",
    )


def every(comparing: Comparing, ours: Mapping[tuple[str, int], Episode]) -> list[Pair]:
    """All pairs of the compared tasks, those beyond the last complete pass too."""
    return [
        (theirs, ours[task, repeat])
        for task in comparing.planned.tasks
        for repeat, theirs in sorted(comparing.baseline.scored[task].items())
        if (task, repeat) in ours
    ]


def _columns(found: Mapping[str, Apart]) -> list[Column]:
    return [
        Column("", list(found), left=True),
        Column("baseline", [amount(one.theirs) for one in found.values()]),
        Column("candidate", [amount(one.ours) for one in found.values()]),
        Column("difference", [_signed(one.value) for one in found.values()]),
        Column("95 %", [_bounds(one) for one in found.values()]),
    ]


def _bounds(one: Apart) -> str:
    return "unknown" if math.isinf(one.low) else f"{_signed(one.low)} to {_signed(one.high)}"


def _signed(value: float) -> str:
    return f"{'−' if value < 0 else '+'}{amount(abs(value))}" if value else "0"


def _finite(values: dict[str, Any]) -> dict[str, Any]:
    return {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in values.items()
    }
