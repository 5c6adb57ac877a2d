"""Attempts as plain arrays, from a log or from a file of somebody else's: what every figure of money is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from llmsweep.analysis.costs.money import Basis, Tokens, token_dollars
from llmsweep.errors import UsageError
from llmsweep.prices import Price

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Where = Literal["local", "cloud"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """Scored attempts, one entry each; NaN is not known.

    ``origin``: the folder or file, ``model``: what answered; ``where``: it ran on a machine of one's own or was paid by
    the token, None where nobody wrote it down; ``host``: whose seconds these are, likewise. ``tasks``: ids, ``digests``:
    of their texts where known; ``cells``: id -> name, in the order of ``cell``; ``task``, ``cell``: indices. ``solved``: 0
    or 1; ``dollars``: what was paid, on ``basis``, dated by ``date`` and ``source``; ``seconds``: of a busy machine;
    ``clocks``: n x 3, its seconds of loading, reading and writing; ``joules``; ``fresh``, ``made``: tokens read uncached
    and written. ``completions``: tokens of each completion, ``owner``: whose; ``broken``: attempts that faults ended,
    which are in nothing else; ``flags``: what does not look right; ``above``: what the frontier model took for each in
    dollars, where a policy handed some over to one, in addition to all other figures, which are then the local model's alone.
    """

    origin: str
    model: str
    where: Where | None
    host: str | None = None
    tasks: tuple[str, ...]
    digests: Mapping[str, str]
    cells: Mapping[str, str]
    task: Ints
    cell: Ints
    solved: Floats
    seconds: Floats
    clocks: Floats
    joules: Floats
    fresh: Floats
    made: Floats
    dollars: Floats
    basis: Basis = Basis.UNKNOWN
    date: str = ""
    source: str = ""
    completions: Tokens
    owner: Ints
    broken: int = 0
    flags: tuple[str, ...] = ()
    above: Floats | None = None

    def of(self, cell: str) -> Attempts:
        """Those of one cell."""
        return self.only(self.cell == list(self.cells).index(cell), cell)

    def only(self, kept: NDArray[np.bool_], cell: str | None = None) -> Attempts:
        """Those that ``kept`` names; all of them are of ``cell``, where that is given."""
        turns = kept[self.owner]
        number = np.cumsum(kept) - 1
        cells = self.cells if cell is None else {cell: self.cells[cell]}
        return replace(
            self,
            cells=cells,
            task=self.task[kept],
            cell=self.cell[kept] if cell is None else np.zeros(int(kept.sum()), dtype=np.int64),
            solved=self.solved[kept],
            seconds=self.seconds[kept],
            clocks=self.clocks[kept],
            joules=self.joules[kept],
            fresh=self.fresh[kept],
            made=self.made[kept],
            dollars=self.dollars[kept],
            completions=Tokens(
                read=self.completions.read[turns],
                cached=self.completions.cached[turns],
                written=self.completions.written[turns],
                made=self.completions.made[turns],
            ),
            owner=number[self.owner[turns]],
            above=None if self.above is None else self.above[kept],
        )

    def priced(self, price: Price, basis: Basis | None = None, *, idle: bool = False) -> Attempts:
        """With dollars by a price of tokens, all on one basis: the best that all have, unless one is asked for.

        ``idle``: an attempt without a completion is one that this model had no part in, and cost nothing.
        Raises UsageError where an attempt's tokens are not known, or do not allow that basis.
        """
        best = Basis.LIST if np.isnan(self.completions.cached).any() else Basis.METERED
        if basis is Basis.METERED and best is not basis:
            raise UsageError(
                f"basis={basis}: {self.origin} does not say of every completion what was cached."
            )
        used = basis or best
        dollars = np.zeros(len(self.solved))
        np.add.at(dollars, self.owner, token_dollars(price, self.completions, used))
        silent = np.bincount(self.owner, minlength=len(dollars)) == 0
        unknown = int((np.isnan(dollars) | (silent & (not idle))).sum())
        if unknown:
            raise UsageError(
                f"{self.origin}: {unknown} of {len(dollars)} attempts do not say how many tokens they took, so their cost"
                " is unknown, which is not 0."
            )
        return replace(
            self, dollars=dollars, basis=used, date=price.date, source=f"{price.id}, {price.source}"
        )
