"""The turns and tokens to ship a cell with, by its curves, and what speaks for raising them instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from llmsweep.analysis.budgets.curves import CellBudgets, Curve, Kind, Point, as_good
from llmsweep.analysis.stats import COMPARABLE, SPARSE
from llmsweep.analysis.wording import amount, percent, percent_range, plural, points
from llmsweep.types import Budget

_WANTS: dict[Kind, str] = {
    "turns": "turns (baseline.turns)",
    "tokens": "tokens (baseline.tokens)",
    "seconds": "seconds (baseline.seconds)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """``turns`` and ``tokens`` (None: no budget) to write into a configuration; ``why``: a sentence for each, with what
    was asked, what suffices and the rates; ``caveat``: that the rate still rises, or may, and what to raise first;
    None where more of neither would help.
    """

    turns: int
    tokens: int | None
    why: tuple[str, ...]
    caveat: str | None


def chosen_budgets(found: CellBudgets) -> Chosen:
    """The smallest turns that are as good as what ran, then the smallest tokens that are under those turns too.

    As good: see `as_good`. Where the rate still rises, or may, what was asked stays.
    """
    own, caveat = found.cell.budget, budget_caveat(found)
    turns, why = _turns(found, own)
    tokens, said = _tokens(found, replace(own, turns=turns), rises=caveat is not None)
    if found.left_out:
        said = f"{said}; {plural(found.left_out, 'episode')} left out, whose workspaces are not all graded"
    return Chosen(turns=turns, tokens=tokens, why=(why, said), caveat=caveat)


def _turns(found: CellBudgets, own: Budget) -> tuple[int, str]:
    curve = found.curves["turns"]
    largest, enough = curve.points[-1], curve.points[-1] if curve.rises or curve.may_rise else curve.enough
    if len(curve.points) == 1:
        return own.turns, f"turns: 1 asked, so that nothing smaller could be tried: {_rate(largest)}"
    if enough is largest:
        last = curve.points[-2]
        return own.turns, (
            f"turns: all {own.turns} that were asked: {_rate(largest)}, "
            f"{percent(last.at.value)} at {last.budget:.0f}{_few(last)}"
        )
    turns = int(enough.budget)
    return turns, (
        f"turns: {own.turns} asked, {_suffices(turns)}: {_rate(enough)} at {turns}, "
        f"{percent(largest.at.value)} at {own.turns} ({_change(enough)})"
    )


def _suffices(count: int) -> str:
    return f"{count} {'suffices' if count == 1 else 'suffice'}"


def _tokens(found: CellBudgets, under: Budget, *, rises: bool) -> tuple[int | None, str]:
    """``under``: the budget that is asked for otherwise."""
    asked = "none" if under.tokens is None else f"{under.tokens:,}"
    curve = found.curves.get("tokens")
    if curve is None:
        return under.tokens, f"tokens: as asked ({asked}), since {found.absent['tokens']}"
    if under.turns == 1:
        return under.tokens, f"tokens: as asked ({asked}), since they end nothing before a first turn"
    if rises:
        return under.tokens, f"tokens: as asked ({asked}), since a larger budget may give more"
    best: tuple[int, Point] | None = None
    for point in reversed(curve.points):
        tokens = int(point.budget)
        both = found.under(replace(under, tokens=tokens))
        if not as_good(both, found.delta):
            break
        best = tokens, both
    if best is None or best[0] >= curve.points[-1].budget:
        return under.tokens, f"tokens: as asked ({asked}){_no_smaller(curve)}"
    tokens, both = best
    return tokens, (
        f"tokens: {asked} asked, {tokens:,} suffice with those turns: {_rate(both)} ({_change(both)})"
    )


def _no_smaller(curve: Curve) -> str:
    if len(curve.points) < 2:
        return ""
    last = curve.points[-2]
    return f": {percent(last.at.value)} at {last.budget:,.0f}, {percent(curve.points[-1].at.value)} beyond{_few(last)}"


def _rate(point: Point) -> str:
    return f"{percent(point.at.value)} (95 %: {percent_range(point.at.low, point.at.high)})"


def _change(point: Point) -> str:
    change = point.change
    return f"{points(change.value)} points, 95 % for tasks like these: {points(change.low)} to {points(change.high)}"


def _few(point: Point) -> str:
    """Why nothing smaller was looked for, where there was too little to see."""
    if point.change.tasks < COMPARABLE:
        return f"; {plural(point.change.tasks, 'task')} cannot tell one budget from another"
    if point.passing_tasks < SPARSE:
        return f"; with {plural(point.passing_tasks, 'task')} that passed at all nobody can say what suffices"
    return ""


def budget_caveat(found: CellBudgets) -> str | None:
    """What to raise first where the rate still rises at the largest budget, or may; None where more would not help."""
    rising = [curve for curve in found.curves.values() if curve.rises]
    maybe = [curve for curve in found.curves.values() if curve.may_rise]
    if not rising and not maybe:
        return None
    curve = (rising or maybe)[0]
    late = curve.late
    assert late is not None
    kind, largest = curve.kind, curve.points[-1].budget
    does = "still rises" if rising else "may still rise (too few to tell from chance)"
    return (
        f"The pass rate {does} at {_size(kind, largest)} {kind}: the last quarter of them gave {points(late.value)} "
        f"points (95 %: {points(late.low)} to {points(late.high)}). {_first(found)}"
    )


def _size(kind: Kind, value: float) -> str:
    return amount(value) if kind == "seconds" else f"{value:,.0f}"


def _first(found: CellBudgets) -> str:
    """What most failures ran out of, as advice."""
    failures = found.failed.total()
    counts: Sequence[tuple[int, Kind]] = sorted(
        ((found.failed[kind], kind) for kind in _WANTS if found.failed[kind]), key=lambda pair: -pair[0]
    )
    (most, first), *others = counts
    text = ", ".join(
        [f"{most} of {failures} failures ended by {first}", *(f"{n} by {kind}" for n, kind in others)]
    )
    if 2 * found.answers_cut > failures:
        return f"{text}, and max_tokens cut the last answer of {found.answers_cut}: raise max_tokens first."
    return f"{text}: raise {_WANTS[first]} first, then sweep again."
