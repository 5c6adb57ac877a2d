"""The verb `probe`: what the server honours of what a sweep with the same words would ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from llmsweep.cli.build import build
from llmsweep.cli.progress import say
from llmsweep.cli.proof import FRONTIER, summary, verdict, wanted, wanted_above
from llmsweep.cli.ready import ready
from llmsweep.cli.sweep import each_model
from llmsweep.probe.ask import probe
from llmsweep.probe.keep import keep
from llmsweep.probe.report import ProbeReport

if TYPE_CHECKING:
    from omegaconf import DictConfig

_PIPED_WIDTH = 200
_STYLES = {"honoured": "green", "unknown": "yellow", "ignored": "red", "unsupported": "red"}


def run(args: Sequence[str]) -> int:
    """Probe what a sweep with the same words would ask for; 1 when something of it is ignored or unsupported."""
    return each_model(args, _probe_one)


def _probe_one(cfg: DictConfig) -> int:
    sweep = build(cfg)
    for note in sweep.notes:
        say(f"note: {note}")
    above = sweep.frontier
    reports = []
    with ready(sweep):
        reports.append((sweep.folder, probe(sweep.provider, wanted(sweep))))
        if above is not None and above.probe:
            reports.append((sweep.folder / FRONTIER, probe(above.provider, wanted_above(above))))
    for folder, report in reports:
        keep(folder, report)
        _print(report)
    return 1 if any(report.failures for _, report in reports) else 0


def _print(report: ProbeReport) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if not console.is_terminal:
        console.width = _PIPED_WIDTH
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("setting", "verdict", "evidence"):
        table.add_column(heading, justify="left")
    for finding in report.findings:
        style = _STYLES["unknown" if finding.note else finding.verdict]
        table.add_row(Text(finding.name), Text(verdict(finding), style=style), Text(finding.evidence))
    console.print(table)
    console.print(Text(f"{report.model}: {summary(report)} ({report.cost})"), soft_wrap=True)
