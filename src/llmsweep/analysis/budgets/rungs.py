"""Round numbers to look at a curve by."""

from __future__ import annotations

import math

import numpy as np

_STEPS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)


def rungs(least: float, most: float) -> list[float]:
    """Round numbers from about ``least`` to ``most``, ten for each factor of ten."""
    least = max(least, most / 1e4, 1e-3)
    powers = range(math.floor(math.log10(least)), math.ceil(math.log10(max(most, least))) + 1)
    every = [round(step * 10.0**power, 6) for power in powers for step in _STEPS]
    return [rung for rung in every if least <= rung <= most]


def round_up(value: float) -> float:
    """The next round number above."""
    value = max(value, 1e-3)
    power = 10.0 ** math.floor(math.log10(value))
    return next((round(s * power, 6) for s in _STEPS if s * power > value), round(10 * power, 6))


def thinned(values: list[float], most: int) -> list[float]:
    """At most so many of them, evenly, the first and the last among them."""
    if len(values) <= most:
        return values
    places = np.unique(np.linspace(0, len(values) - 1, most).round().astype(int))
    return [values[place] for place in places]
