"""The numbers behind each picture of a page, as plain lists; the page draws them and changes none."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from llmsweep.analysis.budgets import CellBudgets, Curve
from llmsweep.analysis.cells import CEILINGS, axis_slice, count
from llmsweep.analysis.frame import SLIPS, choosing, varied
from llmsweep.analysis.page.sources import Sources
from llmsweep.analysis.wording import amount, axis_name, belief, level_name, percent, percent_range

CHEAP = 0.01
"""Dollars of an attempt below which a thousand of them are easier to read."""
MOST_LETTERS = 200
"""Of what a fault said."""
TO_SCALE = {"temperature", "top_p", "min_p"}
"""Axes whose levels stand at their value; the others stand side by side, in order."""
NOMINAL = {"protocol", "prompt"}
"""Axes whose levels have no order, so that no line joins them."""


def cells(of: Sources) -> list[dict[str, Any]]:
    """Every cell in the table's order, with what its marks say."""
    table = of.table
    rows = [table.loc[[cell]].iloc[0] for cell in table.index]
    return [
        {
            "id": str(row["cell_id"]),
            "label": str(row["label"]),
            "recommended": row["cell_id"] == of.recommendation.cell_id,
            "baseline": bool(row["baseline"]),
            "tied": bool(row["tied"]),
            "rate": number(row["estimate"]),
            "low": number(row["est_low"]),
            "high": number(row["est_high"]),
            "said": f"{percent(row['estimate'])} ({percent_range(row['est_low'], row['est_high'])})",
            "seen": f"{int(row['passes'])}/{int(row['episodes'])}",
            "belief": belief(row["belief"]),
            "faults": int(row["faults"]),
            "unscored": int(row["unscored"]),
            "passed": int(row["passes"]),
            **{name: int(row[f"ceiling_{name}"]) for name in CEILINGS},
        }
        for row in rows
    ]


def axes(of: Sources) -> list[dict[str, Any]]:
    """A panel for each varied axis: the cells that differ from the recommended one in it alone, else from the baseline."""
    ran = choosing(of.data)
    rows = ran[ran["cell_id"].isin(of.beliefs.cells)]
    place = {cell: i for i, cell in enumerate(of.table.index)}
    around = [of.recommendation.cell_id, of.recommendation.baseline_cell_id]
    panels = []
    for axis in varied(rows):
        found = axis_slice(rows, axis, around)
        levels = [level_name(level) for level in found["level"]]
        xs = (
            [float(level) for level in found["level"]]
            if axis in TO_SCALE and not found["level"].isna().any()
            else None
        )
        panels.append(
            {
                "name": axis_name(axis),
                "joined": axis not in NOMINAL,
                "xs": xs,
                "levels": levels,
                "cells": [place[cell] for cell in found["cell_id"]],
                "tiers": [] if axis in NOMINAL else _tiers(of, list(found["cell_id"])),
            }
        )
    return panels


def _tiers(of: Sources, shown: Sequence[str]) -> list[dict[str, Any]]:
    """The rate of each of two to four tiers in these cells, as the belief model has it."""
    tier_of = of.data.dropna(subset=["tier"]).groupby("task_id")["tier"].first()
    tiers = sorted({int(tier) for tier in tier_of})
    if not 1 < len(tiers) <= 4:
        return []
    columns = [of.beliefs.cells.index(cell) for cell in shown]
    return [
        {
            "tier": tier,
            "rates": numbers(
                of.beliefs.posterior.rates[
                    np.ix_(
                        [i for i, task in enumerate(of.beliefs.tasks) if tier_of.get(task) == tier], columns
                    )
                ].mean(axis=0)
            ),
        }
        for tier in tiers
    ]


