"""The probe before a sweep: what the server does not honour is said, and its cells are dropped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from llmsweep.cli.build import Sweep
from llmsweep.cli.frontier import Frontier
from llmsweep.cli.progress import label, say
from llmsweep.errors import UnfitError
from llmsweep.probe.ask import probe
from llmsweep.probe.keep import fresh, keep
from llmsweep.probe.report import Finding, ProbeReport
from llmsweep.probe.wanted import Wanted
from llmsweep.providers.base import Provider
from llmsweep.sweep.space import refused_within
from llmsweep.types import Cell

FRONTIER = "frontier"
"""Folder of a frontier model's probes, in that of the model that hands over to it."""


def prove(sweep: Sweep) -> Sweep:
    """The sweep without the cells that its server cannot be asked for, each told with the reason.

    The provider must be entered. Raises UnfitError when the baseline is one of them.
    """
    if not sweep.probe:
        return sweep
    if sweep.frontier is not None:
        _prove_frontier(sweep.frontier, sweep.folder)
    report = _told(sweep.folder, sweep.provider, wanted(sweep), "probe")
    if (why := report.refuses(sweep.baseline)) is not None:
        raise UnfitError(
            f"baseline: {why}; change the baseline or the server, or set probe=false to go on without this proof."
        )
    return _without_refused(sweep, report)


def _prove_frontier(above: Frontier, folder: Path) -> None:
    """Raises UnfitError when the frontier model cannot be asked as its own settings say."""
    if not above.probe:
        return
    report = _told(
        folder / FRONTIER,
        above.provider,
        wanted_above(above),
        f"probe of the frontier model {above.model.name}",
    )
    if (why := report.refuses(above.cell)) is not None:
        raise UnfitError(
            f"policy.frontier={above.model.name}: {why}; change policy.frontier_baseline or its server, or set probe=false to"
            " go on without this proof."
        )


def _told(folder: Path, provider: Provider, asked: Wanted, what: str) -> ProbeReport:
    """A report of less than an hour ago, or a new one; and what in it is to be known."""
    report = fresh(folder, asked.key)
    how = "as found less than an hour ago" if report else ""
    if report is None:
        report = probe(provider, asked)
        keep(folder, report)
        how = report.cost
    for finding in report.findings:
        if finding.verdict != "honoured":
            say(f"{what}: {finding.name}: {verdict(finding)}: {finding.evidence}")
    say(f"{what}: {summary(report)} ({how})")
    return report


def _without_refused(sweep: Sweep, report: ProbeReport) -> Sweep:
    known, design = sweep.strategy.dropped, sweep.design

    def refuses(cell: Cell) -> str | None:
        return (
            design.refuses(cell)
            or report.refuses(cell)
            or refused_within(report.refuses, cell, design.baseline, design.space)
        )

    design_left = replace(design, refuses=refuses)
    strategy = sweep.make(design_left)
    for cell, why in strategy.dropped.items():
        if cell not in known:
            say(f"dropped {label(cell, sweep.baseline)}: {why.rstrip('.')}.")
    if not strategy.cells:
        raise UnfitError(f"no cell is left: {next(iter(strategy.dropped.values()))}")
    return replace(sweep, design=design_left, strategy=strategy)


def wanted(sweep: Sweep) -> Wanted:
    return Wanted(
        baseline=sweep.baseline,
        cells=sweep.strategy.cells,
        settings=sweep.settings,
        paid=sweep.model.price is not None,
    )


def wanted_above(above: Frontier) -> Wanted:
    return Wanted(
        baseline=above.cell, cells=(above.cell,), settings=above.settings, paid=above.model.price is not None
    )


def verdict(finding: Finding) -> str:
    where = ", ".join(f"{axis}={value}".lower() for axis, value in finding.where.items())
    return f"{finding.verdict}{' (note)' if finding.note else ''}{f' with {where}' if where else ''}"


def summary(report: ProbeReport) -> str:
    """How many findings there are of each verdict."""
    counts = {
        "honoured": sum(f.verdict == "honoured" for f in report.findings),
        "ignored or unsupported": len(report.failures),
        "unknown": sum(f.verdict == "unknown" for f in report.findings),
        "to note": sum(f.note for f in report.findings),
    }
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count)
