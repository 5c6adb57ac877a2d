"""The recommendation as a view of the frame: the cheapest cell that cannot be told from the best, and how far to trust it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from llmsweep.analysis.caveats import Facts, budget_ceilings, caveats
from llmsweep.analysis.cells import CEILINGS, axis_effects, cells_table, count
from llmsweep.analysis.frame import SLIPS, scored, varied
from llmsweep.analysis.wording import amount, listed, percent, percent_range, plural, points
from llmsweep.errors import UsageError

__all__ = ["Recommendation", "axis_effects", "cells_table", "recommend"]

ALIKE = 0.05
"""Costs within this share of the cheapest are alike: a smaller gap is noise and must not buy a lower rate."""

Status = Literal["provisional", "undecided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """The cell to ship for a model on a suite, in words and numbers.

    ``status``: provisional is believed on these episodes; undecided means the sweep could not tell, and
    ``caveat`` says why. ``tied``: the cells that cannot be told from the best, this one among them.
    ``rate``, ``low``, ``high``: shares. ``ranked_by``: what cheapest means. ``caveat``: the biggest;
    ``caveats``: the others, in order.
    """

    cell_id: str
    label: str
    baseline_cell_id: str
    model: str
    suite: str
    strategy: str
    status: Status
    verdict: str
    estimand: str
    rate: float
    low: float
    high: float
    episodes: int
    tasks: int
    tied: tuple[str, ...]
    ranked_by: str
    evidence: tuple[str, ...]
    caveat: str
    caveats: tuple[str, ...]
    would_change_it: tuple[str, ...]


def recommend(
    data: pd.DataFrame, baseline_cell_id: str, strategy: str, suite: str | None = None, *, owed: int = 0
) -> Recommendation:
    """Choose among the cells that ran.

    ``suite``: its name, None takes the folder in the tasks' ids; ``owed``: episodes that the sweep still
    wanted when it ended. Raises UsageError when no episode is scored.
    """
    if scored(data).empty:
        raise UsageError("no episode is scored yet: there is nothing to recommend from.")
    table = cells_table(data, baseline_cell_id)
    counts = count(data)
    order = [counts.cells.index(cell) for cell in table.index]
    suite = suite or suite_name(data)
    chosen, ranked_by = _choose(table, baseline_cell_id)
    facts = Facts(
        data=scored(data),
        table=table,
        rates=counts.rates[order],
        chosen=chosen,
        strategy=strategy,
        axes=varied(data),
        owed=owed,
        ranked_by=ranked_by,
    )
    doubts = caveats(facts)
    row = facts.row
    return Recommendation(
        cell_id=chosen,
        label=row["label"],
        baseline_cell_id=baseline_cell_id,
        model=str(data["model"].iloc[0]),
        suite=suite,
        strategy=strategy,
        status="undecided" if any(doubt.undecides for doubt in doubts) else "provisional",
        verdict=_verdict(facts),
        estimand=_estimand(str(data["model"].iloc[0]), suite, len(counts.tasks)),
        rate=float(row["rate"]),
        low=float(row["low"]),
        high=float(row["high"]),
        episodes=int(row["episodes"]),
        tasks=int(row["tasks"]),
        tied=tuple(table.index[table["tied"]]),
        ranked_by=ranked_by,
        evidence=tuple(_evidence(facts, baseline_cell_id)),
        caveat=doubts[0].text,
        caveats=tuple(doubt.text for doubt in doubts[1:]),
        would_change_it=tuple(_would_change(facts)),
    )


def suite_name(data: pd.DataFrame) -> str:
    """The folder that the tasks' ids share."""
    return ", ".join(sorted({str(task).rpartition("/")[0] or str(task) for task in data["task_id"].unique()}))


def _choose(table: pd.DataFrame, baseline_cell_id: str) -> tuple[str, str]:
    """The cheapest of the tied cells, and in which currency: seconds where one of them has no tokens.

    Where nothing passed, being cheap is no merit: the baseline stays, if it ran.
    """
    tied = table[table["tied"]]
    currency = "seconds" if tied["tokens_mean"].isna().any() else "tokens"
    if table["passes"].sum() == 0 and baseline_cell_id in tied.index:
        return baseline_cell_id, currency
    return str(_cheapest(tied, currency)), currency


def _cheapest(tied: pd.DataFrame, currency: str) -> Any:
    """The cheapest cell; among those that cost alike the one with the highest rate, then the quickest."""
    cost = tied[f"{currency}_mean"]
    alike = tied[cost <= (1 + ALIKE) * cost.min()]
    return alike.sort_values(["rate", "seconds_mean"], ascending=[False, True], kind="stable").index[0]


def _verdict(facts: Facts) -> str:
    tied, cells = int(facts.table["tied"].sum()), len(facts.ran)
    if facts.table["passes"].sum() == 0:
        return "nothing passed, so that no cell is better than another; this is no recommendation of it"
    if cells == 1:
        return "the only cell that ran"
    if tied == 1:
        text = f"the best of {cells} cells, told from all others"
    else:
        of = f"{cells} cells, none of which" if tied == cells else f"the {tied} cells (of {cells}) that"
        text = f"the cheapest in {facts.ranked_by} of {of} can{' ' if tied == cells else 'not '}be told from the best"
        cost = facts.table.loc[facts.table["tied"], f"{facts.ranked_by}_mean"]
        if cost[facts.chosen] > cost.min():
            text += f" (the highest rate among costs within {percent(ALIKE)})"
    return f"{text}; a main effect at the baseline" if facts.strategy == "ofat" else text


