"""A machine of one's own as money: what a month costs whether or not it works, what an attempt adds, how many fit."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from llmsweep.errors import UsageError, nearest

N = TypeVar("N", float, NDArray[np.float64])
Mode = Literal["buy", "owned", "shared", "rent"]
MODES: tuple[str, ...] = get_args(Mode)
MONTH_H = 730.0
"""Hours of a month: 8760 / 12."""
KWH_J = 3.6e6
_SHARES = ("residual", "share", "utilisation_max")
_POSITIVE = ("years", "pue", "hours_month", "share", "utilisation_max", "prefill_tokens_s", "decode_tokens_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Dollars, watts of the whole machine, hours a month.

    ``mode``: buy (all is charged), owned (its price is spent anyway), shared (the ``share`` of it that these tasks have, in
    money and in time), rent (``dollars_hour``, power included). ``residual``: the share of the price that it sells for
    after ``years``; ``finance``: interest a year on what is tied up in it; ``kwh_dollars``, ``pue``: electricity, and how
    much cooling adds to it; ``upkeep_hours`` a month at ``wage_hour``; ``hours_month``: how long it is on (or rented);
    ``utilisation_max``: the share of that in which it may be busy. ``prefill_tokens_s``, ``decode_tokens_s``: its rates over
    all streams, where the log's seconds were measured elsewhere; ``load_s``: of loading, an attempt. ``date``, ``source``:
    of its price, ``kwh_date``, ``kwh_source``: of the electricity's. Raises UsageError for figures that cannot be right.
    """

    name: str
    mode: Mode = "owned"
    price: float = 0.0
    dollars_hour: float = 0.0
    residual: float = 0.3
    years: float = 3.0
    finance: float = 0.0
    watts: float = 0.0
    idle_watts: float = 0.0
    kwh_dollars: float = 0.17
    kwh_date: str = ""
    kwh_source: str = ""
    pue: float = 1.0
    upkeep_hours: float = 0.0
    wage_hour: float = 60.0
    share: float = 1.0
    hours_month: float = MONTH_H
    utilisation_max: float = 1.0
    prefill_tokens_s: float | None = None
    decode_tokens_s: float | None = None
    load_s: float = 0.0
    date: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise UsageError(
                f"host.cost.mode={self.mode}: there is no such mode; {nearest(self.mode, MODES)}"
            )
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, int | float):
                self._check(one.name, value)
        if self.mode == "rent" and not self.dollars_hour:
            raise UsageError("host.cost.mode=rent: say what an hour costs with host.dollars_hour=N.")
        if self.mode in ("buy", "shared") and not self.price:
            raise UsageError(f"host.cost.mode={self.mode}: say the price with host.price_dollars=N.")
        if (self.prefill_tokens_s is None) != (self.decode_tokens_s is None):
            raise UsageError(
                "host.cost.prefill_tokens_s and host.cost.decode_tokens_s: give both rates, or neither."
            )

    def _check(self, name: str, value: float) -> None:
        key = f"host.{_KEYS[name]}" if name in _KEYS else f"host.cost.{name}"
        if not 0 <= value < float("inf"):
            raise UsageError(f"{key}={value}: it must be 0 or more.")
        if name in _POSITIVE and value <= 0:
            raise UsageError(f"{key}={value}: it must be more than 0.")
        if name in _SHARES and value > 1:
            raise UsageError(f"{key}={value}: it must be a share, at most 1.")
        if name == "hours_month" and value > 744:
            raise UsageError(f"{key}={value}: no month has more than 744 hours.")

    @property
    def said(self) -> tuple[str, str]:
        """Date and source of what it costs: of its price or rent, and of the electricity where that is paid for."""
        paid = [] if self.mode == "owned" else [(self.date, self.source)]
        power = [] if self.mode == "rent" else [(self.kwh_date, f"electricity: {self.kwh_source}")]
        known = [
            (date, source) for date, source in (*paid, *power) if date or source not in ("", "electricity: ")
        ]
        return " and ".join(date for date, _ in known if date), ", ".join(
            source for _, source in known if source
        )

    @property
    def part(self) -> float:
        """The share of its money and time that these tasks have."""
        return self.share if self.mode == "shared" else 1.0

    @property
    def capital_month(self) -> float:
        """(P - V) / (12 y) and the interest on the capital tied up on average, (P + V) / 2."""
        if self.mode not in ("buy", "shared"):
            return 0.0
        value = self.residual * self.price
        return (self.price - value) / (12 * self.years) + self.finance / 12 * (self.price + value) / 2

    @property
    def rent_month(self) -> float:
        return self.dollars_hour * self.hours_month if self.mode == "rent" else 0.0

    @property
    def idle_month(self) -> float:
        """Electricity of being on: W_idle h / 1000 e PUE; a rent includes it."""
        if self.mode == "rent":
            return 0.0
        return self.idle_watts * self.hours_month / 1000 * self.kwh_dollars * self.pue

    @property
    def upkeep_month(self) -> float:
        return self.upkeep_hours * self.wage_hour

    @property
    def fixed_month(self) -> float:
        """Dollars a month before the first attempt."""
        return self.part * (self.capital_month + self.rent_month + self.idle_month + self.upkeep_month)

    def marginal(self, seconds: float, joules: float | None = None) -> float:
        """Dollars that one attempt adds; ``joules``: measured over it, see `added`."""
        return self.electricity(self.added(seconds) if joules is None else joules)

    def added(self, seconds: N) -> N:
        """Joules that so many busy seconds add to idling: (W_busy - W_idle) T.

        Where they were measured instead, what a GPU takes when idle is in them and in the month's electricity too: at
        most that much is counted twice.
        """
        return seconds * max(0.0, self.watts - self.idle_watts)

    def electricity(self, joules: N) -> N:
        """Dollars: J / 3.6e6 e PUE; a rent includes them."""
        return joules * (0.0 if self.mode == "rent" else self.kwh_dollars * self.pue / KWH_J)

    def time(self, fresh_tokens: float, made_tokens: float) -> float | None:
        """Seconds of an attempt by its rates: uncached input / prefill + output / decode + load; None without rates."""
        if self.prefill_tokens_s is None or self.decode_tokens_s is None:
            return None
        return fresh_tokens / self.prefill_tokens_s + made_tokens / self.decode_tokens_s + self.load_s

    @property
    def seconds_month(self) -> float:
        """Of a month in which it is on and these tasks may have it."""
        return self.part * self.hours_month * 3600

    def capacity(self, seconds: float) -> float:
        """V_max: attempts a month that fit, at so many seconds each."""
        return self.seconds_month * self.utilisation_max / seconds if seconds > 0 else float("inf")

    def utilisation(self, attempts: float, seconds: float) -> float:
        """U = V T / seconds of the month."""
        return attempts * seconds / self.seconds_month

    def attempts(self, utilisation: float, seconds: float) -> float:
        """V at a utilisation."""
        return utilisation * self.seconds_month / seconds if seconds > 0 else float("inf")


_KEYS = {
    "price": "price_dollars",
    "dollars_hour": "dollars_hour",
    "watts": "watts",
    "idle_watts": "idle_watts",
}
"""Figures that a host has whether or not money is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amortised:
    """A machine at so many attempts a month: what each of them costs with its share of the month."""

    machine: Machine
    attempts_month: float

    def __post_init__(self) -> None:
        if not self.attempts_month > 0:
            raise UsageError(f"attempts a month: {self.attempts_month}: it must be more than 0.")

    def dollars(self, seconds: float, joules: float | None = None) -> float:
        return self.machine.fixed_month / self.attempts_month + self.machine.marginal(seconds, joules)
