"""The nouns."""

from dataclasses import dataclass


class Refused(Exception):
    """What we do not do, in one sentence for the guest."""


@dataclass(frozen=True)
class Boat:
    code: str
    kind: str
    seats: int
    harbour: str = "main"


@dataclass(frozen=True)
class Hire:
    """``back``: the boat is back, the hire is closed."""

    number: int
    boat: str
    guest: str
    day: int
    hours: int
    cents: int
    back: bool = False
    harbour: str = "main"


def describe(hire):
    """Such as "3: R1 for ana, 2 h", or "3: lake/R1 for ana, 2 h"."""
    boat = hire.boat if hire.harbour == "main" else f"{hire.harbour}/{hire.boat}"
    return f"{hire.number}: {boat} for {hire.guest}, {hire.hours} h"
