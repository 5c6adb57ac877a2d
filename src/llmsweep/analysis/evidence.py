"""What speaks for a recommendation, sentence by sentence, and what would change it."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from llmsweep.analysis.caveats import FEW_TASKS, Facts, budget_ceilings
from llmsweep.analysis.cells import CEILINGS, count
from llmsweep.analysis.frame import SLIPS
from llmsweep.analysis.stats import more_needed, pass_at_k, pass_hat_k, variance_split
from llmsweep.analysis.wording import amount, listed, percent, percent_range, plural, points, rounded_up

ALIKE = 0.05
"""Costs within this share of the cheapest are alike: a smaller gap is noise and must not buy a lower rate."""

TRIES = 3
"""The k of pass@k and pass^k."""
PARTS = {"tasks": "tasks", "cells": "cells", "both": "both together", "within": "chance"}
"""What outcomes differ by, in words."""
SETTLED = 0.002
"""An interval narrower than this leaves nothing to estimate."""


def evidence(facts: Facts, baseline_cell_id: str) -> list[str]:
    row, table = facts.row, facts.table
    sentences = [
        _estimate(row, len(facts.beliefs.tasks)),
        f"by its own: {int(row['passes'])} of {plural(row['episodes'], 'episode')} on {plural(row['tasks'], 'task')}, "
        f"{percent(row['rate'])} (for tasks like these, 95 %: {percent_range(row['low'], row['high'])})",
    ]
    sentences += _handed_over(facts)
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


def _handed_over(facts: Facts) -> list[str]:
    """That the rate is not the model's own, where another one took tasks over."""
    rows = facts.data[facts.data["cell_id"] == facts.chosen]
    names = [str(name) for name in rows["frontier"].dropna().unique()]
    if not names:
        return []
    share = float(rows["trigger"].notna().mean())
    return [
        f"it did not work alone: {listed(names)} took over {percent(share)} of its episodes; the rate is of both together, and"
        " what is cheapest counts the tokens of both alike, whatever each costs",
        "turns and tokens are as asked: in a shorter episode the task would have been handed over at another time, so that"
        " no smaller budget can be read off these",
    ]


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


def would_change(facts: Facts) -> list[str]:
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


def _cheapest(tied: pd.DataFrame, currency: str) -> Any:
    """The cheapest cell; among those that cost alike the one with the highest rate, then the quickest."""
    cost = tied[f"{currency}_mean"]
    alike = tied[cost <= (1 + ALIKE) * cost.min()]
    return alike.sort_values(["rate", "seconds_mean"], ascending=[False, True], kind="stable").index[0]


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
