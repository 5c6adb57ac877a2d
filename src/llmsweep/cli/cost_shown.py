"""`cost show`: what each cell of a log costs, and, beside a cloud, the verdict on each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llmsweep.cli.cost_sides import open_all, open_side, refuse_strangers, sweep_host, token_money
from llmsweep.cli.cost_tiers import split_tiers
from llmsweep.cli.cost_words import Words, parse
from llmsweep.cli.hosts import machine
from llmsweep.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from llmsweep.analysis.costs.attempts import Attempts
    from llmsweep.analysis.costs.cells import Month
    from llmsweep.analysis.costs.machine import Machine

WIDTH = 130
SHARE = 0.1
"""Of its time that a machine is taken to be busy, where nobody says how many tasks there are."""


def show(args: Sequence[str]) -> int:
    from llmsweep.cli.columns import console

    words = parse(args, positional=True)
    folder = words.dir or words.local
    if folder is None:
        raise UsageError("name what to show: llmsweep cost show DIR.")
    out = console(WIDTH)
    for found in open_all(folder, "local", words):
        split, said = split_tiers(found, words)
        _show(split, words, out, said)
    return 0


def _show(found: Attempts, words: Words, console: Console, said: Sequence[str] = ()) -> None:
    from rich.markup import escape

    from llmsweep.analysis.costs.cells import costs_table
    from llmsweep.analysis.costs.described import people_line
    from llmsweep.analysis.costs.handling import Handling

    handling = Handling(**words.handling)
    paid = found.where == "cloud" or "price" in words.sides["local"] or words.sides["cloud"].get("price")
    console.print(f"[bold]{escape(found.model)}[/bold] ({escape(found.origin)})")
    if paid and words.host is None:
        side = "local" if "price" in words.sides["local"] else "cloud"
        found, month = token_money(found, side, words), None
        console.print(f"money: basis {found.basis}, prices of {found.date}, {found.source}")
    elif found.where != "cloud" and words.host is None and _billed(found):
        found, month = token_money(found, "local", words), None
        console.print(f"money: basis {found.basis}, {found.date or 'no date given'}, {found.source}")
    else:
        month = _month(found, words, console)
    for sentence in said:
        console.print(escape(sentence))
    console.print(people_line(handling))
    table = costs_table(found, handling, month, words.whole["draws"], words.whole["seed"])
    rows: list[dict[str, Any]] = [
        {str(key): value for key, value in row.items()} for row in table.to_dict("records")
    ]
    console.print(_cells(rows))
    console.print()
    console.print(_people(rows, month is not None))
    console.print(
        "h*: what a fix may cost for this cell and the first one to cost the same; -: no price of a fix does it"
    )
    if found.broken:
        console.print(
            f"{found.broken} attempts that faults ended are in no figure; they may have cost money too"
        )
    for flag in found.flags:
        console.print(f"flag: {flag}")
    if words.cloud is not None and month is not None:
        _against(found, month.machine, words, console)
    elif words.cloud is not None:
        _versus(found, words, console)


def _billed(found: Attempts) -> bool:
    """A file that names its costs and no seconds: there is no machine to ask about."""
    return Path(found.origin).is_file() and bool((found.dollars >= 0).any())


def _month(found: Attempts, words: Words, console: Console) -> Month:
    from llmsweep.analysis.costs.cells import Month
    from llmsweep.analysis.costs.described import dated
    from llmsweep.analysis.costs.scene import local_seconds
    from llmsweep.analysis.costs.verdict import dollars
    from llmsweep.analysis.wording import amount

    name = words.host or sweep_host(Path(found.origin))
    if name is None:
        raise UsageError(f"{found.origin}: nobody wrote down which host it ran on; name it with host=H.")
    of, notes = machine(name, words.host_keys, words.folders)
    notes += refuse_strangers(found, None, of, words)
    seconds = float(local_seconds(found, of).mean())
    tasks = words.tasks if words.tasks is not None else of.attempts(SHARE, seconds or 1.0)
    own = (
        "" if words.tasks is not None else f", which is {100 * SHARE:g} % of its time (say tasks=N for yours)"
    )
    console.print(
        f"host {of.name}, {of.mode}: {dollars(of.fixed_month)} a month, spread over {amount(tasks)} tasks{own};"
        f" basis amortised_local{dated(*of.said)}"
    )
    for note in notes:
        console.print(f"assumed: {note}")
    if words.assume:
        console.print(f"assumed, not measured: {words.assume}")
    return Month(of, tasks)


def _cells(rows: list[dict[str, Any]]) -> Any:
    """What the machine or the tokens cost; wrongly accepted ones beside it, since a leaky verifier makes this look better."""
    from llmsweep.analysis.costs.verdict import dollars
    from llmsweep.analysis.wording import percent

    above = any(not math.isnan(row["above"]) for row in rows)
    shown = _new_table(
        *("cell", "attempts", "passes", "95 %", "an attempt", *(["frontier's"] if above else [])),
        *("a solved task", "95 %", "wrong accepted"),
    )
    for row in rows:
        nothing = row["rate"] == 0
        spread = f"{dollars(row['solved_low'])} to {dollars(row['solved_high'])}"
        shown.add_row(
            str(row["label"]),
            f"{row['attempts']:,}",
            percent(row["rate"]),
            f"{100 * row['low']:.0f}–{100 * row['high']:.0f}",
            dollars(row["dollars"]),
            *([dollars(row["above"])] if above else []),
            f"> {dollars(row['solved_low'])}" if nothing else dollars(row["solved"]),
            "nothing passed" if nothing else spread,
            percent(row["wrong"]),
        )
    return shown


def _people(rows: list[dict[str, Any]], local: bool) -> Any:
    from llmsweep.analysis.costs.verdict import count, dollars
    from llmsweep.analysis.wording import amount

    shown = _new_table(
        "cell", "a task with people", "95 %", "h*", *(["seconds", "fit a month"] if local else [])
    )
    for row in rows:
        shown.add_row(
            str(row["label"]),
            dollars(row["full"]),
            f"{dollars(row['full_low'])} to {dollars(row['full_high'])}",
            "-" if math.isnan(row["fix_break_even"]) else dollars(row["fix_break_even"]),
            *([amount(row["seconds"]), count(row["capacity"])] if local else []),
        )
    return shown


def _new_table(*headings: str) -> Any:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place else "left", no_wrap=bool(place))
    return table


def _against(found: Attempts, of: Machine, words: Words, console: Console) -> None:
    """Every cell against the cloud's chosen one: V*, what fits, and the verdict."""
    from llmsweep.analysis.costs.handling import Handling
    from llmsweep.analysis.costs.scene import compare
    from llmsweep.analysis.costs.verdict import verdict

    assert words.cloud is not None
    cloud, why = open_side(words.cloud, "cloud", words)
    refuse_strangers(found, cloud, of, words)
    cloud = token_money(cloud, "cloud", words)
    name = next(iter(cloud.cells.values()))
    console.print(f"against {cloud.model}, {name} ({why}), basis {cloud.basis}, {cloud.source}:")
    for id, label in found.cells.items():
        scene, joint = compare(
            found.of(id), cloud, of, Handling(**words.handling), words.whole["draws"], words.whole["seed"]
        )
        told = verdict(scene, words.tasks)
        console.print(f"  {label}: {told.sentence} ({joint.tasks} common tasks)")


def _versus(found: Attempts, words: Words, console: Console) -> None:
    """Every cell that is paid by the token against the cloud's chosen one."""
    from llmsweep.analysis.costs.cells import versus
    from llmsweep.analysis.costs.handling import Handling
    from llmsweep.analysis.costs.verdict import compared, dollars

    assert words.cloud is not None
    cloud, why = open_side(words.cloud, "cloud", words)
    cloud = token_money(cloud, "cloud", words)
    console.print(
        f"against {cloud.model}, {next(iter(cloud.cells.values()))} ({why}), basis {cloud.basis}, {cloud.source}:"
    )
    for id, label in found.cells.items():
        told = versus(
            found.of(id), cloud, Handling(**words.handling), words.whole["draws"], words.whole["seed"]
        )
        apart = "" if told.saved.low > 0 or told.saved.high < 0 else "not distinguishable: "
        even = "no price of a fix makes them equal"
        if told.fix_break_even is not None:
            side = "below" if told.below else "above"
            even = f"cheaper while a fix costs {side} h* {dollars(told.fix_break_even)}"
        console.print(f"  {label}: {apart}{compared(told.saved)}; {even} ({told.tasks} common tasks)")
