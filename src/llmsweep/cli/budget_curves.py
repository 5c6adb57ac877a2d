"""The curves of a log's cells, their workspaces graded first where that is wanted: by the suite and sandbox of its config.yaml."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from llmsweep.agent.regrade import Bench, Grades, Place, Tally, given, regrade, verifier_id, wanted
from llmsweep.cli.progress import say
from llmsweep.errors import LlmsweepError, UsageError
from llmsweep.manifest import Manifest
from llmsweep.store import SNAPSHOTS
from llmsweep.types import FRESH, Episode

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from llmsweep.analysis.budgets import CellBudgets, Chosen

CONFIG = "config.yaml"
CHECKED = 20
"""Ends that are graded again too, to see whether restored workspaces grade as the live ones did."""
PLAIN_EVERY_S = 15.0


def recommended_budgets(
    folder: Path, about: Manifest, episodes: Sequence[Episode], cell: str, *, most: int
) -> Chosen | None:
    """The turns and tokens to ship a cell with, for a recommendation; what prevents them is a note, never an error.

    Workspaces that are not graded yet are graded now where they are at most ``most``; with 0 nothing is ever run. None
    where nothing smaller can be said: one turn was asked for, or no episode is graded turn by turn.
    """
    from llmsweep.analysis.budgets import chosen_budgets

    mine = _scored(episodes, [cell])
    if not mine or mine[0].cell.budget.turns == 1:
        return None
    try:
        owed = _owed(folder, episodes, mine) if most else []
        if len(owed) > most:
            say(f"note: {len(owed)} kept workspaces are not graded yet; llmsweep budgets {folder} does it")
        found = budgets_of(folder, about, episodes, [cell], grade=0 < len(owed) <= most)[cell]
    except LlmsweepError as e:
        say(f"note: no budgets: {e}")
        return None
    return None if found is None else chosen_budgets(found)


def budgets_of(
    folder: Path, about: Manifest, episodes: Sequence[Episode], cells: Sequence[str], *, grade: bool
) -> dict[str, CellBudgets | None]:
    """The curves of some cells; None where no episode of one is graded turn by turn.

    ``episodes``: the log's current ones, of all cells, since equal workspaces share a verdict; ``grade``: whether to grade
    what is not known yet, which runs hidden tests: a fraction of a second a workspace in most suites. Raises UsageError
    where config.yaml does not say which suite and sandbox that takes, UnfitError where the sandbox cannot run here.
    """
    from llmsweep.analysis.budgets import cell_budgets

    mine, known = _scored(episodes, cells), given(episodes)
    if (folder / CONFIG).is_file() or (grade and any(place not in known for place in wanted(mine))):
        config = _config(folder)
        grades = _grades(folder, config)
        if grades.damaged:
            say(f"note: {grades.damaged} damaged lines in {grades.path} are passed over")
        if grade:
            _grade(folder, about, config, _owed(folder, episodes, mine), grades)
            _check(folder, about, config, _ends(mine, known), known, grades)
        known = {**grades.known, **known}
    return {
        cell: cell_budgets((e for e in mine if e.cell_id == cell), known, delta=about.delta) for cell in cells
    }


def _scored(episodes: Sequence[Episode], cells: Sequence[str]) -> list[Episode]:
    """What the curves of these cells are made of. Not of tiered episodes: cut short, each would have been handed over at
    another time.
    """
    alone = [e for e in episodes if e.policy is None]
    return [e for e in alone if e.cell_id in cells and e.passed is not None and e.repeat < FRESH]


def _owed(folder: Path, episodes: Sequence[Episode], mine: Sequence[Episode]) -> list[Place]:
    """The workspaces whose verdict neither the log nor the file has."""
    known = {**_grades(folder, _config(folder)).known, **given(episodes)}
    return [place for place in wanted(mine) if place not in known]


def _ends(mine: Sequence[Episode], known: Mapping[Place, bool]) -> list[Place]:
    """A few of the workspaces whose verdict the log has, evenly."""
    ends = [place for place in wanted(mine) if place in known]
    return ends[:: max(1, len(ends) // CHECKED)][:CHECKED]


def _grade(folder: Path, about: Manifest, config: DictConfig, owed: Sequence[Place], grades: Grades) -> None:
    """Grade what is owed, and say what could not be."""
    if not owed:
        return
    bench = _bench(folder, about, config)
    say(f"{folder}: {len(owed)} kept workspaces to grade")
    try:
        with _progress(len(owed)) as step:
            tally = regrade(owed, bench, grades, step)
    except KeyboardInterrupt:
        say(f"interrupted: what was graded is kept in {grades.path}; the same command goes on", always=True)
        raise
    _tell(tally)


def _check(
    folder: Path,
    about: Manifest,
    config: DictConfig,
    ends: Sequence[Place],
    known: Mapping[Place, bool],
    grades: Grades,
) -> None:
    """Grade a few ends again, once, and say where the verdict differs from that of their episode."""
    owed = [place for place in ends if place not in grades.known]
    if owed:
        regrade(owed, _bench(folder, about, config), grades)
    twice = [place for place in known if place in grades.known]
    if differing := sum(known[place] != grades.known[place] for place in twice):
        say(
            f"note: {differing} of {len(twice)} ends grade otherwise now than when their episode ended: the hidden"
            " tests are not steady, or look at more than the workspace; trust these curves less"
        )


def _tell(tally: Tally) -> None:
    """What could not be graded."""
    if tally.changed:
        say(
            f"note: {tally.changed} workspaces are of tasks that have changed since (or are not in the suite any more);"
            " hidden tests of now say nothing of them, and their episodes are left out"
        )
    if tally.missing:
        say(f"note: {tally.missing} workspaces are missing in {SNAPSHOTS}/; their episodes are left out")
    if tally.partial:
        say(f"note: {tally.partial} workspaces were kept in part only; their episodes are left out")
    if tally.faults:
        say(f"note: {tally.faults} workspaces could not be graded, to be tried again: {tally.error}")


def _config(folder: Path) -> DictConfig:
    """Raises UsageError where there is none."""
    from omegaconf import OmegaConf

    path = folder / CONFIG
    try:
        config: Any = OmegaConf.load(path)
        for key in ("suite", "sandbox"):
            if key not in config:
                raise ValueError(f"it has no {key}")
    except Exception as e:  # of YAML's parser, whatever it is
        raise UsageError(
            f"{path}: cannot be read ({' '.join(str(e).split())}); it says which suite and sandbox grade the workspaces."
        ) from e
    return config  # type: ignore[no-any-return]


def _grades(folder: Path, config: DictConfig) -> Grades:
    """What was graded before by this sandbox, as it is configured."""
    from omegaconf import OmegaConf

    return Grades.read(folder, verifier_id(OmegaConf.to_yaml(config.sandbox, sort_keys=True)))


def _bench(folder: Path, about: Manifest, config: DictConfig) -> Bench:
    """The sandbox and the tasks of the sweep, as they are now."""
    from hydra.utils import instantiate

    from llmsweep.cli.suites import lacks, open_suite

    suite = open_suite(config.suite.get("kind", "folder"), config.suite.name, config.suite.get("path"))
    sandbox = instantiate(config.sandbox)
    sandbox.check()
    network = bool(config.sandbox.get("network"))
    usable = [task for task in suite.tasks if lacks(task, sandbox.name, network) is None]
    tasks = {task.digest: task for task in usable if about.tasks.get(task.id) == task.digest}
    if not tasks:
        raise UsageError(
            f"{folder}: none of the {len(about.tasks)} tasks of suite {about.suite} is as it was in that sweep, so that"
            " nothing can be graded; use the suite as it was, or --no-grade."
        )
    return Bench(tasks=tasks, sandbox=sandbox, snapshots=folder / SNAPSHOTS)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal's standard error; a line now and then elsewhere."""
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(file=sys.stderr), transient=True, disable=not sys.stderr.isatty())
    task = bar.add_task("grading", total=total)
    done, said = 0, monotonic()

    def step() -> None:
        nonlocal done, said
        done += 1
        bar.advance(task)
        if bar.disable and monotonic() - said > PLAIN_EVERY_S:
            said = monotonic()
            say(f"graded {done}/{total}")

    with bar:
        yield step
