"""The recommendation as a view of the frame: the cell that is believed right, and how far to trust it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from llmsweep.analysis.beliefs import Beliefs, believe
from llmsweep.analysis.budgets import Chosen
from llmsweep.analysis.caveats import Caveat, Facts, caveats
from llmsweep.analysis.cells import cells_table, count
from llmsweep.analysis.confirmed import held
from llmsweep.analysis.evidence import evidence, would_change
from llmsweep.analysis.frame import choosing, scored, varied
from llmsweep.analysis.wording import belief, plural, points
from llmsweep.belief.verdict import Terms
from llmsweep.errors import UsageError

__all__ = ["Recommendation", "cells_table", "recommend"]

Status = Literal["confirmed", "provisional", "undecided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """The cell to ship for a model on a suite, in words and numbers.

    ``status``: provisional is believed on these episodes; confirmed also held on fresh seeds; undecided means the
    sweep could not tell, and ``caveat`` says why. ``belief``: the probability that its rate is at most ``delta`` below
    the best cell's and that it is not dearer. ``rate``, ``low``, ``high``: shares, the estimate on these tasks with its
    95 % credible interval. ``tasks``: that it ran, ``covered``: that any cell ran. ``tied``: the cells that cannot be
    told from the best. ``ranked_by``: what cheapest means. ``budgets``: the turns and tokens to ship it with, None where
    smaller ones than were asked for could not be tried. ``caveat``: the biggest; ``caveats``: the others, in order.
    """

    cell_id: str
    label: str
    baseline_cell_id: str
    model: str
    suite: str
    strategy: str
    status: Status
    verdict: str
    belief: float
    delta: float
    estimand: str
    rate: float
    low: float
    high: float
    episodes: int
    tasks: int
    covered: int
    tied: tuple[str, ...]
    ranked_by: str
    budgets: Chosen | None
    evidence: tuple[str, ...]
    caveat: str
    caveats: tuple[str, ...]
    would_change_it: tuple[str, ...]


def recommend(
    data: pd.DataFrame,
    baseline_cell_id: str,
    strategy: str,
    suite: str | None = None,
    *,
    owed: int = 0,
    beliefs: Beliefs | None = None,
    budgets: Callable[[str], Chosen | None] | None = None,
) -> Recommendation:
    """Choose among the cells that ran.

    ``suite``: its name, None takes the folder in the tasks' ids; ``owed``: episodes that the sweep still
    wanted when it ended; ``beliefs``: None forms them from all cells, on the usual terms; ``budgets``: asked for the
    chosen cell's, None where there are no curves. Raises UsageError when no episode is scored.
    """
    ran = choosing(data)
    if scored(ran).empty:
        raise UsageError("no episode is scored yet: there is nothing to recommend from.")
    beliefs = beliefs or believe(ran, Terms())
    table = cells_table(ran, baseline_cell_id, beliefs)
    counts = count(ran)
    order = [counts.cells.index(cell) for cell in table.index]
    suite = suite or suite_name(data)
    chosen = _choose(table, beliefs, baseline_cell_id)
    facts = Facts(
        data=scored(ran),
        tried=ran,
        table=table,
        rates=counts.rates[order],
        beliefs=beliefs,
        chosen=chosen,
        strategy=strategy,
        axes=varied(ran),
        owed=owed,
        held=held(data, chosen, baseline_cell_id, table["label"], beliefs.verdict.terms),
        budgets=None if budgets is None else budgets(chosen),
    )
    return _recommendation(facts, str(data["model"].iloc[0]), suite, baseline_cell_id)


def _recommendation(facts: Facts, model: str, suite: str, baseline_cell_id: str) -> Recommendation:
    doubts, beliefs, chosen = caveats(facts), facts.beliefs, facts.chosen
    row = facts.row
    return Recommendation(
        cell_id=chosen,
        label=row["label"],
        baseline_cell_id=baseline_cell_id,
        model=model,
        suite=suite,
        strategy=facts.strategy,
        status=_status(facts, doubts),
        verdict=_verdict(facts),
        belief=float(row["belief"]),
        delta=facts.terms.delta,
        estimand=_estimand(model, suite, len(beliefs.tasks)),
        rate=float(row["estimate"]),
        low=float(row["est_low"]),
        high=float(row["est_high"]),
        episodes=int(row["episodes"]),
        tasks=int(row["tasks"]),
        covered=facts.covered,
        tied=tuple(facts.table.index[facts.table["tied"]]),
        ranked_by=facts.ranked_by,
        budgets=facts.budgets,
        evidence=tuple(evidence(facts, baseline_cell_id)),
        caveat=doubts[0].text,
        caveats=tuple(doubt.text for doubt in doubts[1:]),
        would_change_it=tuple(would_change(facts)),
    )


def suite_name(data: pd.DataFrame) -> str:
    """The folder that the tasks' ids share."""
    return ", ".join(sorted({str(task).rpartition("/")[0] or str(task) for task in data["task_id"].unique()}))


def _choose(table: pd.DataFrame, beliefs: Beliefs, baseline_cell_id: str) -> str:
    """The cell that is believed right. Where nothing passed, being cheap is no merit: the baseline stays, if it ran."""
    if table["passes"].sum() == 0 and baseline_cell_id in beliefs.cells:
        return baseline_cell_id
    return beliefs.chosen


def _status(facts: Facts, doubts: list[Caveat]) -> Status:
    if any(doubt.undecides for doubt in doubts):
        return "undecided"
    confirmed = facts.held is not None and facts.held.decision == "noninferior"
    return "confirmed" if confirmed else "provisional"


def _verdict(facts: Facts) -> str:
    cells, beliefs = len(facts.ran), facts.beliefs
    if facts.table["passes"].sum() == 0:
        return "nothing passed, so that no cell is better than another; this is no recommendation of it"
    if cells == 1:
        return "the only cell that ran"
    text = (
        f"believed at {belief(beliefs.belief)} to pass within {points(facts.terms.delta, sign=False)} points of the best "
        f"of {cells} cells and to cost no more {facts.ranked_by} than it"
    )
    return f"{text}; a main effect at the baseline" if facts.strategy == "ofat" else text


def _estimand(model: str, suite: str, tasks: int) -> str:
    return (
        f"mean over the {plural(tasks, 'task')} of suite {suite} of each task's share of passed attempts, "
        f"for {model} in this harness; intervals are for tasks like these"
    )