def _estimand(model: str, suite: str, tasks: int) -> str:
    return (
        f"mean over the {plural(tasks, 'task')} of suite {suite} of each task's share of passed attempts, "
        f"for {model} in this harness; intervals are for tasks like these"
    )


def _evidence(facts: Facts, baseline_cell_id: str) -> list[str]:
    row, table = facts.row, facts.table
    sentences = [
        f"passes {percent(row['rate'])} (95 %: {percent_range(row['low'], row['high'])}) "
        f"on {plural(row['tasks'], 'task')}, {plural(row['episodes'], 'episode')}"
    ]
    if row["diff_tasks"] > 0:
        sentences.append(
            f"{points(row['diff'])} points to the baseline (95 %: {points(row['diff_low'])} to "
            f"{points(row['diff_high'])}; p {_p(row['diff_p'])} after Holm), paired on {plural(row['diff_tasks'], 'task')}"
        )
    others = [str(label) for label in table.loc[table["tied"], "label"].drop(facts.chosen)]
    if others:
        sentences.append(f"cannot be told from the best, nor can {listed(others)}")
    sentences.append(_cost_sentence(facts, baseline_cell_id))
    failures = int(row["episodes"] - row["passes"])
    kinds = [f"{int(row[f'ceiling_{kind}'])} {kind}" for kind in CEILINGS if row[f"ceiling_{kind}"]]
    if math.isfinite(row["progress"]):
        sentences.append(f"holds {percent(row['progress'])} of the milestones on average")
    sentences += _tiers(facts)
    sentences.append(
        f"{plural(failures, 'failure')}{' by ceiling: ' + ', '.join(kinds) if kinds else ''}; "
        f"{plural(int(row['faults']), 'fault')} beside them (all cells: {int(table['faults'].sum())})"
    )
    sentences += _slips(row)
    return sentences


def _tiers(facts: Facts) -> list[str]:
    """The pass rate of each tier, where there are several."""
    rows = facts.data[facts.data["cell_id"] == facts.chosen]
    tasks = rows.groupby(["tier", "task_id"])["passed"].mean().groupby("tier")
    if len(tasks) < 2:
        return []
    rates = [
        f"{percent(float(rates.mean()))} of tier {tier} ({plural(len(rates), 'task')})"
        for tier, rates in tasks
    ]
    return [f"by tier: {', '.join(rates)}"]


def _slips(row: pd.Series[Any]) -> list[str]:
    """What the model did wrong on the way, most frequent first."""
    counts = {slip: int(row[f"slip_{slip}"]) for slip in SLIPS}
    told = [f"{n} {slip.replace('_', ' ')}" for slip, n in sorted(counts.items(), key=lambda kv: -kv[1]) if n]
    if not told:
        return []
    recovered = f"; {plural(int(row['recovered']), 'action')} recovered from text" if row["recovered"] else ""
    return [f"turns with slips: {', '.join(told)}{recovered}"]


def _cost_sentence(facts: Facts, baseline_cell_id: str) -> str:
    row, table = facts.row, facts.table
    text = f"{amount(row['tokens_mean'])} tokens and {amount(row['seconds_mean'])} s an episode on average"
    if facts.chosen != baseline_cell_id and baseline_cell_id in table.index:
        base = facts.of(baseline_cell_id)
        text += f" (baseline: {amount(base['tokens_mean'])} and {amount(base['seconds_mean'])} s)"
    return f"{text}; TTFT {amount(row['ttft_s'])} s median, {amount(row['ttft_p95_s'])} s p95"


def _would_change(facts: Facts) -> list[str]:
    table, row = facts.table, facts.row
    sentences = []
    tied = table[table["tied"]]
    if table["passes"].sum() > 0:
        if facts.best != facts.chosen:
            lead = facts.ahead(facts.best, facts.chosen)
            best = facts.of(facts.best)
            sentences.append(
                f"More episodes that confirm the lead of {best['label']}: {points(lead.value)} points here "
                f"(95 %: {points(lead.low)} to {points(lead.high)}), at {_ratio(best, row, facts.ranked_by)}."
            )
        quick = facts.of(_cheapest(tied, "seconds"))
        if facts.ranked_by == "tokens" and quick["seconds_mean"] * (1 + ALIKE) < row["seconds_mean"]:
            sentences.append(
                f"Counting seconds instead of tokens: {quick['label']} takes "
                f"{amount(quick['seconds_mean'])} s an episode, this one {amount(row['seconds_mean'])} s."
            )
    if budget_ceilings(facts) is not None:
        sentences.append("A larger budget: most failures ran out of one.")
    sentences.append(
        "Another revision of the model, other tasks or other prompts: settings do not carry over."
    )
    return sentences


def _ratio(other: pd.Series[Any], row: pd.Series[Any], currency: str) -> str:
    theirs, ours = other[f"{currency}_mean"], row[f"{currency}_mean"]
    if math.isnan(theirs) or math.isnan(ours) or ours == 0:
        return f"an unknown cost in {currency}"
    return f"{theirs / ours:.2g} times the {currency}"


def _p(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"{p:.2g}"
