from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import unittest
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from llmsweep.agent.grade import Grade, grade
from llmsweep.agent.protocols.whole_file import only_file_named
from llmsweep.agent.validate import validate
from llmsweep.authoring.exercism import write_exercism
from llmsweep.authoring.folder import KIT
from llmsweep.errors import UsageError
from llmsweep.sandbox.bubblewrap import Bubblewrap
from llmsweep.suite import load_suite, load_task
from llmsweep.types import Task

STUB = """\
RATES = {}


class UnknownZone(Exception):
    pass


class Parcel:
    def __init__(self, zone, grams):
        pass

    def rate(self):
        pass

    def __eq__(self, other):
        pass


def total(parcels):
    pass


def heaviest(parcels):
    pass
"""
EXAMPLE = """\
RATES = {"city": 3, "land": 5}


class UnknownZone(Exception):
    pass


class Parcel:
    def __init__(self, zone, grams):
        if zone not in RATES:
            raise UnknownZone(f"no zone {zone}")
        self.zone, self.grams = zone, grams

    def rate(self):
        return RATES[self.zone] * -(-self.grams // 500)

    def __eq__(self, other):
        return (self.zone, self.grams) == (other.zone, other.grams)


def total(parcels):
    for parcel in parcels:
        if parcel is not None:
            parcel.seen = True
    return sum(parcel.rate() for parcel in parcels)


def heaviest(parcels):
    return max(parcels, key=lambda parcel: parcel.grams, default=None)
"""
TESTS = """\
import unittest
from unittest import mock

from depot import boxes
from parcel_rates import RATES, Parcel, UnknownZone, heaviest, total


class Shared:
    def test_rate_of_a_small_parcel(self):
        self.assertEqual(self.parcel(400).rate(), self.price)

    def test_rate_grows_with_each_half_kilo(self):
        self.assertEqual([self.parcel(n).rate() for n in (500, 501)], [self.price, 2 * self.price])


class CityTest(Shared, unittest.TestCase):
    price = 3

    def parcel(self, grams):
        return Parcel("city", grams)

    def assertDearer(self, one, other):
        if not one.rate() > other.rate():
            raise self.failureException("it is not dearer")

    def test_more_is_dearer(self):
        self.assertDearer(self.parcel(900), self.parcel(100))


class LandTest(Shared, unittest.TestCase):
    price = 5

    def setUp(self):
        self.made = Parcel("land", 1200)

    def parcel(self, grams):
        return Parcel("land", grams)

    def test_unknown_zone(self):
        with self.assertRaises(UnknownZone) as caught:
            Parcel("moon", 1)
        self.assertEqual(caught.exception.args[0], "no zone moon")

    def test_total(self):
        self.assertEqual(total([self.made, Parcel("city", 1)]), 18)

    def test_total_of_a_depot(self):
        self.assertEqual(total(boxes(Parcel)), 11)

    def test_heaviest(self):
        self.assertIs(heaviest([self.made, Parcel("city", 1)]), self.made)

    def test_heaviest_of_none(self):
        self.assertIsNone(heaviest([]))

    def test_equal(self):
        self.assertTrue(Parcel("land", 1200) == self.made)
        self.assertFalse(Parcel("land", 1) == self.made)

    @mock.patch.dict("parcel_rates.RATES", land=7)
    def test_new_price(self):
        self.assertEqual(self.made.rate(), 21)

    @unittest.skip("extra credit")
    def test_express(self):
        self.assertEqual(self.made.express(), 99)


if __name__ == "__main__":
    unittest.main()
"""
DEPOT = """\
def boxes(kind):
    return [kind("city", 600), kind("land", 10)]
"""
OWN: Mapping[str, str] = {
    ".docs/introduction.md": "# Introduction\n\nA post office prices parcels.",
    ".docs/instructions.md": "# Instructions\n\nA parcel pays its zone's rate for each half kilo; `math.ceil` may help.",
    ".docs/instructions.append.md": '# Append\n\nRaise `UnknownZone("no zone moon")` for a zone that is neither city nor land.',
    ".meta/config.json": json.dumps(
        {
            "files": {
                "solution": ["parcel_rates.py"],
                "test": ["parcel_rates_test.py", "depot.py"],
                "example": [".meta/example.py"],
            }
        }
    ),
    ".meta/example.py": EXAMPLE,
    "parcel_rates.py": STUB,
    "parcel_rates_test.py": TESTS,
    "depot.py": DEPOT,
}


