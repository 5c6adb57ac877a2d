"""The report as one HTML file that needs nothing else: words and tables are in its text, pictures are drawn from its data.

Models wrote part of what it shows. Every text goes through autoescape or into JSON without markup, scripts set text and
never markup, and a policy in the file's head lets nothing run but the one script whose digest it names, and nothing load.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from llmsweep.analysis.cells import CEILINGS
from llmsweep.analysis.frame import choosing, scored
from llmsweep.analysis.page.attempts import Packed, columns, pack, packed
from llmsweep.analysis.page.clocks import clocks
from llmsweep.analysis.page.pictures import axes, budgets, cells, costs, faults, heat, slips
from llmsweep.analysis.page.sources import Beside, Curves, Money, Sources
from llmsweep.analysis.report import cell_columns, legend
from llmsweep.analysis.wording import plural

__all__ = ["Beside", "Curves", "Money", "Page", "Sources", "make_page"]

MEGABYTES = 15
"""Most that a page takes."""
SCRIPTS = ("marks.js", "charts.js", "tables.js", "episodes.js")
STYLE = "page.css"
_MARKS = {">": "recommended", "=": "maybe the best", "b": "baseline"}


@dataclass(frozen=True, slots=True)
class Page:
    """``left_out``: transcripts that the log has and the page has no room for."""

    html: str
    left_out: int


def make_page(of: Sources, most: int = MEGABYTES * 1_000_000) -> Page:
    """The page, in at most ``most`` bytes as far as leaving out transcripts can reach that."""
    data = {
        "cells": cells(of),
        "axes": axes(of),
        "costs": costs(of),
        "budgets": budgets(of),
        "clocks": clocks(of),
        "heat": heat(of),
        "slips": slips(of),
        "folder": str(of.folder),
    }
    bare = _render(of, data, Packed([], {}, 0, 0), "")
    # A place in the columns takes a few bytes more for each transcript, hence the reserve.
    room = most - len(bare.encode()) - 20 * len(of.episodes) - 50_000
    transcripts = pack(of, max(0, room))
    html = _render(of, data, transcripts, packed(columns(of, transcripts)))
    return Page(html, transcripts.kept - len(transcripts.place))


def _render(of: Sources, data: dict[str, Any], transcripts: Packed, episodes: str) -> str:
    style, script = _shipped(STYLE), _script()
    rendered: str = _template().render(
        found=of.recommendation,
        about=of.about,
        title=f"{of.recommendation.model} on {of.recommendation.suite}",
        totals=_totals(of),
        table=_table(of),
        legend=legend(of.table, of.recommendation.delta),
        faults=faults(of),
        money=of.money,
        curves=of.curves,
        beside=of.beside,
        runs=of.beside.runs,
        folder=str(of.folder),
        ceilings=CEILINGS,
        transcripts=transcripts,
        data=_inert(data),
        episodes=episodes,
        style=style,
        script=script,
        digests={"style": _digest(style), "script": _digest(script)},
    )
    return rendered


def _totals(of: Sources) -> str:
    """The head line, in the words of `results show`."""
    return ", ".join(
        [
            plural(len(of.table), "cell"),
            plural(len(scored(choosing(of.data))), "scored episode"),
            plural(of.recommendation.covered, "task"),
        ]
    )


def _table(of: Sources) -> dict[str, Any]:
    """The cells as rows of texts. The first column's signs become words, which can be heard too."""
    marks, *shown = cell_columns(of.table, of.recommendation)
    rows = [
        {
            "tags": [_MARKS[sign] for sign in marks.texts[i] if sign in _MARKS],
            "name": of.table["label"].iloc[i],
            "id": of.table["cell_id"].iloc[i],
            "texts": [column.texts[i] for column in shown],
        }
        for i in range(len(of.table))
    ]
    return {"columns": shown, "rows": rows}


def _inert(data: Any) -> str:
    """JSON in which no HTML parser finds anything: what would open or close markup is written as an escape."""
    text = msgspec.json.encode(data).decode()
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _digest(text: str) -> str:
    """As a Content-Security-Policy names an inline script or style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _script() -> str:
    """In a function of their own: a page's global names (`top` is one) stay the browser's."""
    return "(() => {\n" + "\n".join(_shipped(name) for name in SCRIPTS) + "})();\n"


def _shipped(name: str) -> str:
    return files(__package__).joinpath("shipped", name).read_text(encoding="utf-8")


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["kept"] = lambda text: text.replace(" %", "\u00a0%")  # a number keeps its per cent sign
    return made.from_string(_shipped("page.html"))
