"""A recorded sweep of one model on one suite: everything about it is read off its log when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from llmsweep import manifest
from llmsweep.agent.regrade import Grades, given
from llmsweep.analysis.beliefs import Beliefs
from llmsweep.analysis.budgets import CellBudgets, budgets_table, cell_budgets, chosen_budgets
from llmsweep.analysis.cells import count
from llmsweep.analysis.concluded import Concluded, concluded
from llmsweep.analysis.frame import choosing, turns_frame
from llmsweep.analysis.recommend import Recommendation
from llmsweep.analysis.report import as_text
from llmsweep.analysis.wording import plural
from llmsweep.api.columns import typed
from llmsweep.errors import UsageError, nearest
from llmsweep.manifest import Manifest
from llmsweep.store import find_logs, read_episodes
from llmsweep.types import Episode


def load(path: str | PathLike[str]) -> Sweep:
    """The sweep in a results folder, or in one model's folder of it.

    Raises UsageError where there is none, where there are several models, and where nothing is scored yet.
    """
    found = load_all(path)
    if len(found) > 1:
        names = ", ".join(sweep.folder.name for sweep in found)
        raise UsageError(
            f"{path}: it has several models ({names}); name the folder of one, or take all with load_all."
        )
    return found[0]


def load_all(path: str | PathLike[str]) -> list[Sweep]:
    """One sweep a model of a results folder, by name. Raises UsageError as `load` does."""
    folder = Path(path).expanduser()
    if not folder.is_dir():
        raise UsageError(
            f"{path}: there is no such folder; name one with results, such as results/published/demo."
        )
    return [Sweep(log) for log in find_logs(folder)]


class Sweep:
    """Frames with the documented columns of `llmsweep.columns`, and the recommendation.

    ``manifest``: what the sweep was about. Only current episodes are in it: those of the manifest's tasks, prompts and
    weights; a log may hold others.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest: Manifest = manifest.read(folder)
        self.recorded: tuple[Episode, ...] = tuple(self.manifest.current(read_episodes(folder)))
        if not any(episode.passed is not None for episode in self.recorded):
            raise UsageError(
                f"{folder}: no episode is scored yet; run the sweep's command again, it goes on."
            )

    def __repr__(self) -> str:
        scored = int(self.episodes["passed"].notna().sum())
        return (
            f"<Sweep {self.model} on {self.suite}: {plural(scored, 'scored episode')}, "
            f"{plural(len(self.cells), 'cell')}, {plural(self.recommendation.covered, 'task')}>"
        )

    @property
    def model(self) -> str:
        return self.manifest.model

    @property
    def suite(self) -> str:
        return self.manifest.suite

    @property
    def baseline(self) -> str:
        """The id of the cell that others are compared with."""
        return self.manifest.baseline.id

    @property
    def recommendation(self) -> Recommendation:
        """The cell to ship, its status, evidence and caveats; `print(sweep.report())` has it in words."""
        return self._concluded.recommendation

    @property
    def beliefs(self) -> Beliefs:
        """What the episodes make one believe of the cells."""
        return self._concluded.beliefs

    @property
    def episodes(self) -> pd.DataFrame:
        """One row an episode: columns("episodes")."""
        return self._concluded.data

    @cached_property
    def turns(self) -> pd.DataFrame:
        """One row a turn: columns("turns")."""
        return turns_frame(self.recorded)

    @cached_property
    def cells(self) -> pd.DataFrame:
        """One row a cell, the baseline first: columns("cells")."""
        table = self._concluded.table
        return typed(table.assign(recommended=table["cell_id"] == self.recommendation.cell_id), "cells")

    @cached_property
    def tasks(self) -> pd.DataFrame:
        """One row a task and cell, also where that was not tried: columns("tasks")."""
        counts, beliefs = count(choosing(self.episodes)), self.beliefs
        tiers = self.episodes.groupby("task_id")["tier"].first()
        names = self.cells.set_index("cell_id")["label"]
        believed = pd.DataFrame(beliefs.posterior.rates, index=beliefs.tasks, columns=beliefs.cells)
        believed = believed.reindex(index=counts.tasks, columns=counts.cells)
        rows: list[dict[str, Any]] = [
            {
                **{"task_id": task, "tier": tiers[task], "cell_id": cell, "label": names[cell]},
                **{"attempts": counts.attempts[c, t], "passes": counts.passes[c, t]},
                **{"rate": counts.rates[c, t], "estimate": believed.at[task, cell]},
            }
            for t, task in enumerate(counts.tasks)
            for c, cell in enumerate(counts.cells)
        ]
        return typed(pd.DataFrame(rows), "tasks")

    @cached_property
    def faults(self) -> pd.DataFrame:
        """One row an attempt that infrastructure broke; most sweeps have none: columns("faults")."""
        names = (
            "key",
            "task_id",
            "cell_id",
            "repeat",
            "fault",
            "duration_s",
            "machine",
            "error",
            "started_at",
        )
        rows = [[getattr(episode, name) for name in names] for episode in self.recorded if episode.fault]
        return typed(pd.DataFrame(rows, columns=list(names), dtype="object"), "faults")

    @cached_property
    def budget_curves(self) -> dict[str, CellBudgets]:
        """Cell id -> its curves, of cells with episodes whose every turn is graded; see `budgets`."""
        if self.manifest.policy is not None:  # cut short, each would have been handed over at another time
            return {}
        known = {**Grades.latest(self.folder).known, **given(self.recorded)}
        cells = {
            cell: cell_budgets(
                (e for e in self.recorded if e.cell_id == cell), known, delta=self.manifest.delta
            )
            for cell in self.cells["cell_id"]
        }
        return {cell: curves for cell, curves in cells.items() if curves is not None}

    @cached_property
    def budgets(self) -> pd.DataFrame:
        """One row a cell, kind and budget: what smaller budgets would have given. Nothing is graded here: `llmsweep
        budgets DIR --all` does that, and a cell none of whose episodes is graded turn by turn is not in it: columns("budgets").
        """
        names = self.cells.set_index("cell_id")["label"]
        return typed(
            budgets_table({names[cell]: curves for cell, curves in self.budget_curves.items()}), "budgets"
        )

    def report(self, width: int = 100) -> str:
        """The table and the recommendation as `llmsweep results show` prints them."""
        return as_text(self._concluded.table, self.recommendation, width)

    def cell(self, word: str | None = None) -> str:
        """The id of the cell that ``word`` names: the first digits of an id, a label, None for the recommended one.

        Raises UsageError where there is none, or several.
        """
        if word is None:
            return self.recommendation.cell_id
        found = list(self._matching(word))
        if len(found) != 1:
            known = nearest(word, self.cells["label"])
            raise UsageError(
                f"cell {word!r}: {'several cells begin so' if found else 'there is no such cell'}; {known}"
            )
        return found[0]

    def _matching(self, word: str) -> Iterator[str]:
        for cell, label in zip(self.cells["cell_id"], self.cells["label"], strict=True):
            if word and (str(cell).startswith(word) or label == word):
                yield str(cell)

    @cached_property
    def _concluded(self) -> Concluded:
        return concluded(self.manifest, self.recorded, None if self.manifest.policy else self._chosen)

    def _chosen(self, cell: str) -> Any:
        mine = [e for e in self.recorded if e.cell_id == cell]
        if mine[0].cell.budget.turns == 1:
            return None
        known = {**Grades.latest(self.folder).known, **given(self.recorded)}
        found = cell_budgets(mine, known, delta=self.manifest.delta)
        return None if found is None else chosen_budgets(found)
