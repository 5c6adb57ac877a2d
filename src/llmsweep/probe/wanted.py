"""What a sweep will ask for: only these values of the axes are probed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from llmsweep.types import Cell, Sampling, digest

VERSION = 2
"""Raise when the probe asks or judges differently: a kept report is then not used again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """``cells``: every cell that may be run. ``settings``: digest of how the provider is configured.

    ``paid``: its tokens cost money, so that no long prompt is sent only to look.
    """

    baseline: Cell
    cells: Sequence[Cell]
    settings: str = ""
    paid: bool = False

    @property
    def key(self) -> str:
        """Equal where the same would be asked of the same server."""
        asked = sorted({digest(sampling) for sampling in self.samplings})
        about = [self.baseline.revision, self.baseline.context, digest(self.baseline.sampling)]
        return digest([VERSION, self.settings, about, asked, self.calls_tools, self.paid])

    @property
    def samplings(self) -> Sequence[Sampling]:
        """The baseline's first."""
        return list(dict.fromkeys(cell.sampling for cell in (self.baseline, *self.cells)))

    @property
    def calls_tools(self) -> bool:
        return any(cell.protocol == "native" for cell in (self.baseline, *self.cells))

    def values(self, knob: str, **where: Any) -> list[Any]:
        """The values of a knob, the baseline's first, of all cells that have the settings ``where``."""
        chosen = [
            s for s in self.samplings if all(getattr(s, name) == value for name, value in where.items())
        ]
        # True equals 1 and False 0, and they must not fall together.
        return list({(type(v), v): v for s in chosen if (v := getattr(s, knob)) is not None}.values())

    def sampling(self, knob: str, value: Any) -> Sampling:
        """The settings of the first cell that has this value: the combination is one that may be asked for."""
        return next(s for s in self.samplings if getattr(s, knob) == value)
