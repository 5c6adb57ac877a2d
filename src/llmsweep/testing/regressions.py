"""Whether benchmarks got slower beyond noise: both versions run in turns, each round is a pair, and a whole interval has to be worse.

Machines drift by more than most changes cost, so that figures of yesterday beside figures of today show the machine.
What ran within the same minute has the drift in both.
"""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from llmsweep.analysis.stats import student_quantile
from llmsweep.errors import UsageError
from llmsweep.testing.benchmarks import COMPARED

MARGIN = 0.05
"""A slowdown up to this share is none."""
LEVEL = 0.95
ROUNDS = 6
LEAST_ROUNDS = 3

Figures = Mapping[str, float]
"""Benchmark (and which of its figures) -> a figure of which more is worse."""


class Change(NamedTuple):
    """Of one benchmark: now over then, with the interval that holds for all benchmarks together; ``rounds``: pairs.

    ``word``: slower: the whole interval is beyond the margin; faster: it is below 1; unclear: it reaches beyond the
    margin and holds less too; else same.
    """

    name: str
    ratio: float
    low: float
    high: float
    rounds: int
    word: Literal["slower", "faster", "unclear", "same"]


def changes(
    pairs: Sequence[tuple[Figures, Figures]], *, margin: float = MARGIN, level: float = LEVEL
) -> list[Change]:
    """``pairs``: a round each, then and now. What one side lacks in some round is left out there.

    Student's interval of the mean log ratio over rounds; the error is shared among the benchmarks (Bonferroni), so that
    with nothing changed any of them is called slower in fewer than 1 of 40 runs, whatever the margin.
    """
    names = sorted({name for then, now in pairs for name in then.keys() & now.keys()})
    ratios = {
        name: [
            math.log(now[name] / then[name])
            for then, now in pairs
            if then.get(name, 0.0) > 0 and now.get(name, 0.0) > 0
        ]
        for name in names
    }
    enough = {name: each for name, each in ratios.items() if len(each) >= LEAST_ROUNDS}
    return [_change(name, each, margin, 1 - (1 - level) / len(enough)) for name, each in enough.items()]


def _change(name: str, each: Sequence[float], margin: float, level: float) -> Change:
    middle = statistics.fmean(each)
    error = statistics.stdev(each) / math.sqrt(len(each))
    half = student_quantile((1 + level) / 2, len(each) - 1) * error
    low, high = math.exp(middle - half), math.exp(middle + half)
    beyond = 1 + margin
    word: Literal["slower", "faster", "unclear", "same"] = (
        "slower" if low > beyond else "faster" if high < 1 else "unclear" if high > beyond else "same"
    )
    return Change(name, math.exp(middle), low, high, len(each), word)


def interleaved(
    then: Callable[[], Figures], now: Callable[[], Figures], rounds: int = ROUNDS
) -> list[tuple[Figures, Figures]]:
    """Both once a round, the order turned in every second one, so that neither always has the warmer machine."""
    if rounds < LEAST_ROUNDS:
        raise UsageError(
            f"rounds={rounds}: it takes {LEAST_ROUNDS} at the least to tell a change from noise."
        )
    pairs = []
    for number in range(rounds):
        if number % 2:
            after = now()
            pairs.append((then(), after))
        else:
            before = then()
            pairs.append((before, now()))
    return pairs


def figures_of(path: Path) -> Figures:
    """Of a JSON file of pytest-benchmark: what extra_info names as compared, else the median of the rounds' seconds.

    Raises UsageError for a file that is none.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["benchmarks"]
        figures: dict[str, float] = {}
        for one in found:
            name, named = one["fullname"], one["extra_info"].get(COMPARED)
            if named is None:
                figures[name] = float(one["stats"]["median"])
            else:
                figures |= {f"{name} {key}": float(value) for key, value in named.items()}
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise UsageError(f"{path}: it is no result of pytest-benchmark that can be read ({e!r}).") from e
    return figures


def told(found: Sequence[Change], margin: float = MARGIN) -> list[str]:
    """A line a benchmark, the worst first."""
    worst = sorted(found, key=lambda change: -change.ratio)
    lines = [
        f"{one.word:8} {one.ratio:6.3f} ({one.low:.3f} to {one.high:.3f}, {one.rounds} pairs)  {one.name}"
        for one in worst
    ]
    return [
        f"now over then, paired by round, 95 % for all together; slower: all of it above {1 + margin:g}",
        *lines,
    ]
