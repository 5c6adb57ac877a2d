"""A check as other tools read it: JSON, JUnit XML, Markdown, and the commands that annotate a run on GitHub."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any
from xml.etree import ElementTree

from llmsweep.analysis.checks.report import EXITS, WORDS, Report, headline, rows, sentences
from llmsweep.analysis.checks.verdict import Ceiling
from llmsweep.analysis.stats import Judged

SCHEMA = 1
SHOWN = 30
"""Flipped tasks in a summary; the JSON has every task."""
LEVELS = {"pass": "notice", "regressed": "error", "undecided": "warning"}


def as_json(report: Report) -> str:
    """What is unknown or unbounded is null."""
    verdict = report.verdict
    found = {
        "schema": SCHEMA,
        "answer": verdict.answer,
        "exit_code": EXITS[verdict.answer],
        "headline": headline(report),
        "baseline": report.baseline,
        "candidate": report.candidate,
        "differs": report.differs,
        "suite": report.suite,
        "margin": report.terms.margin,
        "alpha": report.terms.alpha,
        "tasks": report.tasks,
        "passes": {"judged": report.passes[0], "recorded": report.passes[1]},
        "faults": {"baseline": report.faults[0], "candidate": report.faults[1]},
        "pass_rate": {"baseline": verdict.theirs, "candidate": verdict.ours, **_judged(verdict.rate)},
        "ceilings": {kind: _ceiling(one) for kind, one in verdict.ceilings.items()},
        "differing": verdict.differing,
        "pairs_needed": verdict.needed,
        "per_task": [asdict(one) for one in verdict.flips],
        "notes": list(sentences(report)),
    }
    return json.dumps(_plain(found), indent=2, ensure_ascii=False) + "\n"


def as_junit(report: Report) -> str:
    """A case a question, which fails where it regressed and is skipped where it is undecided, and a case a task.

    A task never fails: one task's flips are chance more often than not, and the answer is about all of them.
    """
    suite = ElementTree.Element("testsuite", name=f"llmsweep check {report.suite}")
    for row in rows(report):
        case = ElementTree.SubElement(suite, "testcase", classname="llmsweep.check", name=row.what)
        text = f"{row.found}, allowed {row.allowed}"
        if row.answer == "regressed":
            ElementTree.SubElement(case, "failure", message=f"regressed: {text}").text = _text(report)
        elif row.answer != "pass":
            ElementTree.SubElement(case, "skipped", message=f"{row.answer}: {text}")
        else:
            ElementTree.SubElement(case, "system-out").text = text
    for one in report.verdict.flips:
        case = ElementTree.SubElement(suite, "testcase", classname="llmsweep.check.tasks", name=one.task)
        counts = f"won {one.won}, lost {one.lost}, both passed {one.both}, neither {one.neither}"
        ElementTree.SubElement(case, "system-out").text = counts
    suite.set("tests", str(len(suite)))
    for kind, tag in (("failures", "failure"), ("skipped", "skipped")):
        suite.set(kind, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("errors", "0")
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def as_markdown(report: Report) -> str:
    lines = [
        f"## llmsweep check: {headline(report)}",
        "",
        f"Baseline: {_cell(report.baseline)}  ",
        f"Candidate: {_cell(report.candidate)}  ",
        f"Suite: {_cell(report.suite)}; settings: {_cell(report.differs)}",
        "",
        "| | baseline | candidate | difference (95 %, valid at every look) | allowed | answer |"
        if math.isclose(report.terms.alpha, 0.05)
        else f"| | baseline | candidate | difference ({100 * (1 - report.terms.alpha):g} %, valid at every look) | allowed | answer |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.what} | {row.theirs} | {row.ours} | {row.found} | {row.allowed} | **{row.answer}** |"
        for row in rows(report)
    ]
    lines += ["", *_flips(report), *(f"- {_cell(text)}" for text in sentences(report))]
    return "\n".join(lines) + "\n"


def commands(report: Report) -> Iterator[str]:
    """GitHub's workflow commands: the answer, and what must not be missed."""
    level = LEVELS[report.verdict.answer]
    yield _command(level, f"llmsweep check: {report.verdict.answer}", f"{headline(report)} ({report.suite})")
    if report.verdict.rate.harmed and report.verdict.rate.answer != "regressed":
        yield _command("warning", "llmsweep check", "the candidate is shown to be worse, within the margin")
    for kind, one in report.verdict.ceilings.items():
        if one.untested:
            yield _command("warning", "llmsweep check", f"{WORDS[kind]}: not tested, {one.untested}")
    for flip in [one for one in report.verdict.flipped if one.net < 0][:5]:
        counts = f"{flip.task}: lost {flip.lost}, won {flip.won} of {flip.won + flip.lost + flip.both + flip.neither}"
        yield _command("notice", "flipped task", counts)


def _command(level: str, title: str, text: str) -> str:
    """Escaped as the runner reads it back: properties more strictly than the message."""
    message = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    named = title.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    return f"::{level} title={named}::{message}"


def _flips(report: Report) -> list[str]:
    flipped = report.verdict.flipped
    if not flipped:
        return []
    lines = ["| task | lost | won | both pass | neither |", "|---|---|---|---|---|"]
    lines += [
        f"| {one.task} | {one.lost} | {one.won} | {one.both} | {one.neither} |" for one in flipped[:SHOWN]
    ]
    return [*lines, *([f"| and {len(flipped) - SHOWN} more | | | | |"] if len(flipped) > SHOWN else []), ""]


def _cell(text: str) -> str:
    """As plain text of Markdown: settings and tasks of others must make no markup."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("`", "'").replace("\n", " ")


def _text(report: Report) -> str:
    return "\n".join((headline(report), *sentences(report)))


def _judged(one: Judged) -> dict[str, Any]:
    return {"difference": one.value, **{key: value for key, value in asdict(one).items() if key != "value"}}


def _ceiling(one: Ceiling) -> dict[str, Any]:
    judged = {} if one.judged is None else asdict(one.judged)
    judged.pop("harmed", None)
    return {"allowed": one.allowed, "missing": one.missing, "untested": one.untested, **judged}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