def put(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def track(folder: Path, **exercises: Mapping[str, str]) -> Path:
    """A track with these exercises, their names with hyphens."""
    for name, files in exercises.items():
        put(folder / "exercises/practice" / name.replace("_", "-"), files)
    return folder


def changed(**files: Any) -> dict[str, str]:
    """The configuration of our exercise with other lists of files."""
    config = json.loads(OWN[".meta/config.json"])
    config["files"] |= files
    return {**OWN, ".meta/config.json": json.dumps(config)}


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> Task:
    place = tmp_path_factory.mktemp("exercism")
    write_exercism(track(place / "python", parcel_rates=OWN), place / "made")
    return load_task(place / "made" / "parcel-rates", "exercism")


def graded(task: Task, solution: str, **others: str) -> Grade:
    with Bubblewrap().open(task) as sandbox:
        sandbox.write("parcel_rates.py", solution)
        for name, text in others.items():
            sandbox.write(f"{name}.py", text)
        return grade(task, sandbox)


# The task


def test_the_task_is_sound_and_no_cheat_passes(task: Task):
    assert validate(task, Bubblewrap()) == []


def test_the_workspace_holds_the_stub_and_no_tests(task: Task):
    assert sorted(path.name for path in task.environment.iterdir()) == ["Dockerfile", "parcel_rates.py"]
    assert (task.environment / "parcel_rates.py").read_text() == STUB
    assert (task.check, task.tools, task.container) == (None, (), None)


def test_the_instruction_has_every_text_and_names_one_file_and_what_it_must_offer(task: Task):
    assert only_file_named(task.prompt) == "parcel_rates.py"
    for words in ("A post office", "half kilo", "`` math.ceil ``", '`UnknownZone("no zone moon")`'):
        assert words in task.prompt
    for line in ("class `Parcel` with `__init__(self, zone, grams)`, `rate(self)`", "- `total(parcels)`"):
        assert line in task.prompt


def test_the_instruction_names_what_the_tests_import_and_the_stub_lacks(tmp_path: Path):
    bare = {**OWN, "parcel_rates.py": STUB.replace("RATES = {}\n", "")}
    write_exercism(track(tmp_path / "t", parcel_rates=bare), tmp_path / "made")
    prompt = load_task(tmp_path / "made" / "parcel-rates", "s").prompt
    assert prompt.count("which the stub does not have yet") == 1
    assert "- `RATES`, which the stub does not have yet" in prompt


def test_files_beside_the_stub_are_shown_and_kept_as_they_were(tmp_path: Path):
    files = changed(test=["parcel_rates_test.py"]) | {".gitignore": "x", "README.md": "x"}
    write_exercism(track(tmp_path / "t", parcel_rates=files), tmp_path / "made")
    shown = load_task(tmp_path / "made" / "parcel-rates", "s")
    assert (shown.environment / "depot.py").read_text() == DEPOT
    assert not (shown.environment / "README.md").exists()
    assert graded(shown, EXAMPLE, depot="def boxes(kind):\n    raise SystemExit\n").passed


@pytest.mark.parametrize(("difficulty", "tier"), [(1, 1), (3, 1), (4, 2), (7, 2), (8, 3), (10, 3), (None, 1)])
def test_the_tier_is_the_track_s_difficulty(tmp_path: Path, difficulty: int | None, tier: int):
    source = track(tmp_path / "python", parcel_rates=OWN)
    entry = {"slug": "parcel-rates", "difficulty": difficulty}
    (source / "config.json").write_text(json.dumps({"exercises": {"practice": [entry]}}))
    write_exercism(source, tmp_path / "made")
    assert load_task(tmp_path / "made" / "parcel-rates", "s").tier == tier


# Grading


def test_each_test_is_a_milestone_unless_the_stub_passes_it_or_it_is_skipped(task: Task):
    found = graded(task, EXAMPLE)
    assert found.passed
    assert set(found.milestones) == {
        *("CityTest.test_rate_of_a_small_parcel", "CityTest.test_rate_grows_with_each_half_kilo"),
        *("CityTest.test_more_is_dearer", "LandTest.test_rate_of_a_small_parcel"),
        *(
            "LandTest.test_rate_grows_with_each_half_kilo",
            "LandTest.test_unknown_zone",
            "LandTest.test_total",
        ),
        *("LandTest.test_total_of_a_depot", "LandTest.test_heaviest", "LandTest.test_equal"),
        *("LandTest.test_new_price",),
    }


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ('f"no zone {zone}"', '"no such zone"', {"LandTest.test_unknown_zone"}),
        ("max(parcels", "min(parcels", {"LandTest.test_heaviest"}),
        ('"land": 5', '"land": 6', None),
        ("parcel.seen = True", "import unittest; raise unittest.SkipTest", None),
        ("parcel.seen = True", "raise SystemExit(0)", None),
        ("default=None", "default=0", set()),
    ],
)
def test_a_wrong_solution_keeps_the_milestones_that_it_holds(
    task: Task, old: str, new: str, lost: set[str] | None
):
    assert old in EXAMPLE
    found = graded(task, EXAMPLE.replace(old, new))
    missed = {name for name, share in found.milestones.items() if share < 1}
    assert not found.passed
    if lost is None:
        lost = {"LandTest.test_total", "LandTest.test_total_of_a_depot"}
        if "land" in old:
            lost |= {
                "LandTest.test_rate_of_a_small_parcel",
                "LandTest.test_rate_grows_with_each_half_kilo",
            }
    assert missed == lost


