"""What speaks against a recommendation: one function a doubt, in the order of how much it would mislead.

The first that applies is the biggest caveat. Those that ``undecide`` mean that the sweep could not tell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from llmsweep.analysis import stats
from llmsweep.analysis.beliefs import Beliefs
from llmsweep.analysis.budgets import Chosen
from llmsweep.analysis.cells import CEILINGS
from llmsweep.analysis.confirmed import Held
from llmsweep.analysis.stats import Difference, Floats, paired_difference
from llmsweep.analysis.wording import axis_name, belief, listed, percent, plural, points, rounded_up
from llmsweep.belief.outlook import episodes_needed
from llmsweep.belief.verdict import Terms

FEW_TASKS = 10
"""Below this many tasks no interval over tasks is worth a decision."""
FAULT_GAP = 0.05
"""Shares of broken attempts that differ between cells by more than this may bend the comparison."""
FIXED = ("ofat", "grid")
"""Strategies that know beforehand which episodes they want; the others go on until they believe their choice."""


class Caveat(NamedTuple):
    text: str
    undecides: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What caveats are read from. ``data``: the scored episodes, ``tried``: all; ``table``: of `cells_table`, by cell id; ``rates``: cells x tasks, likewise ordered;
    ``axes``: those that vary; ``owed``: episodes that the sweep still wanted; ``held``: what a confirmation on fresh
    seeds said, None where there was none; ``budgets``: of the chosen cell, None where its curves are not known.
    """

    data: pd.DataFrame
    tried: pd.DataFrame
    table: pd.DataFrame
    rates: Floats
    beliefs: Beliefs
    chosen: str
    strategy: str
    axes: list[str]
    owed: int
    held: Held | None
    budgets: Chosen | None

    @property
    def terms(self) -> Terms:
        return self.beliefs.verdict.terms

    @property
    def ranked_by(self) -> str:
        """What cheapest means: tokens or seconds."""
        return self.beliefs.currency

    @property
    def covered(self) -> int:
        """How many tasks any cell ran."""
        return int(self.data["task_id"].nunique())

    @property
    def row(self) -> pd.Series[Any]:
        return self.of(self.chosen)

    @property
    def ran(self) -> pd.DataFrame:
        """The table without cells of which no episode is scored."""
        return self.table[self.table["episodes"] > 0]

    @property
    def best(self) -> str:
        """The cell with the highest estimate."""
        return str(self.table["estimate"].idxmax())

    def of(self, cell: object) -> pd.Series[Any]:
        """A cell's row of the table."""
        return self.table.loc[[cell]].iloc[0]

    def pair(self, cell: str, other: str) -> tuple[Floats, Floats]:
        """The task rates of two cells."""
        index = list(self.table.index)
        return self.rates[index.index(cell)], self.rates[index.index(other)]

    def ahead(self, cell: str, of: str) -> Difference:
        return paired_difference(*self.pair(cell, of))

    def rival(self) -> str | None:
        """The other cell with the highest estimate."""
        others = self.table["estimate"].drop(self.chosen).dropna()
        return None if others.empty else str(others.idxmax())


def caveats(facts: Facts) -> list[Caveat]:
    """All that apply, the biggest first; never empty."""
    return [caveat for doubt in DOUBTS if (caveat := doubt(facts)) is not None] or [CARRIES_NOT]


def uneven_faults(facts: Facts) -> Caveat | None:
    attempts = facts.table["episodes"] + facts.table["faults"]
    share = (facts.table["faults"] / attempts.where(attempts > 0)).dropna()
    if share.empty or share.max() - share.min() <= FAULT_GAP:
        return None
    broken, tried = _first_tries(facts.tried)
    found = stats.uneven_faults(broken, tried)
    if found.p >= 0.05:
        return None
    worst, least = facts.of(share.idxmax())["label"], facts.of(share.idxmin())["label"]
    return Caveat(
        f"Faults differ between cells: {percent(share.max())} of the attempts broke with {worst}, "
        f"{percent(share.min())} with {least} (p {found.p:.1g}). What broke is not scored and may not be a fair sample.",
        undecides=True,
    )


def _first_tries(tried: pd.DataFrame) -> tuple[stats.Ints, stats.Ints]:
    """Cells x tasks: episodes whose first try broke, and all. By task, since a race runs hard ones in some cells only."""
    each = tried.assign(broke=(tried["faults"] > 0).astype("int64"), one=1)
    counts = each.pivot_table(
        index="cell_id", columns="task_id", values=["broke", "one"], aggfunc="sum", fill_value=0
    )
    return counts["broke"].to_numpy(np.int64), counts["one"].to_numpy(np.int64)


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
    if facts.owed == 0 or facts.strategy not in FIXED:
        return None
    least, most = facts.table["tasks"].min(), facts.table["tasks"].max()
    covered = f"{least}" if least == most else f"{least} to {most}"
    return Caveat(
        f"The sweep is unfinished: {plural(facts.owed, 'episode')} owed; the cells have run "
        f"{covered} tasks, and each pair is compared on those that both have.",
        undecides=True,
    )


