"""What one call of a filter costs, by a price of tokens or by a host's busy seconds, with its basis, date and source."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from llmsweep.analysis.costs.described import dated
from llmsweep.analysis.costs.machine import Machine
from llmsweep.analysis.costs.money import Basis, token_dollars, tokens_of
from llmsweep.analysis.costs.seconds import shared, start_of
from llmsweep.analysis.stats import Floats, Spread, spread
from llmsweep.analysis.wake.heard import Heard
from llmsweep.calls import Call
from llmsweep.prices import Price
from llmsweep.types import Usage


class CallMoney(NamedTuple):
    """Mean dollars of a call, NaN where nobody can say; ``why``: what they rest on, or why there are none."""

    dollars: float
    basis: Basis
    why: str


class Tariff(NamedTuple):
    """What a call is paid by: dollars that somebody states, or a price of tokens, or a machine, whose fixed costs are
    spread over ``month`` triggers (None: they are left out).
    """

    stated: float | None = None
    price: Price | None = None
    machine: Machine | None = None
    month: float | None = None


class Clocks(NamedTuple):
    """Of a cell's calls: seconds to the end of the answer, to its first piece, tokens read (NaN: not reported) and made."""

    seconds: Spread
    ttft: Spread
    read: float
    made: float


def busy_seconds(cells: Sequence[Heard]) -> list[Floats]:
    """Busy seconds of the machine for each call, a list entry a cell: of all calls in flight together each has its share."""
    calls = [call for heard in cells for call in heard.calls]
    seconds = shared(
        np.array([start_of(call.started_at) for call in calls], dtype=np.float64),
        np.array([call.duration_s for call in calls], dtype=np.float64),
        np.array([call.turn.duration_s if call.turn else 0.0 for call in calls], dtype=np.float64),
        np.array([max(1, call.concurrency) for call in calls], dtype=np.float64),
    )
    ends = np.cumsum([len(heard.calls) for heard in cells])
    return [np.asarray(part) for part in np.split(seconds, ends[:-1])]


def call_money(heard: Heard, busy: Floats, tariff: Tariff) -> CallMoney:
    """The mean over a cell's calls."""
    if tariff.stated is not None:
        return CallMoney(tariff.stated, Basis.UNKNOWN, "as said (wake.call)")
    if tariff.price is not None:
        return _by_price(heard, tariff.price)
    if tariff.machine is None:
        return CallMoney(math.nan, Basis.UNKNOWN, "neither price nor host is known")
    machine = tariff.machine
    marginal = float(np.asarray(machine.electricity(machine.added(busy))).mean())
    if tariff.month is None:
        left_out = (
            ""
            if machine.fixed_month == 0
            else "; its price or rent, idling and upkeep are left out (month=N)"
        )
        said = dated(*machine.said)
        return CallMoney(marginal, Basis.LOCAL, f"electricity of host {machine.name}{said}{left_out}")
    fixed = machine.fixed_month / tariff.month
    return CallMoney(
        marginal + fixed,
        Basis.LOCAL,
        f"host {machine.name}, its month over {tariff.month:,.0f} triggers{dated(*machine.said)}",
    )


def _by_price(heard: Heard, price: Price) -> CallMoney:
    tokens = tokens_of(usages(heard.calls))
    if tokens.basis is Basis.UNKNOWN:
        return CallMoney(math.nan, Basis.UNKNOWN, "not every call says how many tokens it took")
    dollars = token_dollars(price, tokens, tokens.basis)
    said = f"{price.id}, prices of {price.date}, {price.source}"
    return CallMoney(float(dollars.mean()), tokens.basis, said)


def usages(calls: Sequence[Call]) -> list[Usage]:
    return [call.turn.usage if call.turn else Usage() for call in calls]


def clocks(heard: Heard) -> Clocks:
    turns = [call.turn for call in heard.calls if call.turn is not None]
    tokens = tokens_of([turn.usage for turn in turns])
    return Clocks(
        spread([turn.duration_s for turn in turns]),
        spread([math.nan if turn.ttft_s is None else turn.ttft_s for turn in turns]),
        float(tokens.read.mean()),
        float(tokens.made.mean()),
    )
