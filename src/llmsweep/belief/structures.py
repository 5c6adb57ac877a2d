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
FEWEST, MOST_NUMBERS = 8, 8_000_000
"""Guesses at least, and numbers at most in all their matrices together."""


class Averaged(NamedTuple):
    """``mean`` (K) and ``covariance`` (K x K) of the settings' effects f over all guesses; ``guesses`` (S x components):
    the variances of each; ``chances`` (S): how far each is believed; ``means`` (S x K), ``covariances`` (S x K x K):
    of f under each.
    """

    mean: Floats
    covariance: Floats
    guesses: Floats
    chances: Floats
    means: Floats
    covariances: Floats

    def apart(self, count: int, seed: int) -> Floats:
        """``count`` x K draws of f less its mean, each from one guess, as many of each as it is believed.

        One normal with the same mean and covariance would not do: of a cell with few episodes it says that it is bad,
        or that nothing is known of it, and the chance that it is the best after all is in between.
        """
        ends = np.rint(np.cumsum(self.chances) * count).astype(int)
        of = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
        tiny = 1e-9 * max(float(np.trace(self.covariance)) / len(self.mean), 1e-9)
        roots = np.linalg.cholesky(self.covariances + tiny * np.eye(len(self.mean)))
        drawn = standard_normal(count, len(self.mean), seed)
        result = np.empty_like(drawn)
        for guess in np.unique(of):
            mine = of == guess
            result[mine] = self.means[guess] - self.mean + drawn[mine] @ roots[guess].T
        return result


@lru_cache(maxsize=8)
def standard_normal(count: int, size: int, seed: int) -> Floats:
    """The same for every look: a belief changes because of episodes, never because of other draws."""
    return np.random.default_rng(seed).standard_normal((count, size))


def average(
    components: Sequence[Component[Range]], information: Floats, told: Floats, count: int
) -> Averaged:
    """f under ``count`` guesses of its components' variances, weighed by evidence and brought to one mean and covariance.

    ``information`` (K x K) and ``told`` (K) are the data's part of the posterior: with prior covariance P it is
    N(C told, C), C = (1/P + information)^-1, and the evidence of P is, but for what all guesses share,
    |1 + P information|^-1/2 exp(told' C told / 2) (Rasmussen & Williams 2006, section 5.4).
    """
    guesses = guessed(tuple(component.variance for component in components), _affordable(count, len(told)))
    prior = np.tensordot(guesses, np.stack([component.kernel for component in components]), axes=1)
    # (1/P + I)^-1 = (1 + P I)^-1 P, which a singular P does not mind.
    inner = np.eye(len(told)) + prior @ information
    covariances: Floats = np.asarray(np.linalg.solve(inner, prior), dtype=np.float64)
    means = covariances @ told
    evidence = (means @ told - np.linalg.slogdet(inner)[1]) / 2
    chances = np.exp(evidence - evidence.max())
    chances /= chances.sum()
    mean = chances @ means
    apart = means - mean
    covariance = np.tensordot(chances, covariances, axes=1) + (apart * chances[:, None]).T @ apart
    return Averaged(mean, (covariance + covariance.T) / 2, guesses, chances, means, covariances)


def _affordable(count: int, cells: int) -> int:
    """Fewer guesses where there are very many cells: their matrices must fit into memory."""
    return max(FEWEST, min(count, MOST_NUMBERS // cells**2))


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
    return np.stack([one.at(places[:, at]) for at, one in enumerate(ranges)], axis=1)
