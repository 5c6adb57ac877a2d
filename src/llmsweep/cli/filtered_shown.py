"""What a stream took with its filter and would have taken without one, as a table, in sentences, and in filtered.json."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import msgspec
from omegaconf import DictConfig, OmegaConf

from llmsweep.analysis.costs.described import dated
from llmsweep.analysis.costs.verdict import dollars
from llmsweep.analysis.wake.totals import (
    UNKNOWN,
    Arrived,
    Totals,
    spent_on_calls,
    spent_on_cycle,
    totals,
)
from llmsweep.analysis.wording import amount, plural
from llmsweep.calls import Call
from llmsweep.cli.build import Sweep
from llmsweep.cli.columns import Column, console, fitted, item
from llmsweep.cli.progress import say
from llmsweep.config import HostConfig
from llmsweep.types import Episode
from llmsweep.wake.stream import Arrival

if TYPE_CHECKING:
    from llmsweep.analysis.costs.machine import Machine
    from llmsweep.analysis.costs.scene import Figure
    from llmsweep.cli.filtered_gate import Gate
    from llmsweep.prices import Price

FILE = "filtered.json"
Told = tuple[Arrival, list[Call], Episode | None]


def tell(sweep: Sweep, gate: Gate, cfg: DictConfig, told: Sequence[Told], undecided: int) -> int:
    """Print and keep it; 0."""
    theirs, ours = _tariff(gate.run.model.price, gate.config), _tariff(sweep.model.price, cfg)
    arrived = [
        Arrived(
            real=arrival.real,
            woke=gate.rule.wakes(calls),
            decision=spent_on_calls(calls, theirs),
            cycle=UNKNOWN if episode is None else spent_on_cycle(episode, ours),
            solved=math.nan if episode is None else float(bool(episode.passed)),
        )
        for arrival, calls, episode in told
    ]
    if not any(not math.isnan(one.cycle.seconds) for one in arrived):
        say("no cycle has run yet, so there is no total to tell", always=True)
        return 0
    found = totals(arrived, cfg.wake.miss, seed=sweep.design.seed)
    paid = f"dollars: {gate.run.model.name} by {_named(theirs)}; {sweep.model.name} by {_named(ours)}"
    _print(found, paid, undecided)
    _keep(sweep.folder, found, gate)
    return 0


def _tariff(id: str | None, cfg: DictConfig) -> Price | Machine | None:
    """A price of tokens, else the electricity of the configured host where somebody knows its watts."""
    from llmsweep.cli.hosts import charged
    from llmsweep.cli.prices import price
    from llmsweep.errors import UsageError

    if id is not None:
        return price(id)
    try:
        return charged(cast(HostConfig, OmegaConf.to_object(cfg.host)), {})[0]
    except UsageError:
        return None


def _print(found: Totals, paid: str, undecided: int) -> None:
    out = console()
    out.print(
        f"{plural(found.arrivals, 'trigger')} came in, {found.real} of them real: {found.woken} woken,"
        f" {found.false_wakes} of them for nothing; {found.missed} real ones missed",
        soft_wrap=True,
    )
    names = list(found.rows)
    shown = [found.rows[name] for name in names]
    out.print(
        fitted(
            [
                Column("", names, left=True),
                Column(
                    "with the filter", [_said(n)(row[0].value) for n, row in zip(names, shown, strict=True)]
                ),
                Column("without", [_said(n)(row[1].value) for n, row in zip(names, shown, strict=True)]),
                Column("saved", [_said(n)(row[2].value) for n, row in zip(names, shown, strict=True)]),
                Column("95 %", [_range(n, row[2]) for n, row in zip(names, shown, strict=True)]),
            ],
            out.width,
        )
    )
    for line in _notes(found, paid, undecided):
        item(out, line)


def _named(tariff: Price | Machine | None) -> str:
    """What a figure of money rests on."""
    from llmsweep.analysis.costs.machine import Machine

    if tariff is None:
        return "nothing that is known"
    if isinstance(tariff, Machine):
        return f"the electricity of host {tariff.name}{dated(*tariff.said)}; its price or rent is left out"
    return f"{tariff.id}{dated(tariff.date, tariff.source)}"


def _notes(found: Totals, paid: str, undecided: int) -> list[str]:
    lines = [
        "a cycle that was woken for nothing is measured by one more attempt at a task of the suite, whose result counts for"
        " nothing; without a filter every trigger runs its cycle"
    ]
    if found.guessed:
        lines.append(
            f"{plural(found.guessed, 'skipped cycle')} did not run and count as the mean of those that did"
            " (policy.against=measured runs them too)"
        )
    if "dollars" not in found.rows:
        lines.append("dollars are not known: give both models a price, or the host its watts")
    else:
        lines.append(paid)
    if "dollars, misses counted" not in found.rows and found.missed:
        lines.append("what the missed ones cost is in no figure: say it with wake.miss=5")
    if undecided:
        lines.append(
            f"{plural(undecided, 'trigger')} could not be decided about (faults) and is in no figure"
        )
    word = _verdict(found)
    return [*lines, f"verdict: {word}"]


def _verdict(found: Totals) -> str:
    for name in ("dollars, misses counted", "dollars", "tokens"):
        if name in found.rows:
            saved = found.rows[name][2]
            if saved.low > 0:
                return f"by {name}, the filter saves"
            if saved.high < 0:
                return f"by {name}, the filter costs more than it saves"
            return f"by {name}, not distinguishable from no filter"
    return "not known: neither tokens nor dollars were reported"


def _said(name: str) -> Callable[[float], str]:
    return dollars if name.startswith("dollars") else lambda value: amount(value).replace("-", "−")


def _range(name: str, of: Figure) -> str:
    return f"{_said(name)(of.low)} to {_said(name)(of.high)}"


def _keep(folder: Path, found: Totals, gate: Gate) -> None:
    figures = {
        name: {side: row[at]._asdict() for at, side in enumerate(("with_filter", "without", "saved"))}
        for name, row in found.rows.items()
    }
    counts = {
        name: getattr(found, name)
        for name in ("arrivals", "real", "woken", "missed", "false_wakes", "guessed")
    }
    said = {**counts, "filter": gate.run.model.name, "rule": str(gate.rule), "totals": figures}
    (folder / FILE).write_bytes(msgspec.json.format(msgspec.json.encode(said), indent=1) + b"\n")
    say(f"written: {folder / FILE}")
