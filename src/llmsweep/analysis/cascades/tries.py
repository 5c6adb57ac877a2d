"""Several tries at one task, each checked by a verifier that errs: how often each is made, and how it ends."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from llmsweep.analysis.stats import Floats, Ints

_ROUNDS, _GRID = 5, 33
_LOGIT, _CORRELATED = 8.0, (1e-3, 1 - 1e-3)


class Beta(NamedTuple):
    """How pass probabilities are spread over tasks: Beta(``right``, ``wrong``)."""

    right: float
    wrong: float


class Tries(NamedTuple):
    """Arrays tasks x tries. ``right``, ``wrong``: the chance that this try is made (none before it was accepted) and is
    right, or wrong. ``left``: that no try up to and with this one was accepted.
    """

    right: Floats
    wrong: Floats
    left: Floats


def tries(
    passes: Ints, attempts: Ints, k: int, accept: tuple[float, float] = (1.0, 0.0), beta: Beta | None = None
) -> Tries:
    """Up to ``k`` tries at each task, stopped by the first that is accepted.

    ``passes`` of ``attempts``: as measured, one entry a task; ``accept``: the shares of right (s) and of wrong (a) tries
    that the verifier accepts, each time anew. While there are measured attempts left, a try is one of them, drawn without
    replacement: with an oracle, 1 - left is then pass@k = 1 - C(n - x, k) / C(n, k), which is unbiased (Chen et al. 2021).
    Beyond them it is drawn by ``beta`` and all that was seen: after x right ones of m the next is right with probability
    (al + x) / (al + be + m), so that without any measured attempt left is E[(1 - p)^k] = B(al, be + k) / B(al, be).
    With many attempts the expected tries are (1 - (1 - A)^k) / A with A = p s + (1 - p) a. ValueError where k is below 1,
    or there is no ``beta`` for tries that were not measured.
    """
    if k < 1:
        raise ValueError(f"k is {k}: it must be at least 1")
    if beta is None and len(attempts) and k > attempts.min():
        raise ValueError(f"k is {k}, and a task has {attempts.min()} attempts: beyond them a beta is needed")
    kinds, where = np.unique(np.stack([passes, attempts], axis=1), axis=0, return_inverse=True)
    found = np.array([_one(x, n, k, accept, beta) for x, n in kinds.tolist()]).reshape(len(kinds), 3, k)
    every = found[where.reshape(-1)]
    return Tries(every[:, 0], every[:, 1], every[:, 2])


def _one(x: int, n: int, k: int, accept: tuple[float, float], beta: Beta | None) -> list[list[float]]:
    """Of one task: forward over the tries, by how many of those made so far were right."""
    right, wrong, left = [0.0] * k, [0.0] * k, [0.0] * k
    reached = {0: 1.0}
    for made in range(k):
        after: dict[int, float] = {}
        for seen, chance in reached.items():
            p = _next(x, n, seen, made, beta)
            right[made] += chance * p
            wrong[made] += chance * (1 - p)
            after[seen + 1] = after.get(seen + 1, 0.0) + chance * p * (1 - accept[0])
            after[seen] = after.get(seen, 0.0) + chance * (1 - p) * (1 - accept[1])
        reached = after
        left[made] = sum(reached.values())
    return [right, wrong, left]


def _next(x: int, n: int, seen: int, made: int, beta: Beta | None) -> float:
    """The chance that the next try is right, after ``seen`` right ones of ``made``."""
    if made < n:
        # Rounding aside, more than x right ones are never reached.
        return min(1.0, max(0.0, (x - seen) / (n - made)))
    assert beta is not None
    return (beta.right + seen) / (beta.right + beta.wrong + made)


def fit_beta(passes: Ints, attempts: Ints) -> Beta | None:
    """The beta of a beta-binomial that makes the counts likeliest; None where no task was attempted twice.

    Maximum likelihood (Griffiths 1973) over the mean m and the correlation of two attempts at one task,
    rho = 1 / (al + be + 1), by a grid that is refined; with half a pass and half a failure added to m, so that counts
    without a pass do not make one impossible. Without a second attempt rho could be anything.
    """
    if not len(attempts) or attempts.max() < 2:
        return None
    most = int(attempts.max())
    steps = np.arange(most)
    # sum over tasks of log B(al + x, be + n - x) - log B(al, be), as sums of logarithms that many tasks share.
    of_right, of_wrong, of_all = (
        (counts[:, None] > steps).sum(axis=0) for counts in (passes, attempts - passes, attempts)
    )

    def likelihood(mean: Floats, rho: Floats) -> Floats:
        size = (1 / rho - 1)[..., None]
        mean_ = mean[..., None]
        each = (
            of_right * np.log(mean_ * size + steps)
            + of_wrong * np.log((1 - mean_) * size + steps)
            - of_all * np.log(size + steps)
        )
        return np.asarray(each.sum(axis=-1) + 0.5 * np.log(mean) + 0.5 * np.log1p(-mean))

    low, high = np.array([-_LOGIT, _CORRELATED[0]]), np.array([_LOGIT, _CORRELATED[1]])
    bounds = low.copy(), high.copy()
    best = (low + high) / 2
    for _ in range(_ROUNDS):
        logits, rhos = (np.linspace(low[i], high[i], _GRID) for i in (0, 1))
        means = 1 / (1 + np.exp(-logits))
        found = likelihood(means[:, None], rhos[None, :])
        i, j = np.unravel_index(int(np.argmax(found)), found.shape)
        best = np.array([logits[i], rhos[j]])
        step = 2 * (high - low) / (_GRID - 1)
        low, high = np.maximum(best - step, bounds[0]), np.minimum(best + step, bounds[1])
    mean, size = float(1 / (1 + np.exp(-best[0]))), float(1 / best[1] - 1)
    return Beta(mean * size, (1 - mean) * size)
