"""How much each setting matters is not known, so it is averaged over: many guesses of the variances, each by its evidence.

A single best guess (empirical Bayes) is bold where cells are unrelated, since a few episodes often look like a smooth
curve, and timid where they are not, since it must keep room for cells that are like no other. The average is neither:
it is as sure of a structure as the episodes are.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from llmsweep.belief.kernels import Component, Floats, Range

COARSE, FINE = 24, 128
"""Guesses while the rest of the fit settles, and for its result."""
COUNTS = 1e-3
"""Guesses that together have less than this share of the evidence are left out."""
AT_ONCE = 4_000_000
"""Numbers in one batch of matrices."""


class Averaged(NamedTuple):
    """``mean`` (K) and ``covariance`` (K x K) of the settings' effects f over all guesses; ``guesses`` (S x components):
    the variances of each; ``chances`` (S): how far each is believed.
    """

    mean: Floats
    covariance: Floats
    guesses: Floats
    chances: Floats


def average(
    components: Sequence[Component[Range]], information: Floats, told: Floats, count: int
) -> Averaged:
    """f under ``count`` guesses of its components' variances, weighed by evidence and brought to one mean and covariance.

    ``information`` (K x K) and ``told`` (K) are the data's part of the posterior: with prior covariance P it is
    N(C told, C), C = (1/P + information)^-1, and the evidence of P is, but for what all guesses share,
    |1 + P information|^-1/2 exp(told' C told / 2) (Rasmussen & Williams 2006, section 5.4).
    """
    guesses = guessed(tuple(component.variance for component in components), count)
    kernels = np.stack([component.kernel for component in components])
    evidence = np.concatenate(
        [_evidence(part, kernels, information, told) for part in _parts(guesses, kernels)]
    )
    chances = np.exp(evidence - evidence.max())
    chances /= chances.sum()
    order = np.argsort(-chances)
    kept = order[: 1 + int(np.searchsorted(np.cumsum(chances[order]), 1 - COUNTS))]
    chances, guesses = chances[kept] / chances[kept].sum(), guesses[kept]
    covariances = np.concatenate(
        [_covariances(part, kernels, information) for part in _parts(guesses, kernels)]
    )
    means = covariances @ told
    mean = chances @ means
    apart = means - mean
    covariance = np.tensordot(chances, covariances, axes=1) + (apart * chances[:, None]).T @ apart
    return Averaged(mean, (covariance + covariance.T) / 2, guesses, chances)


def _parts(guesses: Floats, kernels: Floats) -> list[Floats]:
    """The guesses in batches that do not fill the memory."""
    size = max(1, AT_ONCE // kernels[0].size)
    return [guesses[start : start + size] for start in range(0, len(guesses), size)]


def _evidence(guesses: Floats, kernels: Floats, information: Floats, told: Floats) -> Floats:
    """Log evidence of each guess, up to a constant."""
    prior = np.tensordot(guesses, kernels, axes=1)
    inner = np.eye(len(told)) + prior @ information
    found = np.linalg.solve(inner, (prior @ told)[:, :, None])[:, :, 0]
    return np.asarray((found @ told - np.linalg.slogdet(inner)[1]) / 2)


def _covariances(guesses: Floats, kernels: Floats, information: Floats) -> Floats:
    """Of f under each guess; the prior may be singular."""
    prior = np.tensordot(guesses, kernels, axes=1)
    return np.asarray(np.linalg.solve(np.eye(len(information)) + prior @ information, prior))


@lru_cache(maxsize=16)
def guessed(ranges: tuple[Range, ...], count: int) -> Floats:
    """``count`` x ranges: variances spread evenly, on a log scale, over the box of their ranges.

    By multiples of the generalised golden ratio, which fill a box of any dimension more evenly than chance does, and
    every beginning of the sequence, too (Roberts 2018, "The unreasonable effectiveness of quasirandom sequences").
    """
    dimensions = len(ranges)
    ratio = 2.0
    for _ in range(50):
        ratio = (1 + ratio) ** (1 / (dimensions + 1))
    steps = (1 / ratio) ** np.arange(1, dimensions + 1)
    places = (0.5 + np.arange(1, count + 1)[:, None] * steps) % 1.0
    low, high = np.log([[r.low, r.high] for r in ranges]).T
    return np.asarray(np.exp(low + (high - low) * places))
