"""The verb `budgets`: what smaller budgets would have given, from the workspaces that a sweep kept."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from llmsweep import manifest
from llmsweep.agent.regrade import Bench, Grades, Tally, given, regrade, verifier_id, wanted
from llmsweep.cli.progress import say
from llmsweep.errors import UsageError, nearest
from llmsweep.store import SNAPSHOTS, find_logs, read_episodes
from llmsweep.types import FRESH, Episode

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from llmsweep.analysis.budgets import CellBudgets
    from llmsweep.manifest import Manifest

CONFIG = "config.yaml"
CHECKED = 20
"""End states that are graded again too, to see whether restored workspaces grade as the live ones did."""
PLAIN_EVERY_S = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``cells``: beginnings of ids; none: the recommended one. ``grade``: also what is not known yet."""

    cells: tuple[str, ...] = ()
    all: bool = False
    grade: bool = True


def run(args: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="llmsweep budgets",
        description="Pass rate against turns, tokens and seconds, by cutting the episodes of a sweep short: nothing is run again"
        " but the hidden tests, on the workspaces that were kept.",
    )
    parser.add_argument("dir", type=Path, help="a results folder, or one model's folder in it")
    parser.add_argument(
        "--cell",
        action="append",
        default=[],
        metavar="ID",
        help="this cell (its first digits); may be repeated",
    )
    parser.add_argument("--all", action="store_true", help="every cell; else the recommended one")
    parser.add_argument(
        "--no-grade", action="store_true", help="grade nothing: only what was graded before is used"
    )
    chosen = parser.parse_args(args)
    asked = Asked(cells=tuple(chosen.cell), all=chosen.all, grade=not chosen.no_grade)
    for folder in find_logs(chosen.dir):
        _show(folder, asked)
    return 0


def _show(folder: Path, asked: Asked) -> None:
    """One model's curves, printed and written."""
    from rich.console import Console

    from llmsweep.analysis.budgets import budgets_table
    from llmsweep.analysis.plots.budgets import plot_budgets
    from llmsweep.cli.budgets_shown import show

    about = manifest.read(folder)
    episodes = list(about.current(read_episodes(folder)))
    if not any(episode.passed is not None for episode in episodes):
        say(f"{folder}: no scored episode yet")
        return
    names = _chosen_cells(about, episodes, asked)
    found = budgets_of(folder, about, episodes, list(names), grade=asked.grade)
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=120)
    shown = {names[cell]: curves for cell, curves in found.items() if curves is not None}
    for cell, curves in found.items():
        if curves is None:
            say(f"{names[cell]} ({cell}): no episode whose every turn is graded, so no curve")
        else:
            show(names[cell], curves, console)
    if shown:
        (folder / "plots").mkdir(exist_ok=True)
        figure = plot_budgets(shown, f"{about.model} on {about.suite}")
        for ending, metadata in (("png", {}), ("svg", {"Date": None})):
            figure.savefig(folder / "plots" / f"budgets.{ending}", dpi=150, metadata=metadata)
        budgets_table(shown).to_csv(folder / "budgets.csv", index=False)
        say(f"written: {folder / 'budgets.csv'}, {folder / 'plots' / 'budgets.png'}")


def _chosen_cells(about: Manifest, episodes: list[Episode], asked: Asked) -> dict[str, str]:
    """Cell id -> its name, of those that were asked for. Raises UsageError for one that did not run."""
    from llmsweep.analysis.beliefs import believe
    from llmsweep.analysis.cells import labels
    from llmsweep.analysis.frame import choosing, frame
    from llmsweep.analysis.recommend import recommend
    from llmsweep.belief.verdict import Terms

    data = frame(episodes)
    names = {str(cell): str(name) for cell, name in labels(choosing(data), about.baseline.id).items()}
    if asked.all:
        return names
    if asked.cells:
        return {cell: names[cell] for word in asked.cells for cell in _cells_of(word, names)}
    terms = Terms(about.delta, about.confidence)
    beliefs = believe(choosing(data), terms, among=about.cells, settles=about.settles)
    found = recommend(data, about.baseline.id, about.strategy, about.suite, owed=about.owed, beliefs=beliefs)
    return {found.cell_id: names[found.cell_id]}


def _cells_of(word: str, names: dict[str, str]) -> list[str]:
    cells = [cell for cell in names if cell.startswith(word)]
    if not cells:
        raise UsageError(f"--cell {word}: there is no such cell; {nearest(word, names)}")
    return cells


def budgets_of(
    folder: Path, about: Manifest, episodes: Sequence[Episode], cells: Sequence[str], *, grade: bool
) -> dict[str, CellBudgets | None]:
    """The curves of some cells; None where no episode of one is graded turn by turn.

    ``episodes``: the log's current ones, of all cells, since equal workspaces share a verdict; ``grade``: whether to grade
    what is not known yet, which runs hidden tests: a fraction of a second a workspace in most suites. Raises UsageError
    where config.yaml does not say which suite and sandbox that takes, UnfitError where the sandbox cannot run here.
    """
    from llmsweep.analysis.budgets import cell_budgets

    mine = [e for e in episodes if e.cell_id in cells and e.passed is not None and e.repeat < FRESH]
    known = given(episodes)
    if grade or (folder / CONFIG).is_file():
        config = _config(folder)
        grades = Grades.read(folder, _verifier(config))
        if grades.damaged:
            say(f"note: {grades.damaged} damaged lines in {grades.path} are passed over")
        if grade:
            _tell(_grade(folder, about, config, mine, known, grades), known, grades)
        known = {**grades.known, **known}
    return {
        cell: cell_budgets((e for e in mine if e.cell_id == cell), known, delta=about.delta) for cell in cells
    }


def _grade(
    folder: Path,
    about: Manifest,
    config: DictConfig,
    mine: Sequence[Episode],
    known: dict[tuple[str, str], bool],
    grades: Grades,
) -> Tally:
    """Grade what neither the log nor the file says, and a few ends again."""
    every = wanted(mine)
    ends = [place for place in every if place in known]
    places = [place for place in every if place not in known] + ends[:: max(1, len(ends) // CHECKED)][
        :CHECKED
    ]
    owed = [place for place in places if place not in grades.known]
    if not owed:
        return Tally()
    bench = _bench(folder, about, config)
    say(f"{folder}: {len(owed)} kept workspaces to grade")
    try:
        with _progress(len(owed)) as step:
            return regrade(owed, bench, grades, step)
    except KeyboardInterrupt:
        say(f"interrupted: what was graded is kept in {grades.path}; the same command goes on", always=True)
        raise


def _tell(tally: Tally, known: dict[tuple[str, str], bool], grades: Grades) -> None:
    """What could not be graded, and whether what was graded twice agrees."""
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
    twice = [place for place in known if place in grades.known]
    if differing := sum(known[place] != grades.known[place] for place in twice):
        say(
            f"note: {differing} of {len(twice)} end states grade otherwise now than when their episode ended: the hidden"
            " tests are not steady, or look at more than the workspace; trust these curves less"
        )


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


def _verifier(config: DictConfig) -> str:
    from omegaconf import OmegaConf

    return verifier_id(OmegaConf.to_yaml(config.sandbox, sort_keys=True))


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
