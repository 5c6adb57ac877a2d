"""Dollars of an attempt for a report page: as `cost show DIR` has them without another word, or the sentence why not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from llmsweep.cli.cost_shown import SHARE
from llmsweep.cli.cost_sides import open_all, sweep_host, token_money
from llmsweep.cli.cost_tiers import split_tiers
from llmsweep.cli.cost_words import parse
from llmsweep.cli.hosts import machine
from llmsweep.errors import LlmsweepError, UsageError

if TYPE_CHECKING:
    from llmsweep.analysis.costs.attempts import Attempts
    from llmsweep.analysis.costs.cells import Month
    from llmsweep.analysis.page import Money


def money(folder: Path) -> Money:
    from llmsweep.analysis.costs.cells import attempt_dollars
    from llmsweep.analysis.page import Money

    try:
        words = parse([str(folder)], positional=True)
        [side] = open_all(folder, "local", words)
        found, said = split_tiers(side, words)
        if found.where == "cloud":
            found, month = token_money(found, "cloud", words), None
            basis = f"basis {found.basis}, prices of {found.date}, {found.source}"
        else:
            month, basis = _month(folder, found)
        dollars = attempt_dollars(found, month)
    except LlmsweepError as e:
        return Money(attempt={}, basis=f"none here. {e}")
    return Money(attempt=dollars, basis=". ".join([basis, *said, f"More: llmsweep cost show {folder}"]) + ".")


def _month(folder: Path, found: Attempts) -> tuple[Month, str]:
    """The host that the sweep ran on, busy for SHARE of its time."""
    from llmsweep.analysis.costs.cells import Month
    from llmsweep.analysis.costs.described import dated
    from llmsweep.analysis.costs.scene import local_seconds
    from llmsweep.analysis.costs.verdict import dollars
    from llmsweep.analysis.wording import amount

    name = sweep_host(folder)
    if name is None:
        raise UsageError(f"Nobody wrote down which host it ran on: llmsweep cost show {folder} host=H.")
    of, notes = machine(name)
    seconds = float(local_seconds(found, of).mean())
    tasks = of.attempts(SHARE, seconds or 1.0)
    basis = (
        f"basis amortised_local{dated(*of.said)}; host {of.name}, {of.mode}: {dollars(of.fixed_month)} a month, spread over"
        f" {amount(tasks)} tasks, which is {100 * SHARE:g} % of its time"
    )
    return Month(of, tasks), "; ".join([basis, *(f"assumed: {note}" for note in notes)])
