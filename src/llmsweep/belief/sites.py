"""What the attempts at one task in one cell say of its logit, as a Gaussian factor: the sites of expectation propagation.

With one or two attempts at most places the binomial is far from a Gaussian. The curvature at the mode (Laplace) then
takes tasks for more alike than they are and pulls rates towards one half: by 4 points where a quarter of the tasks is
far too easy and the others far too hard. Matching moments, place by place (Minka 2001; Rasmussen & Williams 2006,
section 3.6), is off by less than half a point there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from llmsweep.belief.kernels import Floats, Ints

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(15)
_LOG_WEIGHTS = np.log(_WEIGHTS)
LEAST = 1e-8
"""Precisions are kept above this: a factor must not take back what others say."""


@dataclass(frozen=True, slots=True)
class Sites:
    """T x K each; the factor of a logit x is exp(shift x - precision x^2 / 2). Zero where nothing ran."""

    precision: Floats
    shift: Floats

    @classmethod
    def start(cls, passes: Ints, attempts: Ints) -> Sites:
        """The binomial's curvature at one half."""
        return cls(attempts / 4, passes - attempts / 2)

    def matched(self, passes: Ints, attempts: Ints, mean: Floats, variance: Floats) -> Sites:
        """The factors with which each logit has the mean and variance that its binomial gives it, the rest of the model
        being as ``mean`` and ``variance`` (T x K) of all factors say. All places at once.
        """
        ran = attempts > 0
        m, v, k, n = mean[ran], variance[ran], passes[ran], attempts[ran]
        rest = np.maximum(1 / v - self.precision[ran], LEAST)
        pull = m / v - self.shift[ran]
        x = m + np.sqrt(v) * _NODES[:, None]
        chance = k * x - n * np.logaddexp(0.0, x)
        log = _LOG_WEIGHTS[:, None] + chance + pull * x - rest * x**2 / 2 + _NODES[:, None] ** 2 / 2
        weight = np.exp(log - log.max(axis=0))
        weight /= weight.sum(axis=0)
        centre = (weight * x).sum(axis=0)
        spread = (weight * (x - centre) ** 2).sum(axis=0)
        precision, shift = np.zeros(mean.shape), np.zeros(mean.shape)
        precision[ran] = np.maximum(1 / spread - rest, LEAST)
        shift[ran] = centre / spread - pull
        return Sites(precision, shift)
