"""One model's log as the views that every way of showing it starts from: frame, belief, recommendation, table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from llmsweep import manifest
from llmsweep.cli.budget_curves import recommended_budgets
from llmsweep.errors import UsageError
from llmsweep.manifest import Manifest
from llmsweep.store import find_logs, read_episodes
from llmsweep.types import Cell, Episode

if TYPE_CHECKING:
    from llmsweep.analysis.beliefs import Beliefs
    from llmsweep.analysis.frame import Frame
    from llmsweep.analysis.recommend import Recommendation


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """``episodes``: the log's current ones; ``table``: of `cells_table`."""

    folder: Path
    about: Manifest
    episodes: list[Episode]
    data: Frame
    beliefs: Beliefs
    recommendation: Recommendation
    table: Frame

    @property
    def cell(self) -> Cell:
        """The recommended one, as it ran."""
        return next(one.cell for one in self.episodes if one.cell_id == self.recommendation.cell_id)


def views(folder: Path, *, grade: int = 0) -> Views | None:
    """None where no episode is scored yet. ``grade``: so many kept workspaces of the recommended cell may be graded for
    its budgets, which runs hidden tests.
    """
    from llmsweep.analysis.concluded import concluded

    about = manifest.read(folder)
    episodes = list(about.current(read_episodes(folder)))
    if not any(episode.passed is not None for episode in episodes):
        return None
    found = concluded(
        about,
        episodes,
        # Cut short, a tiered episode would have been handed over at another time: no smaller budget can be read off it.
        None if about.policy else lambda cell: recommended_budgets(folder, about, episodes, cell, most=grade),
    )
    return Views(
        folder=folder,
        about=about,
        episodes=episodes,
        data=found.data,
        beliefs=found.beliefs,
        recommendation=found.recommendation,
        table=found.table,
    )


def one_log(path: Path) -> Path:
    """The folder of the one model there. Raises UsageError where there is none, or several."""
    if not path.is_dir():
        raise UsageError(f"{path}: there is no such folder; name the one with the results.")
    found = find_logs(path)
    if len(found) > 1:
        raise UsageError(f"{path}: it has several models; name one: {', '.join(map(str, found))}.")
    return found[0]


def of(path: Path) -> Views:
    """Of the one model at ``path``. Raises UsageError where there is nothing to conclude from."""
    folder = one_log(path)
    if (found := views(folder)) is None:
        raise UsageError(f"{folder}: no scored episode yet; the sweep's command goes on with it.")
    return found
