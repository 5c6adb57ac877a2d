"""What people and verifiers add to an attempt, and the figures that compare two ways of getting tasks done."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from llmsweep.errors import UsageError

N = TypeVar("N", float, NDArray[np.float64])
LEFT_OUT = 0.05
"""A bound where nothing passed leaves this much out: 95 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """Dollars. ``review``: of a person reading an accepted result; ``fix``: of a person doing a task that no attempt
    did; ``damage``: of a wrong result that was accepted, None is as much as ``fix``; ``verifier``: of one check of an
    attempt. ``accept_right``, ``accept_wrong``: shares of the right and of the wrong attempts that it accepts; 1 and 0
    are an oracle. The defaults are 5 and 40 minutes at $60 an hour. Raises UsageError for what cannot be right.
    """

    review: float = 5.0
    fix: float = 40.0
    damage: float | None = None
    verifier: float = 0.0
    accept_right: float = 1.0
    accept_wrong: float = 0.0

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if value is None:
                continue
            if not 0 <= value < math.inf:
                raise UsageError(f"{one.name}={value}: it must be dollars, 0 or more.")
            if one.name.startswith("accept") and value > 1:
                raise UsageError(f"{one.name}={value}: it must be a share, at most 1.")

    @property
    def harm(self) -> float:
        return self.fix if self.damage is None else self.damage

    def accepted(self, solved: N) -> N:
        """A = p s + (1 - p) a: the share of attempts that are accepted."""
        return solved * self.accept_right + (1 - solved) * self.accept_wrong

    def wrongly(self, solved: N) -> N:
        """(1 - p) a: the share of all tasks that end as a wrong result which was accepted."""
        return (1 - solved) * self.accept_wrong

    def full(self, dollars: N, solved: N) -> N:
        """D = c + v + A r + (1 - A) h + (1 - p) a d: dollars a task handed over, until it is done by somebody."""
        accepted = self.accepted(solved)
        return (
            dollars
            + self.verifier
            + accepted * self.review
            + (1 - accepted) * self.fix
            + self.wrongly(solved) * self.harm
        )

    def fix_break_even(self, one: tuple[float, float], other: tuple[float, float]) -> float | None:
        """h*: what a fix may cost for both ways to cost the same; (dollars, solved) of each.

        r + (c_F - c_L) / (p_F - p_L) with an oracle. None where fixes are as many in both, or no price of one does it.
        """
        (c, p), (c2, p2) = one, other
        fewer = self.accepted(p2) - self.accepted(p)
        harm = 0.0 if self.damage is None else self.damage
        wrong = self.wrongly(p2) - self.wrongly(p)
        # Where damage is as much as a fix it moves with it.
        per_fix = fewer - (wrong if self.damage is None else 0.0)
        if abs(per_fix) < 1e-12:
            return None
        found = (c2 - c + fewer * self.review + wrong * harm) / per_fix
        return found if found >= 0 else None


def cost_of_pass(dollars: float, solved: float) -> float:
    """c / p: dollars spent for each solved task on this mix, failures included; infinite where nothing passed."""
    return dollars / solved if solved > 0 else math.inf


def pass_bound(tasks: int) -> float:
    """The largest pass rate that no pass in so many independent tasks leaves open: 1 - 0.05^(1/n)."""
    return 1 - math.pow(LEFT_OUT, 1 / tasks)


def tolerable_wrong(rescued: float, lost: float) -> float:
    """a*: the share of wrong attempts that a verifier may accept for first local, then cloud to solve as much as the cloud
    alone: P(local right, cloud wrong) / P(local wrong, cloud right); infinite where the cloud adds nothing.
    """
    return rescued / lost if lost > 0 else math.inf
