"""What a user sees while a sweep runs: a live bar and the cells' standings on a terminal, plain lines when piped."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from llmsweep.analysis.wording import belief, percent
from llmsweep.sweep.space import difference
from llmsweep.sweep.standing import Standing
from llmsweep.types import Cell, Episode, EpisodeSpec

LINES = 12
"""Cells shown while running; the final table has all."""
PLAIN_EVERY_S = 15.0
LOOK_EVERY_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a display must know of a sweep. ``fixed``: how many episodes it takes is known beforehand."""

    baseline: Cell
    cells: Sequence[Cell]
    fixed: bool
    quiet: bool


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
    """A Watch of run_sweep. ``standing``: what is believed now, None where nothing is; ``stage``: how far a strategy of
    several stages has come, in words. Both are asked now and then.
    """

    def __init__(
        self, sweep: Shown, standing: Callable[[], Standing | None], stage: Callable[[], str] = str
    ) -> None:
        self._labels = {cell.id: label(cell, sweep.baseline) for cell in sweep.cells}
        self._fixed, self._baseline, self._quiet = sweep.fixed, sweep.baseline, sweep.quiet
        self._ask, self._ask_stage = standing, stage
        self._standing: Standing | None = None
        self._stage = ""
        self._ask_again = 0.0
        self._needed: int | None = None
        self._console = Console(stderr=True)
        self._live = not sweep.quiet and self._console.is_terminal
        self._done = self._ran = self._total = self._faults = self._tokens = 0
        self._began = self._said = time.monotonic()
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[count]}"),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
            console=self._console,
        )
        self._task = self._bar.add_task("episodes", total=None, count="", rate="", left="")
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
        elif not self._quiet and self._ran:
            self._say_line()

    def batch(self, specs: Sequence[EpisodeSpec], done: int) -> None:
        self._done, self._total = done, done + len(specs)
        self._look()

    def episode(self, episode: Episode) -> None:
        self._ran += 1
        self._tokens += sum(turn.usage.output_tokens or 0 for turn in episode.turns)
        if episode.passed is None:
            self._faults += 1
        else:
            self._done += 1
        self._look()
        if not self._live and not self._quiet and time.monotonic() - self._said > PLAIN_EVERY_S:
            self._say_line()

    def _look(self) -> None:
        """Ask what is believed, if that was not done just now; where it takes long, ask seldom."""
        now = time.monotonic()
        if not self._quiet and now >= self._ask_again:
            self._standing, self._stage = self._ask(), self._ask_stage()
            if self._standing is not None and not self._fixed:
                self._needed = self._standing.episodes_needed()
            self._ask_again = time.monotonic() + max(LOOK_EVERY_S, 20 * (time.monotonic() - now))
        self._bar.update(
            self._task,
            completed=self._done,
            total=self._end(),
            count=self._count(),
            rate=self._rate(),
            left=self._left(),
        )

    def _end(self) -> int | None:
        """How many episodes it will have been: known, or guessed, or None."""
        if self._fixed or self._standing is None:
            return self._total
        return None if self._needed is None else max(self._total, self._standing.episodes + self._needed)

    def _count(self) -> str:
        end = self._end()
        of = "" if end is None else f"/{end}" if end == self._total else f" of about {_rounded(end)}"
        return f"{self._done}{of}"

    def _seconds(self) -> float:
        return max(1e-9, time.monotonic() - self._began)

    def _rate(self) -> str:
        return f"{self._tokens / self._seconds():.0f} tok/s"

    def _left(self) -> str:
        end = self._end()
        if end is None or self._ran == 0:
            return ""
        left = (end - self._done) * self._seconds() / self._ran
        return f"{left / 60:.1f} min left" if left >= 60 else f"{left:.0f} s left"

    def _say_line(self) -> None:
        self._said = time.monotonic()
        faults = f", {self._faults} faults" if self._faults else ""
        words = [f"{self._count()} episodes", self._rate(), *([left] if (left := self._left()) else [])]
        say("; ".join(part for part in (f"{', '.join(words)}{faults}", self._stage, self._belief()) if part))

    def _belief(self) -> str:
        """What is believed, and what more would buy, in one line."""
        found = self._standing
        if found is None:
            return ""
        text = f"{self._name(found.chosen)} is believed right at {belief(found.belief)}"
        if not self._fixed and found.belief < found.terms.confidence and self._ran:
            more = int(3600 * self._ran / self._seconds())
            text += f"; one more hour (about {_rounded(more)} episodes) would make it about {belief(found.expected_belief(more))}"
        return text

    def _name(self, cell: Cell) -> str:
        return self._labels.get(cell.id) or label(cell, self._baseline)

    def _render(self) -> Any:
        notes = [self._stage] if self._stage else []
        if self._faults:
            notes.append(f"{self._faults} faults (infrastructure; not scored)")
        if self._standing is None:
            return Group(self._bar, *notes)
        return Group(self._bar, self._table(self._standing), self._belief(), *notes)

    def _table(self, found: Standing) -> Table:
        """The cells that are most likely right, then those that pass most."""
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        for heading in ("", "cell", "passes", "95 %", "belief", "episodes"):
            table.add_column(heading, justify="left" if heading in ("", "cell") else "right", no_wrap=True)
        means, beliefs = found.posterior.mean, found.verdict.belief
        low, high = found.bounds
        order = sorted(
            range(len(found.cells)), key=lambda i: (-round(float(beliefs[i]), 2), -float(means[i]))
        )
        for i in order[:LINES]:
            table.add_row(
                ">" if i == found.verdict.chosen else "",
                self._name(found.cells[i]),
                percent(float(means[i])),
                f"{100 * low[i]:.0f}–{100 * high[i]:.0f}",
                belief(float(beliefs[i])),
                str(int(found.tally.attempts[:, i].sum())),
            )
        if len(order) > LINES:
            table.add_row("", f"and {len(order) - LINES} more")
        return table


def _rounded(count: int) -> str:
    """Two digits: a guess promises no more."""
    unit = 10 ** max(0, len(str(count)) - 2)
    return f"{-(-count // unit) * unit:,}"