def test_a_solution_may_print_and_use_modules_and_files_of_its_own(task: Task):
    own = 'import prices\nprint("hello")\nassert open("prices.py").read()\n'
    assert graded(
        task, own + EXAMPLE.replace("RATES = ", "RATES = prices.known or "), prices="known = {}\n"
    ).passed


def test_changed_tests_and_modules_in_the_workspace_have_no_effect(task: Task):
    nothing = "raise SystemExit(0)\n"
    others = dict.fromkeys(("parcel_rates_test", "depot", "unittest", "json", "sitecustomize"), nothing)
    assert graded(task, EXAMPLE, **others).passed
    assert not graded(task, STUB, **others).passed


PATCHED = {
    "assertions that hold": """
import unittest
class Anything:
    def __enter__(self): return self
    def __exit__(self, *_): return True
    def __getattr__(self, name): return self
    def __getitem__(self, key): return self
    def __gt__(self, other): return True
for name in dir(unittest.TestCase):
    if name.startswith("assert"):
        setattr(unittest.TestCase, name, lambda *a, **k: Anything())
Parcel.rate = lambda self: Anything()
""",
    "tests that succeed": """
import unittest
def run(self, result=None):
    result.startTest(self)
    result.addSuccess(self)
    result.stopTest(self)
unittest.TestCase.run = unittest.TestCase.__call__ = run
""",
    "a result that hears no failure": """
import sys, unittest
for kind in (unittest.TestResult, sys.modules["__main__"].Watched):
    for name in ("addFailure", "addError", "addSubTest", "addSkip"):
        setattr(kind, name, lambda self, *a: kind.addSuccess(self, None))
""",
    "a runner that believes": "import sys\nsys.modules['__main__'].passes = lambda *a: True\n",
    "unittest.main": "import unittest\nunittest.main = lambda *a, **k: None\nunittest.main()\n",
    "sys.exit": "import sys\nprint('OK')\nsys.exit(0)\n",
    "forged lines": """
import os
for fd in range(1, 20):
    try:
        os.write(fd, b"".join(b"LandTest.test_%d passed %032d\\n" % (n, n) for n in range(50)) + b"OK\\n")
    except OSError:
        pass
os._exit(0)
""",
    "atexit": "import atexit, os\natexit.register(lambda: print('OK') or os._exit(0))\n",
    "reports in the runner's name": """
import os, sys
frame = sys._getframe()
while frame and "keyed" not in frame.f_locals:
    frame = frame.f_back
seen = frame.f_locals
for module, test in seen["asked"]["order"]:
    code = seen["keyed"].copy()
    code.update(f"{test} passed".encode())
    os.write(seen["out"], f"{test} passed {code.hexdigest()}\\n".encode())
os._exit(0)
""",
    "values that are equal to everything": EXAMPLE
    + """
class Same(int):
    def __eq__(self, other): return True
    def __gt__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
Parcel.rate = lambda self: Same()
def total(parcels): return Same()
""",
}


