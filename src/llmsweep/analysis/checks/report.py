"""One check in words: what was asked, what is answered, and what it would take; every form of output is made from this."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from llmsweep.analysis.checks.verdict import Ceiling, Kind, Terms, Verdict
from llmsweep.analysis.stats import Judged
from llmsweep.analysis.wording import percent, plural, points, rounded_up

WORDS = {
    "tokens": "tokens an episode, mean",
    "ttft": "TTFT, geometric mean of ratios",
    "cost": "dollars an episode, mean",
}
EXITS = {"pass": 0, "regressed": 1, "undecided": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """``passes``: how many were judged, of how many that the baseline's recording allows; ``owed``: why no more were run;
    ``differs``: the settings in which the cells differ, in words; ``faults``: of baseline and candidate.
    """

    verdict: Verdict
    terms: Terms
    baseline: str
    candidate: str
    differs: str
    suite: str
    tasks: int
    passes: tuple[int, int]
    faults: tuple[int, int]
    notes: Sequence[str]
    owed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question as a line of a table."""

    what: str
    theirs: str
    ours: str
    found: str
    allowed: str
    answer: str


def rows(report: Report) -> list[Row]:
    verdict, terms = report.verdict, report.terms
    first = Row(
        what="pass rate",
        theirs=percent(verdict.theirs),
        ours=percent(verdict.ours),
        found=_range(verdict.rate, points) + " points",
        allowed=f"−{share(terms.margin)} points",
        answer=verdict.rate.answer,
    )
    return [first, *(_row(kind, one) for kind, one in verdict.ceilings.items())]


def headline(report: Report) -> str:
    """The answer in one sentence."""
    verdict, margin = report.verdict, share(report.terms.margin)
    if verdict.answer == "pass":
        return f"pass: a loss of more than {margin} points is ruled out" + _also(report)
    if verdict.answer == "regressed":
        lost = [WORDS[kind] for kind, one in verdict.ceilings.items() if _answer(one) == "regressed"]
        if verdict.rate.answer == "regressed":
            return f"regressed: a loss of more than {margin} points is shown"
        return f"regressed: above its ceiling: {'; '.join(lost)}"
    if verdict.rate.answer == "pass":
        return f"undecided: the pass rate holds (margin {margin} points), a ceiling is not decided"
    return f"undecided: neither ruled out nor shown that more than {margin} points are lost"


def sentences(report: Report) -> Iterator[str]:
    """What belongs beside the answer, most important first."""
    verdict = report.verdict
    yield (
        f"{report.passes[0]} of {report.passes[1]} {'pass' if report.passes[1] == 1 else 'passes'} over"
        f" {plural(report.tasks, 'task')}: {plural(verdict.rate.pairs, 'pair')} of the baseline's recorded episodes and the"
        f" candidate's, same tasks, same repeats; faults beside them: {report.faults[0]} and {report.faults[1]}"
    )
    if report.owed:
        yield report.owed
    if verdict.answer == "undecided":
        yield from takes(report)
    if verdict.rate.harmed and verdict.rate.answer != "regressed":
        yield "the candidate is worse than the baseline: that much is shown, but not that it is worse by more than the margin"
    for kind, one in verdict.ceilings.items():
        if one.untested:
            yield f"{kind} is not tested, and the answer rests on the rest: {one.untested}"
        elif one.missing:
            yield f"{kind} was not reported in {plural(one.missing, 'pair')}; their passes are left out of it"
    yield from report.notes


def takes(report: Report) -> Iterator[str]:
    """How many more episodes an undecided pass rate needs, as far as that can be said."""
    verdict, margin = report.verdict, share(report.terms.margin)
    if verdict.rate.answer != "undecided":
        return
    if math.isnan(verdict.differing):
        yield "no complete pass yet"
        return
    if verdict.needed is None:
        yield f"no number of episodes in reach shows a loss of {margin} points or none with outcomes that differ so often"
        return
    more = verdict.needed - verdict.rate.pairs
    if more <= 0:
        yield (
            f"a candidate as good as the baseline would be through by about now; what was seen"
            f" ({points(verdict.rate.value)} points) lies too near to the margin to say when"
        )
        return
    yield (
        f"needs about {rounded_up(more):,} more episodes if the candidate is as good as the baseline"
        f" ({percent(verdict.differing)} of pairs differ), more if it is worse: about"
        f" {max(1, math.ceil(verdict.needed / max(1, report.tasks)))} repeats of each task in all"
    )


def share(value: float) -> str:
    """A share in points, as it was said."""
    return f"{100 * value:g}"


def percents(ratio: float) -> str:
    """A ratio as what is more or less: 1.2 is +20 %."""
    if math.isnan(ratio):
        return "n/a"
    return "any" if math.isinf(ratio) else f"{100 * (ratio - 1):+.0f} %".replace("-", "−")


def _row(kind: Kind, one: Ceiling) -> Row:
    found = "not tested" if one.judged is None else _range(one.judged, percents)
    return Row(
        what=WORDS[kind],
        theirs="",
        ours="",
        found=found,
        allowed=percents(one.allowed),
        answer=_answer(one),
    )


def _answer(one: Ceiling) -> str:
    return "not tested" if one.judged is None else one.judged.answer


def _also(report: Report) -> str:
    held = [kind for kind, one in report.verdict.ceilings.items() if _answer(one) == "pass"]
    return f"; within its ceiling: {', '.join(held)}" if held else ""


def _range(judged: Judged, said: Callable[[float], str]) -> str:
    if not judged.pairs:
        return "n/a"
    return f"{said(judged.value)} ({said(judged.low)} to {said(judged.high)})"
