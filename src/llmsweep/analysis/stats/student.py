"""Student's t without a library that takes longer to load than all these statistics take to compute."""

from __future__ import annotations

import math
from functools import lru_cache

from llmsweep.analysis.stats.interval import LEVEL, Floats, Interval


def mean_interval(values: Floats, level: float = LEVEL) -> Interval:
    """Student's interval of a mean, one value a task (tokens, seconds); NaN is left out, below two values it is unbounded."""
    known = values[~np.isnan(values)]
    if len(known) < 2:
        return Interval(low=-math.inf, high=math.inf)
    half = (
        student_quantile((1 + level) / 2, len(known) - 1) * float(known.std(ddof=1)) / math.sqrt(len(known))
    )
    return Interval(low=float(known.mean()) - half, high=float(known.mean()) + half)


def student_p(t: float, freedom: int) -> float:
    """Two-sided p of Student's t, integer degrees of freedom (Abramowitz & Stegun 26.7.3 and 26.7.4)."""
    angle = math.atan(abs(t) / math.sqrt(freedom))
    sine, square = math.sin(angle), math.cos(angle) ** 2
    odd = freedom % 2
    term, total = (math.cos(angle), 0.0) if odd else (1.0, 0.0)
    for i in range(freedom // 2):
        total += term
        term *= square * ((2 * i + 2) / (2 * i + 3) if odd else (2 * i + 1) / (2 * i + 2))
    inside = 2 / math.pi * (angle + sine * total) if odd else sine * total
    return min(1.0, max(0.0, 1 - inside))


@lru_cache(maxsize=1024)
def student_quantile(probability: float, freedom: int) -> float:
    """The quantile of Student's t above 1/2, by bisection."""
    low, high = 0.0, 1e4
    for _ in range(100):
        middle = (low + high) / 2
        if 1 - student_p(middle, freedom) / 2 < probability:
            low = middle
        else:
            high = middle
    return high


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequential:
    """A confidence sequence of a mean paired difference after ``n`` pairs, and what follows for the margin: a loss beyond
    it is ruled out (noninferior), proven (inferior), or neither.
    """

    low: float
    high: float
    n: int
    decision: Literal["noninferior", "inferior", "undecided"]


def noninferiority(differences: Floats, margin: float, level: float = LEVEL) -> Sequential:
    """Whether the mean of ``differences`` (each in [-1, 1], in the order in which they came) is above ``-margin``.

    It may be looked at after every pair, and stopped whenever one likes: the confidence sequence holds the mean at all
    times together with probability ``level``. By betting (Waudby-Smith & Ramdas 2024, hedged capital with predictable
    plug-in bets, section 4.4). The differences must be independent draws from one population: pairs on tasks that are
    drawn at random from the suite, with replacement, each with a seed of its own; then the mean is that over the suite,
    however different its tasks are.
    """
    if len(differences) == 0:
        return Sequential(low=-1.0, high=1.0, n=0, decision="undecided")
    means = np.linspace(0, 1, BETS + 1)
    held = _capital((differences + 1) / 2, means, level) < math.log(1 / (1 - level))
    # The set of means that are not ruled out is an interval; where rounding leaves none, the mean itself is kept.
    kept = means[held] if held.any() else np.array([float((differences.mean() + 1) / 2)])
    low = max(-1.0, 2 * (float(kept.min()) - 1 / BETS) - 1) if kept.min() > 0 else -1.0
    high = min(1.0, 2 * (float(kept.max()) + 1 / BETS) - 1) if kept.max() < 1 else 1.0
    decision: Literal["noninferior", "inferior", "undecided"] = "undecided"
    if low > -margin:
        decision = "noninferior"
    elif high < -margin:
        decision = "inferior"
    return Sequential(low=low, high=high, n=len(differences), decision=decision)


def _capital(values: Floats, means: Floats, level: float) -> Floats:
    """Log of the largest hedged capital so far against each mean in ``means``; ``values`` lie in [0, 1]."""
    n = np.arange(1, len(values) + 1)
    running = (0.5 + np.cumsum(values)) / (n + 1)
    variance = (0.25 + np.cumsum((values - running) ** 2)) / (n + 1)
    before = np.concatenate([[0.25], variance[:-1]])
    bets = np.sqrt(2 * math.log(2 / (1 - level)) / (before * n * np.log(n + 1)))
    result = np.empty(len(means))
    for i, mean in enumerate(means):
        up = np.minimum(bets, 0.5 / mean if mean > 0 else np.inf)
        down = np.minimum(bets, 0.5 / (1 - mean) if mean < 1 else np.inf)
        away = values - mean
        with np.errstate(divide="ignore"):
            # Each side has half of the capital; a running maximum makes what was once ruled out stay so.
            sides = np.maximum(np.cumsum(np.log1p(up * away)), np.cumsum(np.log1p(-down * away)))
        result[i] = sides.max() - math.log(2)
    return result
