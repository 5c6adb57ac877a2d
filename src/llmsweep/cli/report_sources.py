"""What a report page is made of, gathered beside the log: what is missing becomes a sentence, and nothing is run for it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llmsweep import environment
from llmsweep.cli.budget_curves import budgets_of
from llmsweep.cli.envelope_kept import recorded
from llmsweep.cli.report_money import money
from llmsweep.cli.views import Views
from llmsweep.errors import LlmsweepError
from llmsweep.probe.keep import kept

if TYPE_CHECKING:
    from llmsweep.analysis.page import Beside, Curves, Sources

MOST_CURVES = 6
"""Cells that get curves: the recommended one, the baseline, those that cannot be told from the best."""


def sources(folder: Path, found: Views) -> Sources:
    from llmsweep.analysis.page import Sources

    return Sources(
        folder=folder,
        about=found.about,
        episodes=found.episodes,
        data=found.data,
        beliefs=found.beliefs,
        recommendation=found.recommendation,
        table=found.table,
        curves=_curves(folder, found),
        money=money(folder),
        beside=_beside(folder, found),
    )


def _curves(folder: Path, found: Views) -> Curves:
    """From the grades that are there: an episode of one turn has one, others where `budgets` or a sweep's end graded."""
    from llmsweep.analysis.page import Curves

    if found.about.policy:
        return Curves(
            found={},
            note="None here: under policy=tiered a smaller budget would have changed when a task is handed over.",
        )
    table = found.table
    best = table[table["tied"]].sort_values("estimate", ascending=False, kind="stable")["cell_id"]
    wanted = [found.recommendation.cell_id, found.about.baseline.id, *best]
    cells = [cell for cell in dict.fromkeys(map(str, wanted)) if cell in set(table["cell_id"])][:MOST_CURVES]
    try:
        curves = budgets_of(folder, found.about, found.episodes, cells, grade=False)
    except LlmsweepError as e:
        return Curves(found={}, note=f"None here: {e}")
    note = f"Workspaces that nobody graded are not graded for this page; llmsweep budgets {folder} --all does it."
    other = len(table) - len(cells)
    if other:
        note += f" {other} other cells are not shown."
    return Curves(found=curves, note=note)


def _beside(folder: Path, found: Views) -> Beside:
    from llmsweep.analysis.page import Beside

    try:
        reports = kept(folder)
    except LlmsweepError:
        reports = []
    probe: Mapping[str, Any] | None = None
    if reports:
        latest = reports[0]
        findings = [
            {"name": f.name, "verdict": f.verdict, "note": f.note, "evidence": f.evidence}
            for f in latest.findings
        ]
        probe = {"at": latest.at, "provider": latest.provider, "cost": latest.cost, "findings": findings}
    return Beside(
        spent=_spent(found),
        probe=probe,
        runs=_runs(folder),
        envelopes=[line.in_words() for line in recorded(folder)],
    )


def _spent(found: Views) -> str:
    from llmsweep.analysis.wording import amount, plural

    data = found.data
    tokens, unknown = data["tokens"].sum(), int(data["tokens"].isna().sum())
    said = f"{amount(float(tokens))} tokens" + (
        f" (not reported by {plural(unknown, 'episode')})" if unknown else ""
    )
    hours = float(data["duration_s"].sum()) / 3600
    return (
        f"{plural(len(data), 'episode')}, {said}, {amount(hours)} hours of episodes end to end, "
        f"{plural(int(data['faults'].sum()), 'fault')}"
    )


_RUN: Mapping[str, Any] = {
    **dict.fromkeys(("at", "load", "provider", "server", "slots", "revision"), ""),
    "machine": dict.fromkeys(("cpu", "cores", "memory_gb"), "?"),
    "versions": {"llmsweep": "?"},
}
"""Every field of a run that a page shows, where it was not recorded."""


def _runs(folder: Path) -> Sequence[Mapping[str, Any]]:
    try:
        entries = json.loads((folder / environment.FILE).read_bytes())
        return [
            {**_RUN, **run, **{part: {**_RUN[part], **run.get(part, {})} for part in ("machine", "versions")}}
            for run in entries
        ]
    except (OSError, ValueError, TypeError, AttributeError):
        return []
