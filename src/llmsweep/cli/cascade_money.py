"""What the attempts of two recorded sweeps cost, in one unit: tokens, seconds, or dollars of tokens and of a machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from llmsweep.cli.cascade_words import SIDES, Asking, with_basis
from llmsweep.cli.cost_sides import refuse_strangers, token_money
from llmsweep.cli.hosts import machine
from llmsweep.errors import UsageError

if TYPE_CHECKING:
    from llmsweep.analysis.costs.attempts import Attempts
    from llmsweep.analysis.costs.machine import Machine
    from llmsweep.analysis.stats import Floats

BUSY = 0.1
"""Of its time that a machine is taken to be busy, where nobody says how many tasks there are."""
PRICED_IN_FULL = "list_no_cache"


class Cost(NamedTuple):
    """One side's: of each attempt, and of a task before its first one; ``said``: what it rests on."""

    each: Floats
    standing: float
    said: str
    on_machine: bool = False


def costs(local: Attempts, frontier: Attempts, asking: Asking, notes: list[str]) -> tuple[Cost, Cost]:
    """Of both sides; what was assumed for them is added to ``notes``. Raises UsageError where a cost is not known, or
    figures would be mixed that rest on different things.
    """
    from llmsweep.analysis.cascades.sweeps import counted

    if asking.unit != "dollars":
        said = f"{asking.unit} as measured"
        return Cost(counted(local, asking.unit), 0.0, said), Cost(counted(frontier, asking.unit), 0.0, said)
    found = []
    for side, paid in zip((local, frontier), _paid(local, frontier, asking, notes), strict=True):
        if paid is not None:
            found.append(Cost(paid.dollars, 0.0, _rests(paid)))
        else:
            found.append(_on_machine(side, asking, notes))
    if asking.costs.assume:
        notes.append(f"assumed, not measured: {asking.costs.assume}")
    return found[0], found[1]


def _paid(
    local: Attempts, frontier: Attempts, asking: Asking, notes: list[str]
) -> tuple[Attempts | None, Attempts | None]:
    """With dollars of tokens (or those of a file), all on one basis; None of what a machine serves."""
    both = dict(zip(SIDES, (local, frontier), strict=True))
    paid = {name: _by_tokens(name, side, asking) for name, side in both.items()}
    if len(set(_bases(paid))) > 1:
        asking = replace(asking, costs=with_basis(asking.costs, PRICED_IN_FULL))
        paid = {name: _by_tokens(name, side, asking) for name, side in both.items()}
        bases = _bases(paid)
        if len(set(bases)) > 1:
            raise UsageError(
                f"local's costs rest on {bases[0]} and frontier's on {bases[1]}: such figures are never added up; give both"
                " on one basis."
            )
        notes.append(
            f"all input is priced in full (basis {PRICED_IN_FULL}): not every attempt says what was cached"
        )
    notes += _lent(both, asking)
    return paid["local"], paid["frontier"]


def _bases(paid: dict[str, Attempts | None]) -> list[str]:
    return [str(side.basis) for side in paid.values() if side is not None]


def _by_tokens(name: str, side: Attempts, asking: Asking) -> Attempts | None:
    """None where nobody says that its tokens are paid for, and a machine may serve it: one of which nobody knows where it
    ran is taken for a machine's only as the local side.
    """
    from llmsweep.analysis.cascades.sweeps import has_dollars

    words = asking.costs
    file = Path(side.origin).is_file()
    paid = side.where == "cloud" or "price" in words.sides[name] or (file and has_dollars(side))
    served = side.where == "local" or (name == "local" and words.host is not None)
    return None if served and not paid else token_money(side, name, words)


def _lent(both: dict[str, Attempts], asking: Asking) -> Iterator[str]:
    """A pass rate of one's own machine that is to stand for a paid service's, which may answer otherwise. Raises UsageError
    unless ``assume`` says why.
    """
    for name, side in both.items():
        if side.where == "local" and "price" in asking.costs.sides[name]:
            what = f"{name}={side.origin}: its pass rate was measured on a machine of one's own, not where {name}.price is paid"
            if asking.costs.assume is None:
                raise UsageError(
                    f"{what}; measure it there, or say why it may stand with assume='...', which is printed."
                )
            yield f"assumed: {what}"


def _rests(money: Attempts) -> str:
    said = ", ".join(word for word in (f"prices of {money.date}" if money.date else "", money.source) if word)
    return f"basis {money.basis}{f', {said}' if said else ''}"


def _on_machine(side: Attempts, asking: Asking, notes: list[str]) -> Cost:
    """What an attempt adds, and a task's share of the month; as `llmsweep cost` counts them."""
    from llmsweep.analysis.cascades.sweeps import machine_dollars
    from llmsweep.analysis.costs.verdict import dollars
    from llmsweep.analysis.wording import amount

    of = _machine(side, asking, notes)
    each, mean = machine_dollars(side, of)
    tasks = asking.costs.tasks
    if tasks is None:
        tasks = min(of.attempts(BUSY, mean), 1e6)
        _note(
            notes,
            f"the month of {of.name} is spread over {amount(tasks)} tasks, {100 * BUSY:g} % of its time (tasks=N for yours)",
        )
    elif tasks > of.capacity(mean):
        _note(
            notes,
            f"{amount(tasks)} tasks a month, one try each, do not fit on one {of.name}: {amount(of.capacity(mean))} do",
        )
    share = of.fixed_month / tasks
    dated = f", price of {of.date}" if of.date else ""
    said = (
        f"basis amortised_local on {of.name}{dated}: {dollars(share)} a task of its month,"
        f" {dollars(float(each.mean()))} an attempt"
    )
    return Cost(each, share, said, True)


def _machine(side: Attempts, asking: Asking, notes: list[str]) -> Machine:
    words = asking.costs
    if words.host is None:
        raise UsageError(
            f"{side.origin}: it ran on a machine of one's own, whose money nobody gives; name it with host=H, or count"
            " something else with unit=tokens or unit=seconds."
        )
    of, said = machine(words.host, words.host_keys, words.folders)
    for one in (*said, *refuse_strangers(side, None, of, words)):
        _note(notes, f"assumed: {one}")
    return of


def _note(notes: list[str], text: str) -> None:
    """Once, where both sides say it."""
    if text not in notes:
        notes.append(text)


def handoff(local: Attempts, frontier: Attempts, asking: Asking) -> tuple[Floats, str]:
    """Of each local attempt: what the frontier model pays to read its transcript, no part of it cached; and a sentence."""
    from llmsweep.analysis.cascades.sweeps import as_prompts, constant, transcripts

    if asking.handoff is not None:
        return constant(local, asking.handoff), f"handoff: {asking.handoff:g} {asking.unit} as given"
    tokens = transcripts(local)
    if asking.unit == "seconds" or tokens is None or not _has_price(frontier, asking):
        left_out = "handoff: nobody knows what it costs here, and it is left out; say handoff=N"
        return constant(local, 0.0), left_out
    said = "handoff: the frontier model reads the transcript of the last local try"
    if asking.unit == "tokens":
        return tokens, said
    priced = token_money(as_prompts(local, tokens, frontier), "frontier", asking.costs)
    return priced.dollars, f"{said}, uncached"


def _has_price(frontier: Attempts, asking: Asking) -> bool:
    """Its tokens have one: what a file states, or a machine gives, is no price of tokens."""
    if asking.unit == "tokens" or "price" in asking.costs.sides["frontier"]:
        return True
    return frontier.where == "cloud" and Path(frontier.origin).is_dir()
