"""Everything that a filter's log says: each cell tuned, the choice, and what it does on triggers that chose nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import NamedTuple

import numpy as np

from llmsweep.analysis.costs.draws import DRAWS
from llmsweep.analysis.stats import Interval, wilson
from llmsweep.analysis.wake.calling import CallMoney, Clocks, Tariff, busy_seconds, call_money, clocks
from llmsweep.analysis.wake.heard import Heard, hear
from llmsweep.analysis.wake.money import Stakes
from llmsweep.analysis.wake.rules import Counts, Rate, Rule, counts, rate
from llmsweep.analysis.wake.tuning import Chosen, best, by_money, by_recall
from llmsweep.analysis.wake.worth import Terms, Worth, worth
from llmsweep.analysis.wording import settings
from llmsweep.calls import About
from llmsweep.errors import UsageError
from llmsweep.types import Cell, Sampling


class Row(NamedTuple):
    """One cell: its rule by the tuning part, its rates on the held-out part, and what a call of it is."""

    label: str
    chosen: Chosen
    recall: Rate
    false_wake: Rate
    consistent: Rate
    neither: int
    clocks: Clocks
    money: CallMoney

    @property
    def heard(self) -> Heard:
        return self.chosen.heard

    @property
    def decision_dollars(self) -> float:
        """f: a decision may take several calls."""
        return self.money.dollars * self.chosen.rule.calls


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """``rows``: every cell, in the order of the run; ``chosen``: the one that the tuning part chose; ``by``: money or recall;
    ``at_recall``: the chosen cell's rule for the required recall, with its rates on the held-out part.
    """

    about: About
    rows: tuple[Row, ...]
    chosen: Row
    by: str
    required: float
    real: Counts
    noise: Counts
    at_recall: tuple[Chosen, Rate, Rate]
    worth: Worth


class Wanted(NamedTuple):
    """How to tune: ``by`` money or recall, None: money where all of it is known."""

    terms: Terms
    tariff: Tariff
    required: float
    by: str | None = None
    seed: int = 0
    draws: int = DRAWS


def read_report(folder: Path, wanted: Wanted) -> Report:
    """Raises UsageError where the log has no scored call, or money is asked for of which something is not known."""
    about, cells = hear(folder)
    money = [call_money(h, busy, wanted.tariff) for h, busy in zip(cells, busy_seconds(cells), strict=True)]
    by = wanted.by or _by(wanted, money)
    stakes = _stakes(wanted, dict(zip(map(id, cells), money, strict=True))) if by == "money" else None
    each = [
        by_recall(heard, wanted.required) if stakes is None else by_money(heard, stakes, wanted.required)
        for heard in cells
    ]
    labels = _labels(cells)
    rows = tuple(_row(*one) for one in zip(labels, each, money, strict=True))
    chosen = rows[each.index(best(each, stakes, wanted.required))]
    real, noise = counts(chosen.heard, chosen.chosen.rule, "heldout")
    if not (len(real.made) and len(noise.made)):
        raise UsageError(
            f"{folder}: the held-out part has no scored call about a {'real' if not len(real.made) else 'noise'} trigger yet;"
            " run the filter on."
        )
    return Report(
        about=about,
        rows=rows,
        chosen=chosen,
        by=by,
        required=wanted.required,
        real=real,
        noise=noise,
        at_recall=_at_recall(chosen.heard, wanted.required),
        worth=worth(wanted.terms, chosen.decision_dollars, real, noise, wanted.seed),
    )


def _by(wanted: Wanted, money: Sequence[CallMoney]) -> str:
    known = all(wanted.terms.stakes(one.dollars) is not None for one in money)
    return "money" if known else "recall"


def _stakes(wanted: Wanted, money: dict[int, CallMoney]) -> Callable[[Heard, Rule], Stakes]:
    def stakes(heard: Heard, rule: Rule) -> Stakes:
        found = wanted.terms.stakes(money[id(heard)].dollars * rule.calls)
        if found is None:
            raise UsageError(
                "wake.by=money: it needs wake.cycle, wake.miss, wake.signal and what a call costs (a price, a host, or"
                " wake.call); give them, or tune by recall."
            )
        return found

    return stakes


def _at_recall(heard: Heard, required: float) -> tuple[Chosen, Rate, Rate]:
    chosen = by_recall(heard, required)
    real, noise = counts(heard, chosen.rule, "heldout")
    return chosen, rate(real), rate(noise)


def _row(label: str, chosen: Chosen, money: CallMoney) -> Row:
    heard = chosen.heard
    real, noise = counts(heard, chosen.rule, "heldout")
    return Row(
        label=label,
        chosen=chosen,
        recall=rate(real),
        false_wake=rate(noise),
        consistent=_consistent(heard),
        neither=int(heard.neither.sum()),
        clocks=clocks(heard),
        money=money,
    )


def _consistent(heard: Heard) -> Rate:
    """The share of held-out triggers, of those with two calls or more, whose calls all said the same."""
    held = np.array([trigger.part == "heldout" for trigger in heard.triggers])
    made = np.bincount(heard.owner, minlength=len(held))
    said = np.where(heard.neither, 2, heard.woke)
    same = np.ones(len(held), dtype=np.bool_)
    for word in (0, 1, 2):
        times = np.bincount(heard.owner, said == word, len(held))
        same &= (times == 0) | (times == made)
    asked = held & (made > 1)
    number, alike = int(asked.sum()), int((same & asked).sum())
    interval = wilson(alike, number) if number else Interval(low=0.0, high=1.0)
    return Rate(alike / number if number else math.nan, interval.low, interval.high, number)


def _labels(cells: Sequence[Heard]) -> list[str]:
    """Each cell by the axes in which they differ; a single one by its prompt."""

    def levels(cell: Cell) -> dict[str, object]:
        sampled = {f.name: getattr(cell.sampling, f.name) for f in fields(Sampling) if f.name != "seed"}
        return {"prompt": cell.prompt, **sampled}

    each = [levels(heard.cell) for heard in cells]
    varied = [axis for axis in each[0] if len({str(one[axis]) for one in each}) > 1] or ["prompt"]
    return [settings({axis: one[axis] for axis in varied}) for one in each]
