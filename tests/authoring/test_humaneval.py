from __future__ import annotations

from pathlib import Path

import pytest

from llmsweep.agent.validate import validate
from llmsweep.authoring import humaneval
from llmsweep.cli.suites import named_suite
from llmsweep.sandbox.bubblewrap import Bubblewrap
from llmsweep.suite import Suite

SAMPLE = [
    "000-has-close-elements",
    "032-find-zero",  # its tests use a helper of the problem
    "033-sort-third",  # its tests call the function by its name
    "065-circular-shift",  # its examples are written with other quotes
    "162-string-to-md5",
]


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LLMSWEEP_CACHE", str(tmp_path_factory.mktemp("cache")))
        return named_suite("humaneval")


def test_all_problems_become_tasks(suite: Suite):
    assert len(suite.tasks) == 164
    assert sum(task.check is not None for task in suite.tasks) >= 60
    assert len({task.digest for task in suite.tasks}) == 164


@pytest.mark.parametrize("name", SAMPLE)
def test_a_problem_is_sound_and_no_cheat_passes_it(suite: Suite, name: str):
    assert validate(suite.pick([name]).tasks[0], Bubblewrap()) == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_problem_is_sound(suite: Suite):
    factory = Bubblewrap()
    assert {task.id: found for task in suite.tasks if (found := validate(task, factory))} == {}


def test_a_problem_without_a_session_in_its_docstring_has_no_check(tmp_path: Path):
    assert humaneval._examples('def f(x):\n    """f(1) == 2"""\n', "f") is None
    assert humaneval._examples('def f(x):\n    """\n    >>> f(1)\n    2\n    """\n', "f") == ">>> f(1)\n2\n"
