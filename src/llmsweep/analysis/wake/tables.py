"""A filter's report as files: every threshold of every cell in a CSV, and all figures of the choice in JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import msgspec
import pandas as pd

from llmsweep.analysis.wake.report import Report, Row
from llmsweep.analysis.wake.rules import Rate, counts, rate, rules_of
from llmsweep.calls import Part

_PARTS: tuple[Part, Part] = ("tune", "heldout")


def curve_table(report: Report) -> pd.DataFrame:
    """One row a cell, rule and part: recall and false-wake rate with their 95 % intervals; ``chosen`` marks the choice."""
    return pd.DataFrame(row for one in report.rows for row in _rows(report, one))


def _rows(report: Report, row: Row) -> Iterator[dict[str, Any]]:
    for rule in rules_of(row.heard):
        for part in _PARTS:
            real, noise = (rate(of) for of in counts(row.heard, rule, part))
            yield {
                "cell": row.heard.cell.id,
                "label": row.label,
                "rule": rule.kind,
                "threshold": rule.threshold,
                "calls": rule.calls,
                "part": part,
                **_named("recall", real),
                **_named("false_wake", noise),
                "cells_choice": rule == row.chosen.rule,
                "chosen": row is report.chosen and rule == row.chosen.rule,
            }


def _named(name: str, of: Rate) -> dict[str, float]:
    return {name: of.value, f"{name}_low": of.low, f"{name}_high": of.high, f"{name}_triggers": of.triggers}


def as_json(report: Report) -> bytes:
    """The choice and its worth; what is not known is null."""
    row, found = report.chosen, report.worth
    figures = {
        name: value._asdict()
        for name in ("cost", "saved", "precision", "signal")
        if (value := getattr(found, name)) is not None
    }
    said = {
        "model": report.about.model,
        "triggers": report.about.source,
        "parted": report.about.parted,
        "tuned_by": report.by,
        "required_recall": report.required,
        "cell": row.heard.cell,
        "rule": asdict(row.chosen.rule),
        "score": "logprobs" if row.heard.scored else "share of repeats",
        "tune": {"recall": row.chosen.recall, "false_wake": row.chosen.false_wake},
        "heldout": _heldout(report),
        "call": {**row.money._asdict(), "calls_a_decision": row.chosen.rule.calls},
        "latency_s": asdict(row.clocks.seconds),
        "ttft_s": asdict(row.clocks.ttft),
        "tokens": {"read": row.clocks.read, "made": row.clocks.made},
        "neither": row.neither,
        "faults": sum(one.heard.broken for one in report.rows),
        "verdict": found.word,
        "terms": asdict(found.terms),
        "stakes": found.stakes,
        "money": {
            **figures,
            "tolerable_miss": found.tolerable,
            "break_even_miss": found.miss,
            "pays": found.pays._asdict() if found.pays else None,
            "turns": found.turns,
        },
    }
    return msgspec.json.format(msgspec.json.encode(_finite(msgspec.to_builtins(said))), indent=1) + b"\n"


def _heldout(report: Report) -> dict[str, Any]:
    row, (chosen, recall, false_wake) = report.chosen, report.at_recall
    return {
        "recall": row.recall._asdict(),
        "false_wake": row.false_wake._asdict(),
        "confusion": confusion(report),
        "consistent": row.consistent._asdict(),
        "at_required_recall": {
            "rule": asdict(chosen.rule),
            "met_on_tune": chosen.met,
            "recall": recall._asdict(),
            "false_wake": false_wake._asdict(),
        },
    }


def confusion(report: Report) -> dict[str, dict[str, int]]:
    """Label -> decision -> how many on the held-out part."""
    return {
        label: {"wake": int(of.woken.sum()), "skip": int((of.made - of.woken).sum())}
        for label, of in (("wake", report.real), ("skip", report.noise))
    }


def _finite(value: Any) -> Any:
    """JSON has no infinity: what has no bound or is not known is null."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
