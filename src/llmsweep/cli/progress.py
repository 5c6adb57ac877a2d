"""What a user sees while a sweep runs: a live bar and the cells' standings on a terminal, plain lines when piped."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Self

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from llmsweep.sweep.space import difference
from llmsweep.types import Cell, Episode, EpisodeSpec

LINES = 12
"""Cells shown while running; the final table has all."""
PLAIN_EVERY_S = 15.0


_QUIET: ContextVar[bool] = ContextVar("quiet", default=False)


def be_quiet(quiet: bool) -> None:
    """From now on say only what must be said, or everything again."""
    _QUIET.set(quiet)


def say(text: str, *, always: bool = False) -> None:
    """One line about what is going on: on stderr, so that stdout is the result alone. ``always``: also where it is quiet."""
    if always or not _QUIET.get():
        print(text, file=sys.stderr, flush=True)


def label(cell: Cell, baseline: Cell) -> str:
    """A cell by what makes it differ from the baseline."""
    differing = difference(cell, baseline)
    return ", ".join(f"{axis}={value}" for axis, value in differing.items()) or "baseline"


class Progress:
    """A Watch of run_sweep. Standings are of this run alone and unweighted: a look, not a result."""

    def __init__(self, baseline: Cell, cells: Sequence[Cell], *, quiet: bool) -> None:
        self._labels = {cell.id: label(cell, baseline) for cell in cells}
        self._scored: Counter[str] = Counter()
        self._passed: Counter[str] = Counter()
        self._quiet = quiet
        self._console = Console(stderr=True)
        self._live = not quiet and self._console.is_terminal
        self._done = self._total = self._faults = self._tokens = 0
        self._began = self._said = time.monotonic()
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
            console=self._console,
        )
        self._task = self._bar.add_task("episodes", total=None, rate="", left="")
        self._display = Live(
            console=self._console, transient=True, refresh_per_second=4, get_renderable=self._render
        )

    def __enter__(self) -> Self:
        if self._live:
            self._display.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live:
            self._display.stop()
        elif not self._quiet and self._done:
            self._say_line()

    def batch(self, specs: Sequence[EpisodeSpec], done: int) -> None:
        self._total = self._done + len(specs)
        self._bar.update(self._task, total=self._total)

    def episode(self, episode: Episode) -> None:
        self._done += 1
        self._tokens += sum(turn.usage.output_tokens or 0 for turn in episode.turns)
        if episode.passed is None:
            self._faults += 1
        else:
            self._scored[episode.cell_id] += 1
            self._passed[episode.cell_id] += episode.passed
        self._bar.update(self._task, completed=self._done, rate=self._rate(), left=self._left())
        if not self._live and not self._quiet and time.monotonic() - self._said > PLAIN_EVERY_S:
            self._say_line()

    def _seconds(self) -> float:
        return max(1e-9, time.monotonic() - self._began)

    def _rate(self) -> str:
        return f"{self._tokens / self._seconds():.0f} tok/s"

    def _left(self) -> str:
        left = (self._total - self._done) * self._seconds() / max(1, self._done)
        return f"{left / 60:.1f} min left" if left >= 60 else f"{left:.0f} s left"

    def _say_line(self) -> None:
        self._said = time.monotonic()
        faults = f", {self._faults} faults" if self._faults else ""
        standings = "; ".join(f"{name} {rate}" for name, rate in self._standings())
        say(f"{self._done}/{self._total} episodes, {self._rate()}, {self._left()}{faults}; {standings}")

    def _standings(self) -> list[tuple[str, str]]:
        return [
            (name, f"{100 * self._passed[cell] / n:.0f} % of {n}")
            for cell, name in list(self._labels.items())[:LINES]
            if (n := self._scored[cell])
        ]

    def _render(self) -> Any:
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        for name, rate in self._standings():
            table.add_row(name, f"passed {rate}")
        more = len(self._labels) - LINES
        footer = [f"and {more} more cells"] if more > 0 else []
        faults = [f"{self._faults} faults (infrastructure; not scored)"] if self._faults else []
        return Group(self._bar, table, *footer, *faults)
