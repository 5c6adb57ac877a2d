"""The recommendation as a view of the frame: the cell that is believed right, and how far to trust it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from llmsweep.analysis.beliefs import Beliefs, believe
from llmsweep.analysis.budgets import Chosen
from llmsweep.analysis.caveats import FEW_TASKS, Caveat, Facts, budget_ceilings, caveats
from llmsweep.analysis.cells import CEILINGS, cells_table, count
from llmsweep.analysis.confirmed import held
from llmsweep.analysis.frame import SLIPS, choosing, scored, varied
from llmsweep.analysis.stats import more_needed, pass_at_k, pass_hat_k, variance_split
from llmsweep.analysis.wording import (
    amount,
    belief,
    listed,
    percent,
    percent_range,
    plural,
    points,
    rounded_up,
)
from llmsweep.belief.verdict import Terms
from llmsweep.errors import UsageError

__all__ = ["Recommendation", "cells_table", "recommend"]

ALIKE = 0.05
"""Costs within this share of the cheapest are alike: a smaller gap is noise and must not buy a lower rate."""

TRIES = 3
"""The k of pass@k and pass^k."""
PARTS = {"tasks": "tasks", "cells": "cells", "both": "both together", "within": "chance"}
"""What outcomes differ by, in words."""
SETTLED = 0.002
"""An interval narrower than this leaves nothing to estimate."""

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
        evidence=tuple(_evidence(facts, baseline_cell_id)),
        caveat=doubts[0].text,
        caveats=tuple(doubt.text for doubt in doubts[1:]),
        would_change_it=tuple(_would_change(facts)),
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


def _cheapest(tied: pd.DataFrame, currency: str) -> Any:
    """The cheapest cell; among those that cost alike the one with the highest rate, then the quickest."""
    cost = tied[f"{currency}_mean"]
    alike = tied[cost <= (1 + ALIKE) * cost.min()]
    return alike.sort_values(["rate", "seconds_mean"], ascending=[False, True], kind="stable").index[0]


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


def _evidence(facts: Facts, baseline_cell_id: str) -> list[str]:
    row, table = facts.row, facts.table
    sentences = [
        _estimate(row, len(facts.beliefs.tasks)),
        f"by its own: {int(row['passes'])} of {plural(row['episodes'], 'episode')} on {plural(row['tasks'], 'task')}, "
        f"{percent(row['rate'])} (for tasks like these, 95 %: {percent_range(row['low'], row['high'])})",
    ]
    if facts.chosen != baseline_cell_id and baseline_cell_id in facts.beliefs.cells:
        value, low, high = facts.beliefs.ahead(facts.chosen, baseline_cell_id)
        sentences.append(
            f"{points(value)} points to the baseline on these tasks (95 %: {points(low)} to {points(high)})"
        )
    sentences += _confirmation(facts)
    others = [str(label) for label in table.loc[table["tied"], "label"].drop(facts.chosen, errors="ignore")]
    if others:
        one = (
            "is one of the cells that cannot be told from the best, as"
            if row["tied"]
            else "within reach of the best;"
        )
        sentences.append(f"{one} {'are' if len(others) > 1 else 'is'} {listed(others)}")
    sentences += _repeated(facts)
    sentences += _variance(facts)
    sentences.append(_cost_sentence(facts, baseline_cell_id))
    if facts.budgets is not None:
        sentences += facts.budgets.why
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


def _estimate(row: pd.Series[Any], tasks: int) -> str:
    if row["est_high"] - row["est_low"] < SETTLED:
        return f"passes {percent(row['estimate'])} of these {plural(tasks, 'task')}: it decodes greedily and has run them all"
    return (
        f"passes about {percent(row['estimate'])} of these {plural(tasks, 'task')} "
        f"(95 %: {percent_range(row['est_low'], row['est_high'])}), by all cells' episodes together"
    )


def _repeated(facts: Facts) -> list[str]:
    """What several attempts give, where enough tasks had several."""
    counts = count(facts.data)
    row = counts.cells.index(facts.chosen)
    passes, attempts = counts.passes[row], counts.attempts[row]
    if (attempts >= TRIES).sum() < FEW_TASKS:
        return []
    once, always = pass_at_k(passes, attempts, TRIES), pass_hat_k(passes, attempts, TRIES)
    return [
        f"of {TRIES} attempts at one of {plural(once.tasks, 'task')} at least one passes in {percent(once.value)} "
        f"(pass@{TRIES}; 95 %: {percent_range(once.low, once.high)}), all in {percent(always.value)} "
        f"(pass^{TRIES}; {percent_range(always.low, always.high)})"
    ]


def _variance(facts: Facts) -> list[str]:
    """What makes outcomes differ; nothing where no attempt was repeated, so that chance cannot be told apart."""
    counts = count(facts.data)
    if len(counts.cells) < 2 or not (counts.attempts > 1).any():
        return []
    shares = variance_split(counts.passes, counts.attempts).shares
    if math.isnan(sum(shares.values())):
        return []
    return [
        "outcomes differ by " + ", ".join(f"{PARTS[name]} {percent(part)}" for name, part in shares.items())
    ]


def _confirmation(facts: Facts) -> list[str]:
    found = facts.held
    if found is None or found.decision != "noninferior":
        return []
    return [
        f"held on fresh seeds: {points(found.value)} points to {found.against} on {plural(found.pairs, 'pair')} "
        f"(95 %, valid at any number of looks: {points(found.low)} to {points(found.high)})"
    ]


def _would_change(facts: Facts) -> list[str]:
    table, row = facts.table, facts.row
    sentences = []
    tied = table[table["tied"]]
    if table["passes"].sum() > 0 and len(tied):
        if facts.best != facts.chosen:
            value, low, high = facts.beliefs.ahead(facts.best, facts.chosen)
            best = facts.of(facts.best)
            sentences.append(
                f"Caring for less than {points(facts.terms.delta, sign=False)} points (delta): {best['label']} is at "
                f"{points(value)} points (95 %: {points(low)} to {points(high)}), at {_ratio(best, row, facts.ranked_by)}."
            )
        quick = facts.of(_cheapest(tied, "seconds"))
        if facts.ranked_by == "tokens" and quick["seconds_mean"] * (1 + ALIKE) < row["seconds_mean"]:
            sentences.append(
                f"Counting seconds instead of tokens: {quick['label']} takes "
                f"{amount(quick['seconds_mean'])} s an episode, this one {amount(row['seconds_mean'])} s."
            )
    sentences += _power(facts)
    if budget_ceilings(facts) is not None:
        sentences.append("A larger budget: see the caveat.")
    sentences.append(
        "Another revision of the model, other tasks or other prompts: settings do not carry over."
    )
    return sentences


def _power(facts: Facts) -> list[str]:
    """What it takes to tell the chosen cell from the one most like to beat it elsewhere; nothing where they are told apart."""
    rival = facts.rival()
    if facts.table["passes"].sum() == 0 or rival is None:
        return []
    counts, beliefs = count(facts.data), facts.beliefs
    pair = [counts.cells.index(cell) for cell in (facts.chosen, rival)]
    known = dict(zip(beliefs.cells, beliefs.posterior.certain, strict=True))
    greedy = (bool(known[facts.chosen]), bool(known[rival]))
    split = variance_split(counts.passes, counts.attempts) if (counts.attempts > 1).any() else None
    passes, attempts = ((part[pair[0]], part[pair[1]]) for part in (counts.passes, counts.attempts))
    needed = more_needed(passes, attempts, facts.terms.delta, greedy, split)
    if needed is None or needed.by_tasks == 0:
        return []
    more = f"about {rounded_up(needed.tasks)} tasks ({plural(rounded_up(needed.by_tasks), 'more episode')})"
    if needed.repeats is not None and needed.by_repeats:
        more += (
            f", or about {rounded_up(needed.repeats)} attempts at each of these "
            f"({plural(rounded_up(needed.by_repeats), 'more episode')})"
        )
    elif split is not None and needed.repeats is None:
        more += "; no number of repeats on these tasks would do"
    return [
        f"More tasks: to tell {points(facts.terms.delta, sign=False)} points between it and {facts.of(rival)['label']} "
        f"on tasks like these takes {more}."
    ]


def _ratio(other: pd.Series[Any], row: pd.Series[Any], currency: str) -> str:
    theirs, ours = other[f"{currency}_mean"], row[f"{currency}_mean"]
    if math.isnan(theirs) or math.isnan(ours) or ours == 0:
        return f"an unknown cost in {currency}"
    return f"{theirs / ours:.2g} times the {currency}"
