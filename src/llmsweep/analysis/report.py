"""The table and the recommendation in words: for a terminal of any width, and as a config file that is an input again."""

from __future__ import annotations

import io
import json
import math
import textwrap
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from llmsweep.analysis.cells import CEILINGS
from llmsweep.analysis.evidence import SETTLED
from llmsweep.analysis.frame import AXES
from llmsweep.analysis.recommend import Recommendation
from llmsweep.analysis.wording import amount, axis_name, belief, level_name, percent, plural, points, settings
from llmsweep.types import Cell

GAP = 2
"""Blanks between columns."""
NAME = "cell"
NARROWEST_NAME = 24
UNBOUNDED = 10_000
"""Wider than any table."""
RATES = 24
"""What the columns that always stay take besides the name."""


class Shown(NamedTuple):
    """A column as text. ``rank``: 0 always stays; of the others the highest go first when the width is short."""

    heading: str
    texts: list[str]
    rank: int
    left: bool = False

    @property
    def width(self) -> int:
        return max(map(len, [self.heading, *self.texts]))


def render(table: pd.DataFrame, recommendation: Recommendation, console: Console) -> None:
    """Print the table of `cells_table`, with as many columns as fit, and the recommendation below it."""
    episodes = int(table["episodes"].sum())
    console.print(
        Text(
            f"{recommendation.model} on {recommendation.suite}: {plural(len(table), 'cell')}, "
            f"{plural(episodes, 'scored episode')}, {plural(recommendation.covered, 'task')}",
            style="bold",
        )
    )
    console.print(_table(table, recommendation, console.width), crop=True)
    for line in _legend(table, recommendation.delta):
        console.print(Text("\n".join(_wrapped(line, console.width)), style="dim"), soft_wrap=True)
    console.print()
    for text, style in _sentences(recommendation):
        console.print(Text("\n".join(_wrapped(text, console.width)), style=style), soft_wrap=True)


def as_text(table: pd.DataFrame, recommendation: Recommendation, width: int = 80) -> str:
    """What `render` prints, without colours."""
    console = Console(file=io.StringIO(), width=width, color_system=None)
    with console.capture() as captured:
        render(table, recommendation, console)
    return captured.get()


def cell_columns(table: pd.DataFrame, recommendation: Recommendation) -> list[Shown]:
    """Every column of the table that `render` prints, whatever the width, for those who set it otherwise; the first one,
    without a heading, holds the marks.
    """
    return _columns(table, recommendation, UNBOUNDED)


def legend(table: pd.DataFrame, delta: float) -> list[str]:
    """What the columns mean, without the marks."""
    return _legend(table, delta)[1:]


def recommendation_yaml(recommendation: Recommendation, cell: Cell) -> str:
    """A config file for --config-dir: the evidence in comments, the cell's settings under ``baseline:``.

    Turns and tokens are those that its curves say suffice, where there are curves.
    """
    sampling, budget = cell.sampling, to_ship(recommendation, cell).budget
    baseline: dict[str, bool | int | float | str | None] = {
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
        "min_p": sampling.min_p,
        "repeat_penalty": sampling.repeat_penalty,
        "reasoning": sampling.reasoning,
        "echo_reasoning": sampling.echo_reasoning,
        "max_tokens": sampling.max_tokens,
        "protocol": cell.protocol,
        "prompt": cell.prompt,
        "turns": budget.turns,
        "tokens": budget.tokens,
        "seconds": budget.seconds,
    }
    sentences = [text for text, _ in _sentences(recommendation)]
    sentences += [f"Estimand: {recommendation.estimand}.", f"Revision: {cell.revision}."]
    comments = [f"# {line}" for sentence in sentences for line in _wrapped(sentence, 96)]
    lines = [f"  {key}: {_yaml(value)}" for key, value in baseline.items()]
    return "\n".join(["# @package _global_", *comments, "baseline:", *lines, ""])


def to_ship(recommendation: Recommendation, cell: Cell) -> Cell:
    """The recommended cell with the turns and tokens that its curves say suffice, where there are curves."""
    if (enough := recommendation.budgets) is None:
        return cell
    return replace(cell, budget=replace(cell.budget, turns=enough.turns, tokens=enough.tokens))


def _sentences(found: Recommendation) -> list[tuple[str, str]]:
    """The recommendation, line by line, each with its style."""
    return [
        (f"Recommendation ({found.status}): {found.label}", "bold"),
        (f"  {found.verdict}", ""),
        *((f"  - {sentence}", "") for sentence in found.evidence),
        (f"Biggest caveat: {found.caveat}", "bold"),
        *((f"  - {sentence}", "") for sentence in found.caveats),
        ("What would change it:", ""),
        *((f"  - {sentence}", "") for sentence in found.would_change_it),
    ]


def _wrapped(text: str, width: int) -> list[str]:
    """Lines that hang below the first; a number keeps its per cent sign."""
    indent = " " * (len(text) - len(text.lstrip()) + 2)
    kept = text.replace(" %", "\0%")
    lines = textwrap.wrap(kept, width, subsequent_indent=indent, break_on_hyphens=False)
    return [line.replace("\0", " ") for line in lines]


def _table(table: pd.DataFrame, found: Recommendation, width: int) -> Table:
    columns = _fitting(_columns(table, found, width), width)
    shown = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False, header_style="bold")
    for column in columns:
        shown.add_column(
            column.heading,
            justify="left" if column.left else "right",
            no_wrap=True,
            min_width=column.width,
        )
    for i, cell in enumerate(table.index):
        style = "bold" if cell == found.cell_id else None
        shown.add_row(*(Text(column.texts[i]) for column in columns), style=style)
    return shown


