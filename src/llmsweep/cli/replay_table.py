"""What `replay` runs strategies against: a simulated family's name, or a recording out of a folder or file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from llmsweep.cli.progress import say
from llmsweep.errors import UsageError, nearest

if TYPE_CHECKING:
    from llmsweep.analysis.recorded import Recorded
    from llmsweep.sweep.replay import Outcome, Recording
    from llmsweep.types import Cell

SIMULATED = "simulated:"


def subject(table: str) -> Recording | str:
    """The family's name, or the recording. Raises UsageError for what is neither."""
    from llmsweep.sweep.simulate import FAMILIES

    if not table.startswith(SIMULATED):
        return _recording(Path(table))
    family = table.removeprefix(SIMULATED)
    if family not in FAMILIES:
        raise UsageError(f"table={table}: there is no such family; {nearest(family, list(FAMILIES))}")
    return family


def described(table: Recording | str) -> str:
    """One line: how much there is to draw from."""
    if isinstance(table, str):
        return f"{SIMULATED}{table}: every run draws its own truth"
    from llmsweep.analysis.wording import plural

    counts = [len(outcomes) for outcomes in table.outcomes.values()]
    attempts = (
        f"{min(counts)} to {max(counts)} attempts"
        if min(counts) < max(counts)
        else plural(counts[0], "attempt")
    )
    unit = "tokens" if table.counted else "seconds"
    return (
        f"{len(table.cells)} cells x {plural(len(table.tasks), 'task')}, {attempts} recorded of each, costs in {unit};"
        " the truth is the mean of what is recorded"
    )


def _rows(path: Path) -> list[Recorded]:
    from llmsweep import manifest
    from llmsweep.analysis.recorded import from_episodes, from_table
    from llmsweep.store import find_logs, read_episodes

    if not path.exists():
        raise UsageError(f"table={path}: there is no such file or folder.")
    if path.is_file():
        return from_table(path)
    logs = find_logs(path)
    if len(logs) > 1:
        raise UsageError(f"table={path}: it holds several models; name one: {', '.join(map(str, logs))}.")
    return from_episodes(manifest.read(logs[0]).current(read_episodes(logs[0])))


def _recording(path: Path) -> Recording:
    """Over the tasks that every cell ran: means over other sets of tasks cannot be compared."""
    from llmsweep.sweep.replay import Recording
    from llmsweep.sweep.simulate import stand_in

    rows = _costed(path, _rows(path))
    cells: dict[Cell, int] = {}
    found: dict[tuple[str, int], list[Outcome]] = {}
    for row, outcome in rows:
        column = cells.setdefault(_cell(path, row), len(cells))
        found.setdefault((row.task, column), []).append(outcome)
    every = list(dict.fromkeys(task for task, _ in found))
    if len(cells) < 2:
        raise UsageError(f"table={path}: all its attempts are of one cell; there is nothing to choose.")
    tasks = [task for task in every if all((task, column) in found for column in range(len(cells)))]
    if not tasks:
        raise UsageError(
            f"table={path}: no task was run in all of its {len(cells)} cells, so their pass rates cannot be compared;"
            " a recording to replay is made with strategy=grid."
        )
    if len(tasks) < len(every):
        say(
            f"{len(every) - len(tasks)} of {len(every)} tasks are left out: not every cell ran them",
            always=True,
        )
    places = {task: i for i, task in enumerate(tasks)}
    return Recording(
        cells=list(cells),
        tasks=[stand_in(task) for task in tasks],
        outcomes={(places[task], column): o for (task, column), o in found.items() if task in places},
    )


def _costed(path: Path, rows: Sequence[Recorded]) -> list[tuple[Recorded, Outcome]]:
    """With one unit of cost for all: tokens, else seconds, else every attempt costs the same."""
    from llmsweep.sweep.replay import Outcome

    counted, timed = ([row[i] is not None for row in rows] for i in (3, 4))
    if not all(counted) and not all(timed):
        if any(counted) or any(timed):
            raise UsageError(
                f"table={path}: some attempts have tokens or seconds and some have not; give one of them in every row."
            )
        say("neither tokens nor seconds are recorded: every attempt is taken to cost the same", always=True)
        return [(row, Outcome(row.passed, 1, 1.0)) for row in rows]
    return [(row, Outcome(row.passed, row.tokens, row.seconds or 0.0)) for row in rows]


def _cell(path: Path, row: Recorded) -> Cell:
    from llmsweep.sweep.space import canonical, check_level, with_level
    from llmsweep.types import Budget, Cell, Sampling

    cell = Cell(
        model="recorded", revision="", sampling=Sampling(temperature=None), protocol="", budget=Budget()
    )
    for axis, value in row.levels.items():
        check_level(f"table={path}: {axis}", axis, value)
        cell = with_level(cell, axis, value)
    return canonical(cell)
