"""The nouns."""

from dataclasses import dataclass


class Refused(Exception):
    """What we do not do, in one sentence for the guest."""


@dataclass(frozen=True)
class Boat:
    code: str
    kind: str
    seats: int


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


def describe(hire):
    """Such as "3: R1 for ana, 2 h"."""
    return f"{hire.number}: {hire.boat} for {hire.guest}, {hire.hours} h"
