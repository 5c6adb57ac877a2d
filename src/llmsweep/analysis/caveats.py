"""What speaks against a recommendation: one function a doubt, in the order of how much it would mislead.

The first that applies is the biggest caveat. Those that ``undecide`` mean that the sweep could not tell.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from llmsweep.analysis.cells import CEILINGS
from llmsweep.analysis.stats import LEVEL, Difference, Floats, paired_difference, tasks_needed
from llmsweep.analysis.wording import axis_name, listed, percent, plural, points

FEW_TASKS = 10
"""Below this many tasks no interval over tasks is worth a decision."""
FAULT_GAP = 0.05
"""Shares of broken attempts that differ between cells by more than this may bend the comparison."""
UNINFORMATIVE = 0.20
"""A recommended cell that may be this much worse than another (upper 95 % bound) was not told from it."""
LEAST_GAP = 0.05
"""The smallest difference that a power estimate aims at: a sweep for less is not worth its episodes."""


class Caveat(NamedTuple):
    text: str
    undecides: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What caveats are read from. ``table``: of `cells_table`, by cell id; ``rates``: cells x tasks, likewise ordered;
    ``axes``: those that vary; ``owed``: episodes that the sweep still wanted; ``ranked_by``: tokens or seconds.
    """

    data: pd.DataFrame
    table: pd.DataFrame
    rates: Floats
    chosen: str
    strategy: str
    axes: list[str]
    owed: int
    ranked_by: str

    @property
    def row(self) -> pd.Series[Any]:
        return self.of(self.chosen)

    @property
    def ran(self) -> pd.DataFrame:
        """The table without cells of which no episode is scored."""
        return self.table[self.table["episodes"] > 0]

    @property
    def best(self) -> str:
        """The cell with the highest observed rate."""
        return str(self.table["rate"].idxmax())

    def of(self, cell: object) -> pd.Series[Any]:
        """A cell's row of the table."""
        return self.table.loc[[cell]].iloc[0]

    def pair(self, cell: str, other: str) -> tuple[Floats, Floats]:
        """The task rates of two cells."""
        index = list(self.table.index)
        return self.rates[index.index(cell)], self.rates[index.index(other)]

    def ahead(self, cell: str, of: str) -> Difference:
        return paired_difference(*self.pair(cell, of))

    def rival(self) -> tuple[str, Difference] | None:
        """The other cell with the highest rate, and how far it is ahead of the chosen one; None without a comparable one."""
        others = self.table["rate"].drop(self.chosen).dropna()
        if others.empty:
            return None
        rival = str(others.idxmax())
        difference = self.ahead(rival, self.chosen)
        return (rival, difference) if difference.tasks else None


def caveats(facts: Facts) -> list[Caveat]:
    """All that apply, the biggest first; never empty, since the last always does."""
    return [caveat for doubt in DOUBTS if (caveat := doubt(facts)) is not None]


def uneven_faults(facts: Facts) -> Caveat | None:
    attempts = facts.table["episodes"] + facts.table["faults"]
    share = (facts.table["faults"] / attempts.where(attempts > 0)).dropna()
    if share.empty or facts.table["faults"].sum() < 2 or share.max() - share.min() <= FAULT_GAP:
        return None
    worst, least = facts.of(share.idxmax())["label"], facts.of(share.idxmin())["label"]
    return Caveat(
        f"Faults differ between cells: {percent(share.max())} of the attempts broke with {worst}, "
        f"{percent(share.min())} with {least}. What broke is not scored and may not be a fair sample.",
        undecides=True,
    )


def nothing_passed(facts: Facts) -> Caveat | None:
    if facts.table["passes"].sum() > 0:
        return None
    return Caveat(
        "Nothing passed in any cell: the suite does not discriminate for this model; "
        "use easier tasks or a larger budget.",
        undecides=True,
    )


def everything_passed(facts: Facts) -> Caveat | None:
    if facts.table["passes"].sum() < facts.table["episodes"].sum():
        return None
    return Caveat(
        "Everything passed in every cell: the suite does not discriminate for this model; use harder tasks.",
        undecides=True,
    )


def unfinished(facts: Facts) -> Caveat | None:
    if facts.owed == 0:
        return None
    least, most = facts.table["tasks"].min(), facts.table["tasks"].max()
    covered = f"{least}" if least == most else f"{least} to {most}"
    return Caveat(
        f"The sweep is unfinished: {plural(facts.owed, 'episode')} owed; the cells have run "
        f"{covered} tasks, and each pair is compared on those that both have.",
        undecides=True,
    )


def few_tasks(facts: Facts) -> Caveat | None:
    tasks = facts.table["tasks"].max()
    if tasks >= FEW_TASKS:
        return None
    return Caveat(
        f"Only {plural(tasks, 'task')}: fewer than {FEW_TASKS} say little about any others, however often each was run.",
        undecides=True,
    )


def nothing_compared(facts: Facts) -> Caveat | None:
    if len(facts.ran) > 1:
        return None
    return Caveat("Only one cell ran: it was compared with nothing.", undecides=True)


def all_tie(facts: Facts) -> Caveat | None:
    table = facts.ran
    if len(table) < 2 or not table["tied"].all():
        return None
    what = listed([axis_name(axis) for axis in facts.axes])
    return Caveat(
        f"The sweep cannot tell the {len(table)} cells ({what}) apart{_needed(facts)}.", undecides=True
    )


