"""A log read into arrays in one pass, so that a hundred thousand episodes take seconds and little memory."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from llmsweep import manifest
from llmsweep.analysis.cells import labels
from llmsweep.analysis.costs.attempts import Attempts, Floats, Ints, Where
from llmsweep.analysis.costs.money import Tokens
from llmsweep.analysis.costs.seconds import parts, shared, start_of
from llmsweep.analysis.frame import frame
from llmsweep.errors import UsageError
from llmsweep.manifest import Manifest
from llmsweep.store import read_episodes
from llmsweep.types import FRESH, Episode


def read_log(
    folder: Path, where: Where | None = None, host: str | None = None, frontier: bool | None = None
) -> Attempts:
    """The current scored attempts of one model's log, a confirmation's left out; see `Attempts`.

    ``where``, ``host``: as the sweep's configuration says; ``frontier``: only the tokens and seconds that the frontier
    model took, or only those that the local one took; None: of whoever it was. Raises UsageError where there is none.
    """
    about = manifest.read(folder)
    columns = _Columns(frontier)
    for episode in read_episodes(folder):
        columns.add(episode, any(about.current((episode,))))
    kept = columns.kept()
    if not len(kept):
        raise UsageError(f"{folder}: no scored episode yet, so nothing has a cost.")
    return columns.attempts(kept, about, (str(folder), where, host))


@dataclass(slots=True)
class _Columns:
    """What is kept of every episode of a log while it is read. ``place``: key -> the entry that counts."""

    frontier: bool | None = None
    place: dict[str, int] = field(default_factory=dict)
    tasks: dict[str, int] = field(default_factory=dict)
    cells: dict[str, Episode] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)
    task: array[int] = field(default_factory=lambda: array("q"))
    cell: array[int] = field(default_factory=lambda: array("q"))
    figures: array[float] = field(default_factory=lambda: array("d"))
    owner: array[int] = field(default_factory=lambda: array("q"))
    usage: array[float] = field(default_factory=lambda: array("d"))
    broken: int = 0

    def add(self, episode: Episode, current: bool) -> None:
        number = len(self.task)
        counts = current and episode.repeat < FRESH
        if counts and episode.passed is None:
            self.broken += 1
        elif counts:
            self.place[episode.key] = number
            if episode.cell_id not in self.cells:
                self.cells[episode.cell_id] = episode
        self.task.append(self.tasks.setdefault(episode.task_id, len(self.tasks)))
        self.cell.append(self.order.setdefault(episode.cell_id, len(self.order)))
        load = read = written = waited = 0.0
        for turn in episode.turns:
            if self.frontier not in (None, turn.frontier):
                continue
            of_load, of_read, of_write = parts(turn)
            load, read, written = load + of_load, read + of_read, written + of_write
            waited += turn.duration_s
            said = turn.usage
            self.owner.append(number)
            self.usage.extend(
                _nan((said.input_tokens, said.cached_tokens, said.cache_write_tokens, said.output_tokens))
            )
        self.figures.extend(
            (
                float(bool(episode.passed)),
                start_of(episode.started_at),
                episode.duration_s,
                waited,
                max(1, episode.concurrency),
                load,
                read,
                written,
                math.nan if episode.joules is None else episode.joules,
            )
        )

    def kept(self) -> Ints:
        return np.array(sorted(self.place.values()), dtype=np.int64)

    def attempts(self, kept: Ints, about: Manifest, origin: tuple[str, Where | None, str | None]) -> Attempts:
        figures = np.frombuffer(self.figures, dtype=np.float64).reshape(-1, 9)
        seconds = shared(figures[:, 1], figures[:, 2], figures[:, 3], figures[:, 4])
        clocks = figures[:, 5:8]
        whole = clocks.sum(axis=1)
        # What was measured of each part, so scaled that the parts are the machine's busy seconds.
        clocks = clocks * (seconds / np.where(whole > 0, whole, 1.0))[:, None]
        tokens, owner, fresh, made = self._tokens(kept)
        names = labels(frame(self.cells.values()), about.baseline.id)
        ids = {number: id for id, number in self.order.items()}
        numbers = np.array(self.cell, dtype=np.int64)[kept]
        present = sorted(dict.fromkeys(numbers.tolist()), key=lambda number: ids[number] != about.baseline.id)
        cells = {ids[number]: str(names[ids[number]]) for number in present}
        recoded = {self.order[id]: place for place, id in enumerate(cells)}
        return Attempts(
            origin=origin[0],
            model=about.model,
            where=origin[1],
            host=origin[2],
            tasks=tuple(self.tasks),
            digests=about.tasks,
            cells=cells,
            task=np.array(self.task, dtype=np.int64)[kept],
            cell=np.array([recoded[number] for number in numbers.tolist()], dtype=np.int64),
            solved=figures[kept, 0],
            seconds=seconds[kept],
            clocks=clocks[kept],
            joules=figures[kept, 8],
            fresh=fresh,
            made=made,
            dollars=np.full(len(kept), np.nan),
            completions=tokens,
            owner=owner,
            broken=self.broken,
            flags=() if self.frontier else tuple(_flags(fresh, made)),
        )

    def _tokens(self, kept: Ints) -> tuple[Tokens, Ints, Floats, Floats]:
        """Of the completions of those kept: tokens, whose they are, and each attempt's fresh input and output."""
        usage = np.frombuffer(self.usage, dtype=np.float64).reshape(-1, 4)
        number = np.full(len(self.task), -1, dtype=np.int64)
        number[kept] = np.arange(len(kept))
        owner = number[np.array(self.owner, dtype=np.int64)]
        mine: NDArray[np.bool_] = owner >= 0
        usage, owner = usage[mine], owner[mine]
        tokens = Tokens(read=usage[:, 0], cached=usage[:, 1], written=usage[:, 2], made=usage[:, 3])
        fresh, made = np.zeros(len(kept)), np.zeros(len(kept))
        np.add.at(fresh, owner, tokens.read - np.nan_to_num(tokens.cached))
        np.add.at(made, owner, tokens.made)
        return tokens, owner, fresh, made


def _flags(fresh: Floats, made: Floats) -> Iterator[str]:
    none = int(((fresh == 0) & (made == 0)).sum())
    if none:
        yield f"{none} of {len(made)} attempts have zero tokens: the server did not count, or the model was never asked"


def _nan(values: Iterable[int | None]) -> list[float]:
    return [math.nan if value is None else float(value) for value in values]
