"""The answer of a check on the terminal, in files, and where GitHub looks for it; and the exit code that it is."""

from __future__ import annotations

import os
from pathlib import Path

from llmsweep.analysis.checks.report import EXITS, Report, headline, rows, sentences
from llmsweep.analysis.checks.written import as_json, as_junit, as_markdown, commands
from llmsweep.cli.columns import Column, console, fitted, item
from llmsweep.cli.progress import say
from llmsweep.errors import UsageError

FLIPS = 12


def tell(report: Report, out: Path) -> int:
    """Print, write check.json, check.md and junit.xml, tell GitHub; the exit code."""
    show(report)
    markdown = as_markdown(report)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in (
            ("check.json", as_json(report)),
            ("check.md", markdown),
            ("junit.xml", as_junit(report)),
        ):
            (out / name).write_text(text, encoding="utf-8")
        if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
            with open(summary, "a", encoding="utf-8") as file:
                file.write(markdown)
    except OSError as e:
        raise UsageError(f"out={out}: cannot be written: {e}.") from e
    if os.environ.get("GITHUB_ACTIONS") == "true":
        for line in commands(report):
            print(line)
    say(f"written: {out / 'check.json'}, check.md, junit.xml")
    return EXITS[report.verdict.answer]


def show(report: Report) -> None:
    """The answer first, then what it rests on."""
    out = console()
    out.print(headline(report), markup=False, soft_wrap=True)
    out.print(f"baseline:  {report.baseline}", markup=False, soft_wrap=True)
    out.print(f"candidate: {report.candidate}", markup=False, soft_wrap=True)
    out.print(f"settings:  {report.differs}", markup=False, soft_wrap=True)
    found = rows(report)
    level = f"{100 * (1 - report.terms.alpha):g} %"
    columns = [
        Column("", [row.what for row in found], left=True),
        Column("baseline", [row.theirs for row in found], 2),
        Column("candidate", [row.ours for row in found], 2),
        Column(f"difference ({level} at every look)", [row.found for row in found]),
        Column("allowed", [row.allowed for row in found], 1),
        Column("answer", [row.answer for row in found]),
    ]
    out.print(fitted(columns, out.width))
    show_flips(report)
    for text in sentences(report):
        item(out, text)


def show_flips(report: Report) -> None:
    """The tasks whose outcome was not the same on both sides, with counts both ways."""
    flipped, out = report.verdict.flipped, console()
    if not flipped:
        return
    shown = flipped[:FLIPS]
    columns = [
        Column("flipped task", [one.task for one in shown], left=True),
        Column("lost", [str(one.lost) for one in shown]),
        Column("won", [str(one.won) for one in shown]),
        Column("both pass", [str(one.both) for one in shown], 1),
        Column("neither", [str(one.neither) for one in shown], 1),
    ]
    out.print(fitted(columns, out.width))
    if len(flipped) > FLIPS:
        out.print(f"and {len(flipped) - FLIPS} more flipped tasks", markup=False)