@pytest.mark.parametrize("what", PATCHED)
def test_a_solution_that_meddles_with_its_tests_does_not_pass(task: Task, what: str):
    found = graded(task, PATCHED[what] if "total" in PATCHED[what] else STUB + PATCHED[what])
    assert not found.passed
    assert sum(found.milestones.values()) == 0, "nothing that it reports counts"


def test_what_was_asked_of_the_runner_cannot_be_read_a_second_time(task: Task):
    look = """
import os, sys
if sys.stdin.read() or open("/proc/self/fd/0").read():
    raise ValueError("it is on stdin")
if os.path.exists("/tmp/.stdin") and open("/tmp/.stdin").read():
    raise ValueError("it is in the file")
"""
    assert graded(task, look + EXAMPLE).passed


def test_no_verdict_where_the_untouched_stub_passes_everything(tmp_path: Path):
    write_exercism(track(tmp_path / "t", parcel_rates={**OWN, "parcel_rates.py": EXAMPLE}), tmp_path / "made")
    done = load_task(tmp_path / "made" / "parcel-rates", "s")
    problems = validate(done, Bubblewrap())
    assert len(problems) == 1
    assert "the untouched stub passes every test" in problems[0]


def test_more_than_sixty_tests_are_no_milestones(tmp_path: Path):
    many = "".join(f"    def test_{n}(self):\n        self.assertEqual(total([]), 0)\n" for n in range(61))
    tests = f"import unittest\nfrom parcel_rates import total\nclass T(unittest.TestCase):\n{many}"
    write_exercism(
        track(tmp_path / "t", parcel_rates={**OWN, "parcel_rates_test.py": tests}), tmp_path / "made"
    )
    large = load_task(tmp_path / "made" / "parcel-rates", "s")
    assert graded(large, EXAMPLE) == Grade(reward=1.0)
    assert graded(large, STUB) == Grade(reward=0.0)


# The kit


