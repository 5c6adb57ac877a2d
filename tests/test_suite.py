from __future__ import annotations

from pathlib import Path

import pytest

from builders import task_folder
from llmsweep.errors import UsageError
from llmsweep.suite import load_suite, load_task, shipped


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
        ("environment/Dockerfile", "FROM x\nRUN apt-get install y", "RUN line needs a container"),
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


def test_the_shipped_suites_load():
    assert len(load_suite(shipped()["micro"]).tasks) >= 30
