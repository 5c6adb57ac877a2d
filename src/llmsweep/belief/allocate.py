"""Which episodes to run next: those that say most, for what they cost, about what could overturn the choice.

A rival is drawn with the probability that it is the one that does; the next episode is the (task, cell) that is
expected to reduce the variance of theta[chosen] - theta[rival] most for its cost (knowledge gradient with respect to a
drawn contrast; compare top-two sampling, Russo 2020). Each pick is taken as if it had been answered before the next is
sought: in a Gaussian model what it will say does not matter for variances, so that this is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from llmsweep.belief.kernels import Floats, Ints
from llmsweep.belief.posterior import Posterior


@dataclass(frozen=True, slots=True)
class Pick:
    """One more attempt at a task (row) in a cell (column)."""

    task: int
    cell: int


@dataclass(slots=True)
class _Taken:
    """Picks so far as a Gaussian update: each one's covariance with every logit, and the variance it is divided by."""

    covariances: list[Floats] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    variances: list[float] = field(default_factory=list)

    def after(self, covariance: Floats) -> Floats:
        """Someone's covariance with every logit (T x K), once the picks are answered."""
        for known, place, variance in zip(self.covariances, self.places, self.variances, strict=True):
            covariance = covariance - known * (covariance[place] / variance)
        return covariance


def allocate(
    posterior: Posterior,
    chosen: int,
    rivals: Sequence[int],
    prices: Floats,
    left: Ints,
) -> list[Pick]:
    """One pick a rival. ``prices``: K, what an episode costs; ``left``: T x K, attempts that may
    still be made. Fewer picks where there are none."""
    taken, picks = _Taken(), []
    information = posterior.rates * (1 - posterior.rates)
    variance, left = posterior.variance.copy(), left.copy()
    contrasts = {rival: _contrast(posterior, chosen, rival) for rival in set(rivals)}
    for rival in rivals:
        if not (left > 0).any():
            break
        gain = _gain(posterior, taken.after(contrasts[rival]), variance, information, (chosen, rival))
        score = np.where(left > 0, gain / prices, -1.0)
        task, cell = (int(i) for i in np.unravel_index(int(score.argmax()), score.shape))
        picks.append(Pick(task, cell))
        _take(posterior, taken, variance, information, (task, cell))
        left[task, cell] -= 1
    return picks


def _gain(
    posterior: Posterior, covariance: Floats, variance: Floats, information: Floats, pair: tuple[int, int]
) -> Floats:
    """T x K: expected reduction of the contrast's variance by one more attempt."""
    gain = covariance**2 * information / (1 + information * variance)
    for cell in pair:
        gain[:, cell] += posterior.chance[:, cell] / len(gain) ** 2
    return gain


def _take(
    posterior: Posterior, taken: _Taken, variance: Floats, information: Floats, place: tuple[int, int]
) -> None:
    """Count a pick as answered: ``variance`` is changed in place."""
    known = taken.after(_covariance(posterior, place))
    divisor = float(known[place]) + 1 / max(float(information[place]), 1e-9)
    taken.covariances.append(known)
    taken.places.append(place)
    taken.variances.append(divisor)
    variance -= known**2 / divisor
    np.maximum(variance, 1e-12, out=variance)


def _contrast(posterior: Posterior, chosen: int, rival: int) -> Floats:
    """T x K: covariance of theta[chosen] - theta[rival] with every logit."""
    found, tasks = posterior.fit, len(posterior.passes)
    weights = np.zeros(len(found.effect_cov))
    weights[chosen] += 1.0
    weights[rival] -= 1.0
    shared = found.effect_cov @ (posterior.follow.T @ weights)
    moved = posterior.slope * weights * found.shrink
    bent = np.einsum("tij,tj->ti", found.slope_cov, moved @ found.slopes) @ found.slopes.T / tasks
    alone = posterior.slope * weights * found.residual * found.shrink / tasks
    return np.asarray(_through(posterior, shared) + found.shrink * bent + alone)


def _through(posterior: Posterior, effect: Floats) -> Floats:
    """T x K: how much every logit moves where the effects f move by ``effect`` (K)."""
    found = posterior.fit
    answered = np.einsum("tci,c->ti", found.gain, effect)
    return np.asarray(found.shrink * (effect - answered @ found.slopes.T))


def _covariance(posterior: Posterior, place: tuple[int, int]) -> Floats:
    """T x K: covariance of one logit with all."""
    (task, cell), found = place, posterior.fit
    own = found.slopes[cell]
    reach = -found.gain[task] @ own
    reach[cell] += 1.0
    shrink = float(found.shrink[task, cell])
    result = _through(posterior, shrink * (found.effect_cov @ reach))
    result[task] += found.shrink[task] * shrink * (found.slopes @ (found.slope_cov[task] @ own))
    result[task, cell] += found.residual * shrink
    return result
