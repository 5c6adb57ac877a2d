"""Exported suites are what Harbor itself takes: its own validator, in an environment of its own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from llmsweep.cli import run
from llmsweep.suite import shipped

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


@pytest.fixture(scope="session")
def harbor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has harbor."""
    newer = next((p for name in ("python3.12", "python3.13") if (p := shutil.which(name))), None)
    if newer is None:
        pytest.skip("harbor needs Python 3.12, and there is none")
    place = tmp_path_factory.mktemp("harbor")
    subprocess.run([newer, "-m", "venv", place], check=True, capture_output=True)
    python = place / "bin" / "python"
    installed = subprocess.run([python, "-m", "pip", "install", "-q", "harbor>=0.24"], capture_output=True)
    if installed.returncode:
        pytest.skip(f"harbor could not be installed: {installed.stderr.decode()[-200:]}")
    return python


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_harbors_validator_takes_every_exported_suite(harbor: Path, tmp_path: Path):
    for name in shipped():
        assert run(["tasks", "export", name, str(tmp_path / name)]) == 0
    folders = [tmp_path / name for name in shipped()]
    done = subprocess.run([harbor, "-c", VALIDATE, *folders], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-500:]
    exported = [path for folder in folders for path in folder.iterdir() if path.is_dir()]
    assert len(done.stdout.splitlines()) == len(exported) > 300


def test_an_export_is_a_harbor_suite_that_can_be_read_again(tmp_path: Path, capsys):
    assert run(["tasks", "export", "canary", str(tmp_path / "out")]) == 0
    assert run(["tasks", "list", f"harbor:{tmp_path / 'out'}"]) == 0
    assert "out/museum-fare" in capsys.readouterr().out
    assert run(["tasks", "export", "canary", str(tmp_path / "out")]) == 2
    assert "not an empty folder" in capsys.readouterr().err
