"""Exercism's practice exercises (and aider's polyglot selection of them) from a folder of the user's, one task each.

The model gets the exercise's texts and its stub; the tests stay hidden, and there is no visible check: on Exercism's
site a learner sees the tests and in aider's benchmark what they print, so rates here are those of a first attempt
from the text alone, lower than theirs where only the tests say what is meant. What else lies beside the stub (files
listed as `editor` or not listed at all) is shown, as it is to learners.

Grading runs the exercise's own unittest files in the workspace's sandbox, in one process with the solution, since they
hand objects to it and take objects back. What a solution could do to them there, what catches it and what does not is
told in kit/exercism_tests.py. Each test is a milestone, unless it holds on the untouched stub or there are more than
60. Only Python is graded: the other tracks' tests need packages from a network (JavaScript, Java, C++, Rust) or
compile a standard library anew for every verdict (Go).
"""

from __future__ import annotations

import ast
import json
import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

from llmsweep.authoring.exercism_track import (
    Exercise,
    Ungradable,
    difficulties,
    exercises,
    find_tracks,
    names_in,
    parsed,
    read_exercise,
    wanted_of,
)
from llmsweep.authoring.folder import KIT, write_task
from llmsweep.errors import UsageError

RUNNER = ("exercism_tests.py", "exercism_twins.py", "exercism_runner.py")
MEDIUM, HARD = 4, 8
"""Exercism's difficulty of 1 to 10 is called medium from 4 and hard from 8 on."""

HIDDEN = '''\
"""Exercism's own tests of {slug}; exercism_tests.py says how they are kept from being cheated."""

from exercism_tests import judge_exercise

judge_exercise(tests={tests!r}, helpers={helpers!r}, solution={solution!r})
'''

TO_WRITE = """\
## What to write

Write {files}. {what}Keep these names and what they take, and use nothing but Python's standard library.
"""

SUITE = """\
name = "exercism"
version = "1.0"
description = {description}
measures = ["whether a model turns an exercise's text and stub into a Python module that passes its tests, unseen"]
does_not_measure = [
  "resistance to memorised answers: the exercises and thousands of solutions are public",
  "work in a code base of several files",
]
"""

_FILE_IN_BACKTICKS = re.compile(r"(?<!`)`([\w./-]*\w\.[A-Za-z]\w*)`(?!`)")


def write_exercism(source: Path, target: Path) -> None:
    """Write a task folder below ``target`` for each exercise that can be graded, and a suite.toml that says which not.

    ``source``: a track's folder, one that holds tracks (polyglot), or an exercises/practice folder. Raises UsageError
    where it holds no exercises or some in languages that are not graded.
    """
    written, left_out = 0, []
    tracks = find_tracks(source)
    for practice in tracks:
        prefix = f"{practice.parent.parent.name}-" if len(tracks) > 1 else ""
        known = difficulties(practice)
        for folder in exercises(practice):
            try:
                exercise = read_exercise(folder, known.get(folder.name))
            except Ungradable as e:
                left_out.append(f"{prefix}{folder.name} ({e})")
            else:
                _write(exercise, target / f"{prefix}{folder.name}")
                written += 1
    told = f"{written} Python exercises of Exercism."
    if left_out:
        told += f" Left out: {'; '.join(left_out)}."
    if not written:
        raise UsageError(f"{source}: none of its exercises can be graded. {told}")
    (target / "suite.toml").write_text(
        SUITE.format(description=json.dumps(told, ensure_ascii=False)), "utf-8"
    )


# Writing one task


def _write(exercise: Exercise, folder: Path) -> None:
    files = {
        "instruction.md": _instruction(exercise),
        "tests/hidden.py": HIDDEN.format(
            slug=exercise.slug,
            tests=list(exercise.tests),
            helpers=list(exercise.helpers),
            solution=list(exercise.stub),
        ),
        "solution/solve.sh": _script(exercise.example),
    }
    for place, texts in (
        ("environment", {**exercise.shown, **exercise.stub}),
        ("tests/exercise", {**exercise.helpers, **exercise.tests}),
        ("tests/stub", exercise.stub),
        ("tests", {name: (KIT / name).read_text(encoding="utf-8") for name in RUNNER}),
        ("solution", exercise.example),
    ):
        files.update({f"{place}/{name}": text for name, text in texts.items()})
    write_task(
        folder,
        files,
        description=f"Exercism: {exercise.slug}",
        category="exercism",
        tier=1 + (exercise.difficulty >= MEDIUM) + (exercise.difficulty >= HARD),
    )


def _script(names: Iterable[str]) -> str:
    lines = ["#!/bin/sh", *(f'cp "$(dirname "$0")"/{shlex.quote(n)} {shlex.quote(n)}' for n in names)]
    return "\n".join(lines) + "\n"


def _instruction(exercise: Exercise) -> str:
    """The exercise's texts, and which file to write.

    Dotted names in backticks (`str.split`) get a second pair: the one file name in single backticks is where an answer
    without a name goes (protocol whole_file).
    """
    prose = _FILE_IN_BACKTICKS.sub(
        lambda m: m[0] if m[1] in exercise.stub else f"`` {m[1]} ``", exercise.prose
    )
    begun = [line for text in exercise.stub.values() for line in _offers(text)]
    lacking = sorted(
        set(wanted_of(exercise)) - {name for text in exercise.stub.values() for name in names_in(text)}
    )
    lines = [*begun, *(f"- `{name}`, which the stub does not have yet" for name in lacking)]
    what = "It has to offer:\n\n" + "\n".join(lines) + "\n\n" if lines else ""
    return (
        f"{prose}\n\n{TO_WRITE.format(files=' and '.join(f'`{name}`' for name in exercise.stub), what=what)}"
    )


def _offers(stub: str) -> Iterator[str]:
    """A line for each function and class of a stub, with what it takes."""
    for node in parsed(stub).body:
        if isinstance(node, ast.FunctionDef):
            yield f"- `{node.name}({ast.unparse(node.args)})`"
        elif isinstance(node, ast.ClassDef):
            methods = [
                f"`{one.name}({ast.unparse(one.args)})`"
                for one in node.body
                if isinstance(one, ast.FunctionDef)
            ]
            yield f"- class `{node.name}`{' with ' if methods else ''}{', '.join(methods)}"