def costs(of: Sources) -> list[dict[str, Any]]:
    """What an episode takes in each currency, by cell, and which cells are on the Pareto front of it and the pass rate."""
    table = of.table
    dollars = [of.money.attempt.get(str(cell), math.nan) for cell in table["cell_id"]]
    many = 1_000 if max((d for d in dollars if math.isfinite(d)), default=1.0) < CHEAP else 1
    a_lot = "a thousand attempts" if many > 1 else "an attempt"
    kinds = [
        (
            "tokens",
            "tokens an episode, mean",
            table["tokens_mean"].tolist(),
            "No episode reported its tokens.",
        ),
        ("seconds", "seconds an episode, mean", table["seconds_mean"].tolist(), "No seconds are known."),
        ("dollars", f"dollars {a_lot}, mean", [many * d for d in dollars], of.money.basis),
    ]
    rates = table["estimate"].tolist()
    return [
        {
            "kind": kind,
            "name": name,
            "values": numbers(values),
            "said": [amount(value) for value in values],
            "front": front(values, rates),
            "note": note if kind == "dollars" or not any(map(math.isfinite, values)) else "",
        }
        for kind, name, values, note in kinds
    ]


def front(spent: Sequence[float], rates: Sequence[float]) -> list[int]:
    """The places that no other beats in one without losing in the other, by rising cost."""
    known = [i for i in range(len(spent)) if math.isfinite(spent[i]) and math.isfinite(rates[i])]
    found: list[int] = []
    for i in sorted(known, key=lambda i: (spent[i], -rates[i])):
        if not found or rates[i] > rates[found[-1]]:
            found.append(i)
    return found


def budgets(of: Sources) -> dict[str, Any]:
    """The curves of every cell that has some, and in words what has none."""
    names = dict(zip(of.table["cell_id"].astype(str), of.table["label"].astype(str), strict=True))
    curves, missing = [], []
    for cell, found in of.curves.found.items():
        if found is None:
            missing.append(names[cell])
        else:
            curves.append({"cell": names[cell], **_curves(found)})
    return {"curves": curves, "missing": missing, "note": of.curves.note}


def _curves(found: CellBudgets) -> dict[str, Any]:
    return {
        "episodes": found.episodes,
        "left_out": found.left_out,
        "absent": dict(found.absent),
        "kinds": [_curve(curve) for curve in found.curves.values()],
    }


def _curve(curve: Curve) -> dict[str, Any]:
    return {
        "kind": curve.kind,
        "budget": [point.budget for point in curve.points],
        "at": numbers([point.at.value for point in curve.points]),
        "low": numbers([point.at.low for point in curve.points]),
        "high": numbers([point.at.high for point in curve.points]),
        "by": numbers([point.by.value for point in curve.points]),
        "enough": next(i for i, point in enumerate(curve.points) if point is curve.enough),
        "rises": curve.rises,
    }


def heat(of: Sources) -> dict[str, Any]:
    """Passes and attempts of every task in every cell, and faults and how far tasks differ beside them."""
    counts = count(choosing(of.data))
    order = [counts.cells.index(cell) for cell in of.table.index]
    tiers = of.data.drop_duplicates("task_id").set_index("task_id")["tier"]
    return {
        "tasks": counts.tasks,
        "tiers": [None if pd.isna(tiers[task]) else int(tiers[task]) for task in counts.tasks],
        "passes": counts.passes[order].T.tolist(),
        "attempts": counts.attempts[order].T.tolist(),
    }


def slips(of: Sources) -> list[dict[str, Any]]:
    """Every kind of slip that occurred, by cell, most frequent first."""
    counts = {slip: of.table[f"slip_{slip}"].astype(int).tolist() for slip in SLIPS}
    occurred = sorted((slip for slip in SLIPS if sum(counts[slip])), key=lambda slip: -sum(counts[slip]))
    return [{"name": slip.replace("_", " "), "counts": counts[slip]} for slip in occurred]


def faults(of: Sources) -> list[dict[str, Any]]:
    """Whose infrastructure broke and with what words, most frequent first."""
    broken = Counter((e.fault, _first_line(e.error)) for e in of.episodes if e.fault)
    return [{"fault": fault, "error": error, "count": n} for (fault, error), n in broken.most_common()]


def _first_line(text: str | None) -> str:
    return next(iter((text or "").strip().splitlines()), "")[:MOST_LETTERS]


def number(value: Any) -> float | None:
    """For JSON, which has no NaN; six digits are more than a picture shows."""
    return None if pd.isna(value) else float(f"{float(value):.6g}")


def numbers(values: Any) -> list[float | None]:
    return [number(value) for value in values]
