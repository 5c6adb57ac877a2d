"""The container sandbox: its contract where an engine and an image are at hand, its words and refusals everywhere.

The image: $LLMSWEEP_TEST_IMAGE, or python:3.12-slim where the engine has it; tests pull nothing.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from builders import task_folder
from llmsweep.agent.validate import validate
from llmsweep.cli import run
from llmsweep.errors import SandboxError, UnfitError, UsageError
from llmsweep.sandbox.docker import Docker
from llmsweep.sandbox.engine import find_engine
from llmsweep.suite import load_suite, load_task, shipped
from llmsweep.testing import SandboxConformance

IMAGE = os.environ.get("LLMSWEEP_TEST_IMAGE", "python:3.12-slim")


@pytest.fixture(scope="session")
def engine():
    try:
        found = find_engine("auto")
    except UnfitError as e:
        pytest.skip(str(e))
    if not found.say("image", "inspect", "--format", "{{.Id}}", IMAGE, check=False):
        pytest.skip(f"{found.kind} has no image {IMAGE}")
    return found


@pytest.mark.slow
class TestDockerConforms(SandboxConformance):
    @pytest.fixture
    def factory(self, engine):
        factory = Docker(image=IMAGE)
        factory.check()
        yield factory
        mine = engine.say("ps", "--all", "--quiet", "--filter", f"label=llmsweep={os.getpid()}")
        assert mine == "", "a container was left behind"


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", ["micro/gcd", "canary/room-booking"])
def test_a_task_of_ours_is_sound_in_containers_too(engine, name: str):
    suite, _, task = name.partition("/")
    chosen = load_suite(shipped()[suite], suite).pick([task]).tasks[0]
    assert validate(chosen, Docker(image=IMAGE)) == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_task_whose_image_must_be_built_is_built_once_and_graded_in_it(engine, tmp_path: Path):
    dockerfile = (
        f"FROM {IMAGE}\nWORKDIR /srv/work\nCOPY . /srv/work\nRUN echo made > made.txt && mkdir /opt/tool\n"
    )
    test = "mkdir -p /logs/verifier; test -d /opt/tool && test -f /opt/tool/new && cat /srv/work/made.txt && echo 1 > /logs/verifier/reward.txt || echo 0 > /logs/verifier/reward.txt\n"
    folder = task_folder(tmp_path, **{"environment/Dockerfile": dockerfile, "tests/test.sh": test})
    about = 'schema_version = "1.4"\n[environment]\nworkdir = "/srv/work"\n'
    (folder / "task.toml").write_text(about)
    task = load_task(folder, "t")
    assert task.container == "its Dockerfile has a RUN line"
    factory = Docker()
    for touched, reward in ((False, "0\n"), (True, "1\n")):
        logs = tmp_path / f"logs{touched}"
        (logs / "verifier").mkdir(parents=True)
        with factory.open(task, tmp_path / "snapshots") as sandbox:
            assert sandbox.read("made.txt") == "made\n"
            assert "check.py" in sandbox.files()
            assert sandbox.snapshot()
            if touched:
                assert sandbox.run("touch /opt/tool/new; pwd", 20).output == "/srv/work\n"
            sandbox.verify(task.verifier.tests, logs, 30)
        assert (logs / "verifier" / "reward.txt").read_text() == reward


def test_an_engine_that_is_not_there_is_told_with_what_to_do(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        UnfitError, match=r"docker is not installed; podman is not installed\. Start Docker, or"
    ):
        Docker().check()
    broken = tmp_path / "docker"
    broken.write_text("#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2\nexit 1\n")
    broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
    with pytest.raises(UnfitError, match=r"docker does not answer .*Cannot connect to the Docker daemon"):
        Docker(engine="docker").check()


def test_an_unknown_engine_is_refused():
    with pytest.raises(UsageError, match=r"sandbox\.engine=dokcer.*did you mean 'docker'"):
        Docker(engine="dokcer")


def test_a_workdir_that_cannot_be_mounted_is_refused(tmp_path: Path):
    task = load_task(task_folder(tmp_path), "t")
    from dataclasses import replace

    with (
        pytest.raises(SandboxError, match="must be a folder below /"),
        Docker().open(replace(task, workdir="/")),
    ):
        pass


def test_the_command_line_says_what_is_missing(tmp_path: Path, monkeypatch, capsys):
    task_folder(tmp_path / "s")
    monkeypatch.setenv("PATH", str(tmp_path))
    words = [
        "model=scripted",
        f"suite=harbor:{tmp_path / 's'}",
        f"results={tmp_path / 'r'}",
        "sandbox=docker",
    ]
    assert run([*words, "probe=false", "smoke=0", "plots=false", "space=none"]) == 3
    assert "sandbox=docker: docker is not installed" in capsys.readouterr().err
