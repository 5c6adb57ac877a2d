from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from builders import task_folder
from llmsweep.authoring.folder import KIT
from llmsweep.errors import UsageError
from llmsweep.suite import Suite, load_suite, load_task, shipped


def test_a_task_folder_becomes_a_task(tmp_path: Path):
    task = load_task(task_folder(tmp_path), "s")
    assert (task.id, task.tier, task.check, task.workdir) == ("s/double", 1, "python3 check.py", "/app")
    assert task.verifier.timeout_s == 20
    assert "double(n)" in task.prompt


def test_the_digest_covers_what_an_episode_sees_and_not_the_solution(tmp_path: Path):
    before = load_task(task_folder(tmp_path), "s").digest
    assert load_task(task_folder(tmp_path, **{"solution/solve.sh": "true"}), "s").digest == before
    for path in ("instruction.md", "environment/check.py", "tests/hidden.py", "environment/new.py"):
        assert load_task(task_folder(tmp_path, **{path: "changed"}), "s").digest != before
        task_folder(tmp_path)
        (tmp_path / "double/environment/new.py").unlink(missing_ok=True)
    (tmp_path / "double/environment/check.py").chmod(0o755)
    assert load_task(tmp_path / "double", "s").digest != before


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [
        ("task.toml", "schema_version = ", "task.toml: "),
        ("task.toml", 'schema_version = "9"', "schema_version '9' is not among"),
        ("task.toml", 'schema_version = "1.4"\n[[steps]]\nname = "a"', "multi-step"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(tmp_path: Path, path: str, text: str, says: str):
    with pytest.raises(UsageError, match=says):
        load_task(task_folder(tmp_path, **{path: text}), "s")


def test_a_missing_part_is_named(tmp_path: Path):
    (task_folder(tmp_path) / "tests/test.sh").unlink()
    with pytest.raises(UsageError, match=r"tests/test\.sh is missing"):
        load_suite(tmp_path)


def test_picking_by_name_tier_and_count(tmp_path: Path):
    for name in ("a", "b", "c"):
        task_folder(tmp_path, name)
    suite = load_suite(tmp_path, "s")
    assert [t.id for t in suite.pick(names=["c", "a"]).tasks] == ["s/a", "s/c"]
    assert len(suite.pick(limit=2).tasks) == 2
    assert suite.pick(limit=2).digest != suite.digest
    with pytest.raises(UsageError, match="did you mean"):
        suite.pick(names=["aa"])
    with pytest.raises(UsageError, match=r"suite\.tiers=\[7\]"):
        suite.pick(tiers=[7])


@pytest.mark.parametrize(
    ("dockerfile", "more", "why"),
    [
        ("FROM x\nWORKDIR /app\nCOPY . /app\n", "", None),
        ('FROM x\nWORKDIR /w\n# note\nCOPY --chown=a . .\nCMD ["bash"]\n', "", None),
        ("FROM x\nRUN apt-get install y\n", "", "its Dockerfile has a RUN line"),
        ("FROM x\nENV A=1\n", "", "its Dockerfile has a ENV line"),
        ("FROM x\nCOPY data /app/data\n", "", "its Dockerfile copies data /app/data"),
        ("FROM x\nCOPY . /opt/\n", "", "its Dockerfile copies . /opt/"),
        ("FROM x\nCOPY --from=y . /app\n", "", "its Dockerfile copies --from=y . /app"),
        ("FROM x\n", 'docker_image = "org/image:1"', "its image is org/image:1"),
        ("FROM x\n", 'network_mode = "allowlist"', "it needs a network"),
    ],
)
def test_what_needs_a_container_says_why(tmp_path: Path, dockerfile: str, more: str, why: str | None):
    about = f'schema_version = "1.4"\n[environment]\n{more}\n'
    folder = task_folder(tmp_path, **{"environment/Dockerfile": dockerfile, "task.toml": about})
    assert load_task(folder, "s").container == why


def test_a_card_is_read_and_a_wrong_one_refused(tmp_path: Path):
    task_folder(tmp_path, "a")
    card = tmp_path / "suite.toml"
    card.write_text('version = "3"\nmeasures = ["x"]\nexpected_seconds_per_task = 2\n[tiers]\n1 = "easy"\n')
    suite = load_suite(tmp_path, "s")
    assert (suite.card.version, suite.card.tiers, suite.card.seconds) == ("3", {1: "easy"}, 2.0)
    card.write_text('[tiers]\nfirst = "easy"\n')
    with pytest.raises(UsageError, match=r"suite\.toml: "):
        load_suite(tmp_path, "s")


def test_a_tasks_own_folder_is_a_suite_of_one(tmp_path: Path):
    assert [t.id for t in load_suite(task_folder(tmp_path), "s").tasks] == ["s/double"]


SHIPPED = {name: load_suite(folder) for name, folder in shipped().items()}


def test_the_shipped_suites_have_what_they_promise():
    tiers = Counter(task.tier for task in SHIPPED["canary"].tasks)
    assert sum(tiers.values()) >= 24
    assert set(tiers) == {1, 2, 3}
    assert len(SHIPPED["stamina"].tasks) >= 8
    assert len(SHIPPED["gatekeeper"].tasks) >= 200
    assert len(SHIPPED["micro"].tasks) == 40


@pytest.mark.parametrize("suite", SHIPPED.values(), ids=SHIPPED)
def test_every_card_is_complete_and_every_tier_told(suite: Suite):
    card = suite.card
    assert card.description
    assert card.measures
    assert card.does_not_measure
    assert card.seconds
    assert set(card.tiers) == {task.tier for task in suite.tasks}


@pytest.mark.parametrize("name", ["micro", "canary", "stamina"])
def test_every_task_has_the_same_kit_and_needs_no_container(name: str):
    for task in SHIPPED[name].tasks:
        for file in ("judge.py", "test.sh"):
            own = (task.verifier.tests / file).read_text(encoding="utf-8")
            assert own == (KIT / file).read_text(encoding="utf-8"), f"{task.id}: {file}; copy it from the kit"
        assert task.container is None
        assert (task.environment / "Dockerfile").is_file()