def _columns(table: pd.DataFrame, found: Recommendation, width: int) -> list[Shown]:
    rows = [table.loc[[cell]].iloc[0] for cell in table.index]

    def numbers(heading: str, name: str, rank: int) -> Shown:
        return Shown(heading, [amount(row[name]) for row in rows], rank)

    def counts(heading: str, name: str, rank: int) -> Shown:
        return Shown(heading, [f"{int(row[name]):,}" for row in rows], rank)

    marks = [
        f"{'>' if row['cell_id'] == found.cell_id else ' '}"
        f"{'=' if row['tied'] else ' '}{'b' if row['baseline'] else ' '}"
        for row in rows
    ]
    return [
        Shown("", marks, 0, left=True),
        *_names(table, rows, width),
        Shown("passes", [percent(row["estimate"]) for row in rows], 0),
        Shown("95 %", [_interval(row) for row in rows], 0),
        Shown("belief", [belief(row["belief"]) for row in rows], 1),
        Shown("seen", [f"{int(row['passes'])}/{int(row['episodes'])}" for row in rows], 2),
        *_progress(rows),
        Shown("vs base", [_difference(row) for row in rows], 1),
        numbers("tokens", "tokens_mean", 3),
        numbers("per pass", "tokens_per_pass", 7),
        numbers("s", "seconds", 4),
        numbers("TTFT s", "ttft_s", 5),
        numbers("p95", "ttft_p95_s", 8),
        # Where there are faults they stand beside the rates, whatever the width.
        counts("faults", "faults", 0 if table["faults"].sum() else 9),
        Shown("failed by", [_failures(row) for row in rows], 6, left=True),
    ]


def _interval(row: pd.Series[Any]) -> str:
    if math.isnan(row["est_low"]):
        return ""
    if row["est_high"] - row["est_low"] < SETTLED:
        return "exact"
    return f"{100 * row['est_low']:.0f}–{100 * row['est_high']:.0f}"


def _progress(rows: list[pd.Series[Any]]) -> list[Shown]:
    """The share of milestones, where any task has them."""
    shares = [float(row["progress"]) for row in rows]
    return [] if all(map(math.isnan, shares)) else [Shown("progress", [percent(s) for s in shares], 1)]


def _names(table: pd.DataFrame, rows: list[pd.Series[Any]], width: int) -> list[Shown]:
    """The cells' names: a column an axis where that is narrower than the labels."""
    axes = [axis for axis in AXES if table[axis].nunique(dropna=False) > 1]
    columns = [Shown(axis_name(axis), [level_name(row[axis]) for row in rows], 0, left=True) for axis in axes]
    label = Shown(NAME, [row["label"] for row in rows], 0, left=True)
    needed = sum(column.width + GAP for column in columns)
    return columns if axes and needed <= min(label.width + GAP, width - RATES) else [label]


def _fitting(columns: list[Shown], width: int) -> list[Shown]:
    """The columns that fit: first the least important ones go, then the cells' names are cut."""
    kept = list(columns)
    while _width(kept, NARROWEST_NAME) > width and any(column.rank for column in kept):
        kept.remove(max(kept, key=lambda column: column.rank))
    room = NARROWEST_NAME + max(0, width - _width(kept, NARROWEST_NAME))
    return [c._replace(texts=[_cut(t, room) for t in c.texts]) if c.heading == NAME else c for c in kept]


def _width(columns: list[Shown], name: int) -> int:
    widths = [min(c.width, name) if c.heading == NAME else c.width for c in columns]
    return sum(widths) + GAP * (len(columns) - 1)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _legend(table: pd.DataFrame, delta: float) -> list[str]:
    base = table[table["baseline"]]
    axes = [axis for axis in AXES if table[axis].nunique(dropna=False) > 1]
    lines = [
        "'>' recommended  'b' baseline  '!' differs from it  '=' maybe the best",
        "passes: of this suite, estimated from all episodes; seen: the cell's own",
        f"belief: within {points(delta, sign=False)} points of the best cell and not dearer than it",
        "tokens an episode: mean; seconds and TTFT: median",
    ]
    if not base.empty and axes:
        lines.append(f"baseline: {settings({axis: base[axis].iloc[0] for axis in axes})}")
    if unknown := int(table["tokens_na"].sum()):
        lines.append(f"tokens not reported in {plural(unknown, 'episode')}")
    if unknown := int(table["ttft_na"].sum()):
        lines.append(f"TTFT not observed in {plural(unknown, 'episode')}")
    return lines


def _difference(row: pd.Series[Any]) -> str:
    """Points to the baseline, as believed; ``!`` where the interval is without 0."""
    if math.isnan(row["est_diff"]):
        return ""
    apart = row["est_diff_low"] > 0 or row["est_diff_high"] < 0
    return f"{points(row['est_diff'])}{'!' if apart else ''}"


def _failures(row: pd.Series[Any]) -> str:
    counts = {kind: int(row[f"ceiling_{kind}"]) for kind in CEILINGS}
    return ", ".join(f"{n} {kind}" for kind, n in sorted(counts.items(), key=lambda pair: -pair[1]) if n)


def _yaml(value: bool | int | float | str | None) -> str:
    """A scalar that YAML 1.1 reads back as it was: 1e-05 would be a string there, 1.0e-05 is a number."""
    if isinstance(value, float) and "e" in (text := repr(value)):
        mantissa, exponent = text.split("e")
        return f"{mantissa if '.' in mantissa else mantissa + '.0'}e{exponent}"
    return json.dumps(value)
