"""Tables that fit a terminal: the columns that matter least go first where the width is short, and none is cut."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

GAP = 2
PIPED = 120
"""Columns of a table that goes into a file or another program."""


class Column(NamedTuple):
    """``rank``: 0 always stays; of the others the highest go first. ``left``: aligned so."""

    heading: str
    texts: Sequence[str]
    rank: int = 0
    left: bool = False

    @property
    def width(self) -> int:
        return max(map(len, [self.heading, *self.texts]))


def fitted(columns: Sequence[Column], width: int) -> Table:
    """As many of the columns as ``width`` has room for."""
    from rich.table import Table

    shown = list(columns)
    while sum(one.width + GAP for one in shown) - GAP > width:
        least = max(shown, key=lambda one: one.rank)
        if least.rank == 0:
            break
        shown.remove(least)
    table = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False, header_style="bold")
    for one in shown:
        table.add_column(one.heading, justify="left" if one.left else "right", no_wrap=True)
    for row in zip(*(one.texts for one in shown), strict=True):
        table.add_row(*row)
    return table


def console(piped: int = PIPED) -> Console:
    """To print results on: as wide as the terminal; ``piped``: columns where it is a file or another program."""
    from rich.console import Console

    found = Console(highlight=False)
    return found if found.is_terminal else Console(highlight=False, width=piped)


def item(out: Console, text: str) -> None:
    """One sentence of a list, its further lines indented; a number keeps its per cent sign."""
    from rich.text import Text

    kept = text.replace(" %", "\0%")
    lines = textwrap.wrap(
        kept, max(20, out.width), initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False
    )
    out.print(Text("\n".join(lines).replace("\0", " ")), soft_wrap=True)
