"""Every notebook runs from scratch through a real kernel and gives the text that it ships."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_gives_what_it_ships(path: Path, tmp_path: Path):
    done = subprocess.run(
        [sys.executable, str(FOLDER / "run.py"), "--check", str(path)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "IPYTHONDIR": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr


def test_there_are_five():
    assert len(NOTEBOOKS) == 5


def test_a_stale_notebook_and_a_failing_one_are_found(tmp_path: Path):
    cells = [nbformat.v4.new_code_cell("print(1 + 1)"), nbformat.v4.new_code_cell("print('same')")]
    cells[0].outputs = [nbformat.v4.new_output("stream", name="stdout", text="3\n")]
    cells[1].outputs = [nbformat.v4.new_output("stream", name="stdout", text="same\n")]
    stale = tmp_path / "stale.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), stale)
    broken = tmp_path / "broken.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")]), broken)
    done = subprocess.run(
        [sys.executable, str(FOLDER / "run.py"), "--check", str(stale), str(broken)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "stale.ipynb: cell 1" in done.stderr
    assert "cell 2" not in done.stderr
    assert "ZeroDivisionError" in done.stderr


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_small_and_says_nothing_of_a_machine_or_a_moment(path: Path):
    text = path.read_text(encoding="utf-8")
    assert not any(word in text for word in ("/root", "/home/", "/tmp", 'execution":', "iopub"))
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            assert len(output.get("data", {}).get("image/png", "")) * 3 / 4 < 100_000
