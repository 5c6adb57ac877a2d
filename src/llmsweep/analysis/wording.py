"""How numbers and cells are said, alike in tables, sentences and pictures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

NAMES = {"turns_budget": "turns", "tokens_budget": "tokens", "seconds_budget": "seconds"}
"""Columns whose word in the configuration is another."""
SURE = 0.99
"""Beliefs above it are not told apart: they come from some thousand draws of a model that is itself believed."""


def axis_name(axis: str) -> str:
    """The axis as the configuration calls it."""
    return NAMES.get(axis, axis)


def level_name(value: Any) -> str:
    """One level of an axis, short: on, off, none, 0.4, native."""
    from pandas import NA  # here, so that words alone do not load pandas

    if value is None or value is NA or (isinstance(value, float) and math.isnan(value)):
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


def settings(levels: dict[str, Any]) -> str:
    """Axes and their levels, as one name of a cell; no commas, since names stand in lists."""
    return " + ".join(f"{axis_name(axis)} {level_name(value)}" for axis, value in levels.items())


def percent(share: float) -> str:
    return "n/a" if math.isnan(share) else f"{100 * share:.0f} %"


def belief(share: float) -> str:
    """In whole per cent, never rounded up: 94.9 is not yet 95, and nothing is certain."""
    if math.isnan(share):
        return "n/a"
    return f"{math.floor(100 * share + 1e-9)} %" if share < SURE else f">{100 * SURE:.0f} %"


def percent_range(low: float, high: float) -> str:
    return f"{100 * low:.0f}–{100 * high:.0f} %"


def points(difference: float, *, sign: bool = True) -> str:
    """A difference of rates in percentage points, without its unit."""
    rounded = round(100 * difference)
    return (f"{rounded:+d}" if sign and rounded else f"{rounded}").replace("-", "−")


def amount(value: float, digits: int = 3) -> str:
    """A count, seconds or tokens: three significant digits, thousands apart, n/a when unknown."""
    from pandas import isna

    if isna(value):
        return "n/a"
    if 0 < abs(value) < 0.001:
        return "<0.001"
    if value == 0 or abs(value) >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    return f"{value:.{max(0, digits - 1 - math.floor(math.log10(abs(value))))}f}"


def listed(words: Sequence[str], most: int = 4) -> str:
    """A, B and C; or the first few and how many more."""
    if len(words) > most:
        return f"{', '.join(words[:most])} and {len(words) - most} more"
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def rounded_up(count: float) -> int:
    """To two significant digits: what is estimated promises no more."""
    unit = int(10 ** max(0, math.floor(math.log10(max(count, 1))) - 1))
    return math.ceil(count / unit) * unit


def plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
