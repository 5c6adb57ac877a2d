"""What the user says of a filter's money, checked: the cycle's dollars or the sweep that tells them, a miss, the signal rate."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from llmsweep.config import HostConfig, WakeConfig
from llmsweep.errors import UsageError, nearest

if TYPE_CHECKING:
    from llmsweep.analysis.wake.calling import Tariff
    from llmsweep.analysis.wake.worth import Terms

BY = ("money", "recall")


class Money(NamedTuple):
    """What of a configuration has to do with a filter's money. ``price``: of its model's tokens."""

    wake: WakeConfig
    host: HostConfig
    price: str | None


def check_terms(wake: WakeConfig) -> None:
    """Raises UsageError naming the key whose value cannot be."""
    for key, value, above in (
        ("miss", wake.miss, False),
        ("call", wake.call, False),
        ("month", wake.month, True),
        ("limit", wake.limit, True),
    ):
        if value is not None and not (value > 0 if above else 0 <= value < math.inf):
            raise UsageError(
                f"wake.{key}={value:g}: it must be {'more than 0' if above else '0 or more'}, or null."
            )
    if wake.signal is not None and not 0 <= wake.signal <= 1:
        raise UsageError(f"wake.signal={wake.signal:g}: it must be a share between 0 and 1, such as 0.2.")
    if not 0 < wake.recall <= 1:
        raise UsageError(f"wake.recall={wake.recall:g}: it must be a share above 0, such as 0.99.")
    if wake.by is not None and wake.by not in BY:
        raise UsageError(f"wake.by={wake.by}: there is no such measure; {nearest(wake.by, BY)}")
    if wake.cycle is None:
        return
    number = _number(wake.cycle)
    if number is not None and not 0 < number < math.inf:
        raise UsageError(f"wake.cycle={wake.cycle}: it must be dollars above 0, or a results folder.")
    if number is None and not Path(str(wake.cycle)).expanduser().is_dir():
        raise UsageError(
            f"wake.cycle={wake.cycle}: it must be dollars, such as 0.56, or the results folder of a sweep."
        )


def terms_of(wake: WakeConfig) -> Terms:
    """Raises UsageError where the sweep that was named does not tell what a cycle costs."""
    from llmsweep.analysis.wake.worth import Terms

    check_terms(wake)
    cycle, why = _cycle(wake)
    return Terms(cycle=cycle, miss=wake.miss, signal=wake.signal, cycle_why=why)


def tariff_of(money: Money) -> tuple[Tariff, list[str]]:
    """How the filter's calls are paid, and a sentence for each figure that was assumed."""
    from llmsweep.analysis.wake.calling import Tariff
    from llmsweep.cli.hosts import charged
    from llmsweep.cli.prices import price

    if money.wake.call is not None:
        return Tariff(stated=money.wake.call), []
    if money.price is not None:
        return Tariff(price=price(money.price)), []
    try:
        machine, notes = charged(money.host, {})
    except UsageError as e:
        return Tariff(), [f"what a call costs is not known: {e}"]
    return Tariff(machine=machine, month=money.wake.month), notes


def _cycle(wake: WakeConfig) -> tuple[float | None, str]:
    """Dollars of a main cycle and where they come from."""
    if wake.cycle is None:
        return None, ""
    number = _number(wake.cycle)
    if number is not None:
        return number, "as said"
    from llmsweep.cli.cost_sides import open_side, token_money
    from llmsweep.cli.cost_words import SIDES, Words

    said = {"cell": wake.cycle_cell, "price": wake.cycle_price}
    given = {key: value for key, value in said.items() if value is not None}
    words = Words(sides={**{side: {} for side in SIDES}, "cycle": given})
    folder = Path(str(wake.cycle)).expanduser()
    found, why = open_side(folder, "cycle", words)
    found = token_money(found, "cycle", words)
    name = next(iter(found.cells.values()))
    attempts = len(found.solved)
    return (
        float(found.dollars.mean()),
        f"mean of {attempts} attempts of {found.model}, {name} ({why}), in {folder}; {found.source}",
    )


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(str(value))
    except ValueError:
        return None
