"""The model and its fit: passes are binomial, their logits are Gaussian, the variances are learned.

    logit p[t, c] = f[c] + Z[c] . u[t] + r[t, c]
    f ~ N(0, sum_j s_j K_j)     effects of settings, alike on every task (`kernels.effects`), s averaged over
    u[t] ~ N(0, V)              how hard task t is, and how it answers to each axis (`kernels.slopes`)
    r[t, c] ~ N(0, rho)         what is left

Expectation propagation (`sites`); s averaged over (`structures`); V and rho, which every task tells of, by a few steps
to the maximum of their evidence under weak inverse-gamma priors. Tasks are independent given f and each is of low rank
beside a diagonal (Woodbury), so that one step costs tasks x cells^2 x rank(Z) and no task's matrix is ever built.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from llmsweep.belief.kernels import TWIST, Component, Floats, Ints, Levels, Prior, Range, effects, slopes
from llmsweep.belief.sites import Sites
from llmsweep.belief.structures import COARSE, FINE, Averaged, average

ROUNDS = 6
"""Steps of learning the variances; each matches the sites once as well."""
MOST = 25
"""Most matchings once the variances stand."""
CLOSE = 1e-3
"""Logits that move by less than this have arrived."""


@dataclass(frozen=True, kw_only=True)
class Fit:
    """The Gaussian approximation. T tasks, K cells, q slopes.

    ``effects``: f, over all guesses of how much each setting matters; ``logits`` (T x K): their means; ``sites``: what the
    attempts tell of each logit; ``slopes`` (K x q): Z; ``slope_variance`` (q): V's diagonal; ``residual``: rho;
    ``slope_cov`` (T x q x q): of u given f; ``gain`` (T x K x q): how u follows f, E[u | f] = const - gain' f.
    """

    effects: Averaged
    logits: Floats
    sites: Sites
    slopes: Floats
    slope_variance: Floats
    residual: float
    slope_cov: Floats
    gain: Floats

    @property
    def effect_cov(self) -> Floats:
        """K x K: of f."""
        return self.effects.covariance

    @cached_property
    def shrink(self) -> Floats:
        """T x K: how much of a logit is not yet fixed by its own attempts, 1 where there are none."""
        return np.asarray(1 / (1 + self.sites.precision * self.residual))

    @cached_property
    def variance(self) -> Floats:
        """T x K: of each logit."""
        z, gain, cov = self.slopes, self.gain, self.effect_cov
        reach = np.matmul(gain.transpose(0, 2, 1), cov)
        inner = np.matmul(reach, gain) + self.slope_cov
        spread = (
            np.diagonal(cov) - 2 * np.einsum("ci,tic->tc", z, reach) + np.einsum("tci,ci->tc", z @ inner, z)
        )
        return np.asarray(np.maximum(self.shrink**2 * spread + self.residual * self.shrink, 1e-12))


@dataclass(frozen=True, slots=True)
class _Variances:
    """Of how tasks differ: these are fitted."""

    slopes: Floats
    residual: float


@dataclass(frozen=True, slots=True)
class _Model:
    """What stays the same during a fit."""

    passes: Ints
    attempts: Ints
    effects: list[Component[Range]]
    slopes: list[Component[Prior]]
    design: Floats
    owner: Ints
    start: _Variances


def fit(levels: Levels, passes: Ints, attempts: Ints) -> Fit:
    """``passes``, ``attempts``: T x K, zero attempts where nothing ran. ``levels``: axis -> level of each of K cells."""
    model = _model(levels, passes, attempts)
    variances, sites = model.start, Sites.start(passes, attempts)
    for _ in range(ROUNDS):
        found = _step(model, variances, sites)
        now = found.fit(model, variances)
        sites = sites.matched(passes, attempts, now.logits, now.variance)
        variances = _learn(model, variances, found)
    logits = now.logits
    for _ in range(MOST):
        now = _step(model, variances, sites).fit(model, variances)
        moved = float(np.abs(now.logits - logits).max(initial=0.0))
        if moved < CLOSE:
            break
        logits, sites = now.logits, sites.matched(passes, attempts, now.logits, now.variance)
    return _step(model, variances, sites, FINE).fit(model, variances)


def _model(levels: Levels, passes: Ints, attempts: Ints) -> _Model:
    cells = passes.shape[1]
    bends = slopes(levels, cells)
    return _Model(
        passes=passes,
        attempts=attempts,
        effects=effects(levels, cells),
        slopes=bends,
        design=np.concatenate([component.features for component in bends], axis=1),
        owner=np.repeat(np.arange(len(bends)), [component.features.shape[1] for component in bends]),
        start=_Variances(
            np.array([component.variance.variance for component in bends]),
            TWIST.variance,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """The posterior that the sites give, and what the learning of variances needs of it."""

    effects: Averaged
    logits: Floats
    sites: Sites
    precision: Floats
    slope_cov: Floats
    gain: Floats
    pull: Floats

    def fit(self, model: _Model, variances: _Variances) -> Fit:
        return Fit(
            effects=self.effects,
            logits=self.logits,
            sites=self.sites,
            slopes=model.design,
            slope_variance=variances.slopes[model.owner],
            residual=variances.residual,
            slope_cov=self.slope_cov,
            gain=self.gain,
        )


def _step(model: _Model, variances: _Variances, sites: Sites, guesses: int = COARSE) -> _Step:
    """Solve the Gaussian problem."""
    z, v, rho = model.design, variances.slopes[model.owner], variances.residual
    weights = sites.precision
    # y = D z with D = 1 / (1/W + rho), written so that W = 0 needs no special case.
    precision = weights / (1 + weights * rho)
    y = sites.shift / (1 + weights * rho)
    seen = precision[:, :, None] * z
    slope_cov = np.linalg.inv(np.einsum("ci,tcj->tij", z, seen) + np.diag(1 / v))
    gain = seen @ slope_cov
    flat, flat_gain = _columns(seen), _columns(gain)
    information = np.diag(precision.sum(axis=0)) - flat_gain @ flat.T
    told = (y - np.einsum("tci,ti->tc", gain, y @ z)).sum(axis=0)
    found = average(model.effects, (information + information.T) / 2, told, guesses)
    rest = y - precision * found.mean
    pull = rest - np.einsum("tci,ti->tc", gain, rest @ z)
    return _Step(
        effects=found,
        logits=found.mean + rho * pull + (pull @ z * v) @ z.T,
        sites=sites,
        precision=precision,
        slope_cov=slope_cov,
        gain=gain,
        pull=pull,
    )


def _learn(model: _Model, now: _Variances, found: _Step) -> _Variances:
    """One step for every variance: its squares seen over how many of its directions the data fix (MacKay 1992).

    It has the fixed point of expectation and maximisation, and reaches a variance near 0 in a few steps, which that
    does not.
    """
    return _Variances(_learn_slopes(model, now, found), _learn_residual(model, now, found))


def _learn_slopes(model: _Model, now: _Variances, found: _Step) -> Floats:
    variance, tasks = now.slopes[model.owner], len(model.passes)
    squares = (((found.pull @ model.design) * variance) ** 2).sum(axis=0)
    reach = np.matmul(found.gain.transpose(0, 2, 1), found.effects.covariance)
    followed = np.einsum("tic,tci->i", reach, found.gain)
    left = np.einsum("tii->i", found.slope_cov) + followed
    fixed = tasks - left / variance
    groups = range(len(model.slopes))
    return _weighed(
        np.array([squares[model.owner == j].sum() for j in groups]),
        np.array([fixed[model.owner == j].sum() for j in groups]),
        [component.variance for component in model.slopes],
    )


def _learn_residual(model: _Model, now: _Variances, found: _Step) -> float:
    """From where something ran: elsewhere the residual is as it was."""
    rho, d, gain = now.residual, found.precision, found.gain
    seen = d[:, :, None] * model.design
    reach = np.matmul(seen.transpose(0, 2, 1), found.effects.covariance)
    inner = np.matmul(reach, seen)
    own = d - np.einsum("tci,tci->tc", gain, seen)
    shifted = (
        d**2 * np.diagonal(found.effects.covariance)
        - 2 * d * np.einsum("tci,tic->tc", gain, reach)
        + (np.matmul(gain, inner) * gain).sum(axis=2)
    )
    ran = model.attempts > 0
    squares = float(((rho * found.pull) ** 2)[ran].sum())
    fixed = float((rho * (own - shifted))[ran].sum())
    return (squares + TWIST.weight * TWIST.variance) / (max(fixed, 0.0) + TWIST.weight)


def _weighed(squares: Floats, fixed: Floats, priors: list[Prior]) -> Floats:
    """Each variance: its squares over its fixed directions, with those that its prior is worth."""
    weight = np.array([prior.weight for prior in priors])
    prior = np.array([prior.variance for prior in priors])
    return np.asarray((squares + weight * prior) / (np.maximum(fixed, 0.0) + weight), np.float64)


def _columns(blocks: Floats) -> Floats:
    """T x K x q as K x (T q)."""
    return blocks.transpose(1, 0, 2).reshape(blocks.shape[1], -1)