def _needed(facts: Facts) -> str:
    """What telling the best from the worst would take, as the end of a sentence; empty where nobody can say."""
    table = facts.ran
    worst = str(table["rate"].idxmin())
    seen = facts.ahead(facts.best, worst)
    if not seen.tasks:
        return ""
    gap = max(LEAST_GAP, seen.value)
    level = 1 - (1 - LEVEL) / (len(table) - 1)
    tasks = tasks_needed(*facts.pair(facts.best, worst), gap, level=level)
    if tasks is None or tasks <= seen.tasks:
        return ""
    more = _rounded((tasks / seen.tasks - 1) * float(table["episodes"].sum()))
    why = "the largest seen" if seen.value >= LEAST_GAP else "larger than any seen"
    return (
        f"; to tell {points(gap, sign=False)} points ({why}) it would need about {more:,} more episodes "
        f"(about {_rounded(tasks):,} tasks instead of {seen.tasks})"
    )


def _rounded(count: float) -> int:
    """Two significant digits: a power estimate promises no more."""
    digits = max(0, math.floor(math.log10(max(count, 1))) - 1)
    unit = int(10**digits)
    return math.ceil(count / unit) * unit


def budget_ceilings(facts: Facts) -> Caveat | None:
    failures = int(facts.row["episodes"] - facts.row["passes"])
    mendable = {kind: int(facts.row[f"ceiling_{kind}"]) for kind in CEILINGS if kind != "capability"}
    spent = sum(mendable.values())
    if failures == 0 or spent * 2 <= failures:
        return None
    commonest = max(mendable, key=lambda kind: mendable[kind])
    return Caveat(
        f"{spent} of this cell's {plural(failures, 'failure')} ran into a budget, not into what the model can do "
        f"({mendable[commonest]} for want of {_want(facts, commonest)}): raise that first, then sweep again."
    )


def _want(facts: Facts, ceiling: str) -> str:
    """The setting that the commonest of these failures wants raised."""
    rows = facts.data[(facts.data["cell_id"] == facts.chosen) & (facts.data["ceiling"] == ceiling)]
    stop = rows["stop"].mode().iloc[0]
    words = {
        "context": "context: the server's window",
        "turn": "seconds: baseline.seconds" if stop == "seconds" else "turns: baseline.turns",
        "token": "tokens: baseline.tokens"
        if stop == "tokens"
        else "tokens in one answer: baseline.max_tokens",
    }
    return words[ceiling]


def may_be_worse(facts: Facts) -> Caveat | None:
    found = facts.rival()
    if found is None or found[1].high <= UNINFORMATIVE:
        return None
    rival, difference = found
    tasks = tasks_needed(*facts.pair(rival, facts.chosen), UNINFORMATIVE)
    more = (
        f"; to rule out {points(UNINFORMATIVE, sign=False)} would take about {_rounded(tasks):,} tasks "
        f"instead of {difference.tasks}"
        if tasks is not None and tasks > difference.tasks
        else ""
    )
    return Caveat(
        f"Its pass rate may be up to {points(difference.high, sign=False)} points below that of "
        f"{facts.of(rival)['label']} (95 % bound), too much to decide on{more}.",
        undecides=True,
    )


def main_effects_only(facts: Facts) -> Caveat | None:
    if facts.strategy != "ofat":
        return None
    if len(facts.axes) > 1:
        return Caveat(
            f"Main effects at the baseline, never an optimum: no two of {listed([axis_name(a) for a in facts.axes])} "
            "were changed together, and where they interact a cell that did not run may be better."
        )
    what = axis_name(facts.axes[0]) if facts.axes else "nothing"
    return Caveat(
        f"A main effect at the baseline: only {what} was changed, all else stayed as in the baseline."
    )


def unknown_tokens(facts: Facts) -> Caveat | None:
    if facts.ranked_by == "tokens":
        return None
    return Caveat(
        "Tokens were not reported, so that the cheapest cell is the one that took the fewest seconds."
    )


def mixed_timings(facts: Facts) -> Caveat | None:
    if facts.data["machine"].nunique() > 1:
        return Caveat("Episodes ran on more than one machine: their seconds cannot be compared.")
    levels = sorted({int(n) for n in facts.data["concurrency"].dropna()})
    if len(levels) > 1:
        return Caveat(
            f"Episodes ran at {listed([str(n) for n in levels])} at once: their seconds cannot be compared."
        )
    return None


def unconfirmed(facts: Facts) -> Caveat | None:
    return Caveat(
        "Not confirmed on fresh seeds: the cell was chosen by the same episodes that give its rate, "
        "so that a new run is likelier to be lower than higher."
    )


DOUBTS: tuple[Callable[[Facts], Caveat | None], ...] = (
    uneven_faults,
    nothing_passed,
    everything_passed,
    unfinished,
    few_tasks,
    nothing_compared,
    all_tie,
    budget_ceilings,
    may_be_worse,
    main_effects_only,
    unknown_tokens,
    mixed_timings,
    unconfirmed,
)
"""From what makes a comparison worthless, over what leaves it open, to what bounds it."""
