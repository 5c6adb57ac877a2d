"""The words on the cost picture: the verdict with what would turn it, and what all of it rests on."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.figure import Figure

from llmsweep.analysis.costs.verdict import Verdict, count

_POINTS = 72


class Told(NamedTuple):
    """The words under the picture. ``about``: what is compared; ``rests``: a line each, what it rests on; ``assumed``: what
    the user asked to be taken for granted, None where nothing.
    """

    about: str
    rests: Sequence[str]
    assumed: str | None = None


def verdict_lines(found: Verdict) -> list[str]:
    """The verdict, how sure it is, and what would turn it."""
    lines = [f"{found.sentence[0].upper()}{found.sentence[1:]}."]
    share = f"{100 * found.likely:.0f} %"
    lines.append(
        f"Local is cheaper in {share} of the bootstrap's draws at {count(found.at)} tasks a month"
        f"{_fit(found)}."
    )
    turned = "the cloud" if found.saved.value > 0 else "local"
    if found.flips:
        lines.append(f"There, {turned} would be cheaper if, all else equal,")
        lines += [f"   {flip.said()}" for flip in found.flips]
    else:
        lines.append("No change of a single input turns it.")
    return lines


def _fit(found: Verdict) -> str:
    """What the tasks are that are spoken of, where they are not the user's own."""
    if found.asked is None:
        return ", as many as fit (say tasks=N for yours)"
    return "" if found.asked == found.at else ", as many as fit"


class Paragraph(NamedTuple):
    """``down``: points from the top of the text."""

    text: str
    size: float
    bold: bool
    down: float


def paragraphs(lines: Sequence[str], width: int) -> list[Paragraph]:
    """Lines broken at so many characters, the first one bold; three blanks before a line indent it."""
    found, down = [], 0.0
    for number, line in enumerate(lines):
        first = number == 0
        size, room = (10.0, int(0.75 * width)) if first else (8.4, width)
        indent = "   " if line.startswith("   ") else ""
        broken = textwrap.wrap(line.strip(), room, initial_indent=indent, subsequent_indent=f"{indent}   ")
        found.append(Paragraph("\n".join(broken), size, first, down))
        down += len(broken) * size * 1.36 + (5.0 if first else 1.5)
    return found


def inches(text: Sequence[Paragraph]) -> float:
    """How high a text is."""
    last = text[-1]
    return (last.down + (last.text.count("\n") + 1) * last.size * 1.36) / _POINTS


def write(figure: Figure, text: Sequence[Paragraph], place: tuple[float, float]) -> None:
    """``place``: of its upper left corner, in shares of the figure."""
    high = float(figure.get_figheight())
    for one in text:
        figure.text(
            place[0],
            place[1] - one.down / _POINTS / high,
            one.text,
            fontsize=one.size,
            weight="bold" if one.bold else "normal",
            va="top",
            linespacing=1.25,
            parse_math=False,
        )