def few_tasks(facts: Facts) -> Caveat | None:
    tasks = facts.covered
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


def not_held(facts: Facts) -> Caveat | None:
    held = facts.held
    if held is None or held.decision != "inferior":
        return None
    return Caveat(
        f"It did not hold on fresh seeds: {points(held.value)} points to {held.against} on {plural(held.pairs, 'pair')} "
        f"(95 %: {points(held.low)} to {points(held.high)}).",
        undecides=True,
    )


def not_believed(facts: Facts) -> Caveat | None:
    """The belief is below what was asked for."""
    beliefs, terms = facts.beliefs, facts.terms
    if len(facts.ran) < 2 or beliefs.belief >= terms.confidence:
        return None
    more = episodes_needed(beliefs.posterior, beliefs.costs, terms)
    needed = (
        f"about {plural(rounded_up(more), 'more episode')} should settle it"
        if more is not None
        else "no number of episodes in reach would settle it: compare fewer cells, use more tasks or a larger delta"
    )
    ahead = _who_else(facts)
    return Caveat(
        f"Believed right at {belief(beliefs.belief)}, and {belief(terms.confidence)} is asked for: {ahead}{needed}.",
        undecides=True,
    )


def _who_else(facts: Facts) -> str:
    """The cell that would most likely overturn the choice, as the beginning of a sentence."""
    rival = facts.rival()
    if rival is None:
        return ""
    value, low, high = facts.beliefs.ahead(rival, facts.chosen)
    return f"{facts.of(rival)['label']} is at {points(value)} points ({points(low)} to {points(high)}) to this cell; "


def budget_ceilings(facts: Facts) -> Caveat | None:
    """By the curves of pass rate against budgets where they are known, else by what failures ran into."""
    if facts.budgets is not None and facts.budgets.caveat is not None:
        return Caveat(facts.budgets.caveat)
    failures = int(facts.row["episodes"] - facts.row["passes"])
    mendable = {kind: int(facts.row[f"ceiling_{kind}"]) for kind in CEILINGS if kind != "capability"}
    spent = sum(mendable.values())
    if failures == 0 or spent * 2 <= failures:
        return None
    commonest = max(mendable, key=lambda kind: mendable[kind])
    if facts.budgets is not None and commonest == "turn":
        return None  # the curve is flat there: more turns would end as these did
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
    # Who had the task last ran into it: the frontier model, where it was handed over.
    handed = bool(rows["trigger"].notna().mean() > 1 / 2)
    return words[ceiling].replace("baseline.", "policy.frontier_baseline.") if handed else words[ceiling]


def other_tasks(facts: Facts) -> Caveat | None:
    """The belief is about this suite; the interval over tasks says how far it carries."""
    rival = facts.rival()
    if rival is None:
        return None
    seen = facts.ahead(rival, facts.chosen)
    if seen.tasks < FEW_TASKS or seen.high <= facts.terms.delta:
        return None
    return Caveat(
        f"The belief is about these {plural(facts.covered, 'task')}: on others like them "
        f"{facts.of(rival)['label']} may be up to {points(seen.high, sign=False)} points better "
        f"(95 %, {plural(seen.tasks, 'task')} in common)."
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
    held = facts.held
    if held is not None and held.decision == "noninferior":
        return None
    if held is not None:
        return Caveat(
            f"Not confirmed: {plural(held.pairs, 'pair')} on fresh seeds put it {points(held.low)} to {points(held.high)} "
            f"points from {held.against}, which does not rule out {points(-facts.terms.delta)}."
        )
    return Caveat(
        "Not confirmed on fresh seeds (confirm=N spends up to N episodes on that): the cell was chosen by the same "
        "episodes that give its rate, so that a new run is likelier to be lower than higher."
    )


CARRIES_NOT = Caveat("Another revision of the model, other tasks or other prompts may want other settings.")
"""What remains where nothing else speaks against a choice."""
DOUBTS: tuple[Callable[[Facts], Caveat | None], ...] = (
    uneven_faults,
    nothing_passed,
    everything_passed,
    unfinished,
    few_tasks,
    nothing_compared,
    not_held,
    not_believed,
    budget_ceilings,
    main_effects_only,
    unconfirmed,
    other_tasks,
    unknown_tokens,
    mixed_timings,
)
"""From what makes a comparison worthless, over what leaves it open, to what bounds it."""