def of_kit(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, KIT / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_good_solution_passes_no_twin_and_no_tripwire_whatever_chance_chose(
    monkeypatch: pytest.MonkeyPatch,
):
    for name, text in {"parcel_rates": EXAMPLE, "depot": DEPOT}.items():
        module = ModuleType(name)
        exec(text, vars(module))
        monkeypatch.setitem(sys.modules, name, module)
    rewritten: Callable[[dict[str, str]], Any] = of_kit("exercism_twins").rewritten
    for _ in range(60):
        files, cases = rewritten({"parcel_rates_test.py": TESTS})
        names: dict[str, Any] = {"__name__": "parcel_rates_test"}
        exec(files["parcel_rates_test.py"], names)
        assert {case.test for case in cases if case.kind == "twin"} == {
            case.test for case in cases if case.kind == "test"
        }
        assert sum(case.kind == "tripwire" for case in cases) == 8
        for case in cases:
            kind, _, method = case.name.partition(".")
            result = unittest.TestResult()
            names[kind](method).run(result)
            assert result.wasSuccessful() is (case.kind == "test"), files["parcel_rates_test.py"]


def test_names_in_the_rewriting_tell_nothing_and_change_every_time():
    rewritten = of_kit("exercism_twins").rewritten
    files, cases = rewritten({"parcel_rates_test.py": TESTS})
    again, others = rewritten({"parcel_rates_test.py": TESTS})
    assert "unknown_zone" not in "".join(files.values())
    assert not {case.name for case in cases} & {case.name for case in others}
    order = [case.test for case in cases if case.kind == "test"]
    assert order == [case.test for case in others if case.kind == "test"]
    assert files != again


def test_a_test_that_hangs_fails_alone(tmp_path: Path):
    tests = """
import unittest
class T(unittest.TestCase):
    def test_hangs(self):
        while True: pass
    def test_holds(self): pass
"""
    asked = {
        "key": "00" * 32,
        "files": {"t_test.py": tests},
        "order": [["t_test", "T.test_hangs"], ["t_test", "T.test_holds"]],
        "test_s": 0.5,
    }
    runner = [sys.executable, "-I", "-B", "-c", (KIT / "exercism_runner.py").read_text()]
    done = subprocess.run(
        runner, input=json.dumps(asked), capture_output=True, text=True, timeout=30, cwd=tmp_path
    )
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [
        ["T.test_hangs", "failed"],
        ["T.test_holds", "passed"],
    ]


# The source


@pytest.mark.parametrize("inside", ["", "exercises/practice"])
def test_a_track_and_its_practice_folder_give_the_same_tasks(tmp_path: Path, inside: str):
    source = track(tmp_path / "python", parcel_rates=OWN, other_rates=OWN)
    write_exercism(source / inside, tmp_path / "made")
    assert [task.id for task in load_suite(tmp_path / "made", "s").tasks] == [
        "s/other-rates",
        "s/parcel-rates",
    ]


def test_of_several_tracks_each_has_its_name_in_its_tasks(tmp_path: Path):
    for name in ("one", "two"):
        track(tmp_path / "many" / name, parcel_rates=OWN)
    write_exercism(tmp_path / "many", tmp_path / "made")
    assert [task.id for task in load_suite(tmp_path / "made", "s").tasks] == [
        "s/one-parcel-rates",
        "s/two-parcel-rates",
    ]


def test_other_languages_are_refused_by_name(tmp_path: Path):
    go = changed(solution=["parcel_rates.go"])
    track(tmp_path / "many" / "go", parcel_rates=go)
    with pytest.raises(UsageError, match=r"many holds exercises in go, .* supported: python\.$"):
        write_exercism(tmp_path / "many", tmp_path / "made")
    track(tmp_path / "many" / "python", parcel_rates=OWN)
    with pytest.raises(UsageError, match=r"in go, .* supported: python\. Give .*/many/python alone\."):
        write_exercism(tmp_path / "many", tmp_path / "made")


def test_a_folder_without_exercises_is_refused_with_what_was_looked_for(tmp_path: Path):
    with pytest.raises(UsageError, match=r"looked for exercises/practice/<slug>/\.meta/config\.json"):
        write_exercism(tmp_path, tmp_path / "made")


@pytest.mark.parametrize(
    ("files", "why"),
    [
        (changed(example=[]), "0 example files stand for 1 solution files"),
        (changed(example=["../../../secret.py"]), "lies outside of it"),
        (changed(example=[".meta/none.py"]), r"\.meta/none\.py cannot be read"),
        (changed(test=["depot.py"]), "no unittest file with tests"),
        ({**OWN, "parcel_rates_test.py": "def (:\n"}, "is no Python"),
        (
            changed(solution=["queue.py"]) | {"queue.py": STUB},
            r"queue\.py has the name of a module of Python's own",
        ),
    ],
)
def test_what_cannot_be_graded_is_left_out_and_named(tmp_path: Path, files: Mapping[str, str], why: str):
    source = track(tmp_path / "python", bad_one=files)
    with pytest.raises(UsageError, match=rf"none of its exercises can be graded.*bad-one \(.*{why}"):
        write_exercism(source, tmp_path / "made")
    track(source, parcel_rates=OWN, ledger=OWN)
    write_exercism(source, tmp_path / "made")
    suite = load_suite(tmp_path / "made", "s")
    assert [task.id for task in suite.tasks] == ["s/parcel-rates"]
    assert suite.card.description.startswith("1 Python exercises of Exercism. Left out: bad-one (")
    assert "ledger (its stub passes its tests already)" in suite.card.description


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_every_exercise_of_a_real_track_is_sound(tmp_path: Path):
    named = os.environ.get("LLMSWEEP_EXERCISM")
    if not named:
        pytest.skip("LLMSWEEP_EXERCISM names no track of Exercism")
    write_exercism(Path(named), tmp_path)
    factory = Bubblewrap()
    with ThreadPoolExecutor(max_workers=2) as pool:
        found = pool.map(lambda task: (task.id, validate(task, factory)), load_suite(tmp_path).tasks)
        assert {task: wrong for task, wrong in found if wrong} == {}
