"""The verb budgets: after a real (scripted) sweep, from the folder alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml

from builders import task_folder
from llmsweep import manifest
from llmsweep.agent.regrade import FILE
from llmsweep.cli import run
from llmsweep.cli.budget_curves import recommended_budgets
from llmsweep.store import EPISODES, read_episodes

PROVIDER = """_target_: llmsweep.providers.scripted.Scripted
_convert_: all
reply: |
  ```python solution.py
  def double(n):
      return 2 * n
  ```
wrong: |
  ```python solution.py
  def double(n):
      return n
  ```
right_share: {0.0: 0.5, 1.0: 0.5}
"""


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven tasks in a folder of their own; half of all turns are right."""
    root = tmp_path_factory.mktemp("swept")
    for name in "abcdefg":
        text = f"Write `solution.py` with a function `double(n)` that returns twice n. Task {name}.\n"
        task_folder(root / "tasks", name, **{"instruction.md": text})
    (root / "conf/provider").mkdir(parents=True)
    (root / "conf/provider/halves.yaml").write_text(PROVIDER)
    words = ["--config-dir", str(root / "conf"), "model=scripted", "provider=halves", "sandbox=local"]
    words += [f"suite=harbor:{root / 'tasks'}", "strategy=ofat", "space.temperature=[0.2,0.7]", "repeats=1"]
    words += ["baseline.temperature=0.2", "baseline.turns=5", "plots=false", "smoke=0"]
    assert run([*words, f"results={root / 'r'}"]) == 0
    return root


@pytest.fixture
def folder(swept: Path, tmp_path: Path) -> Path:
    """A copy of the results without what the sweep's end graded; the tasks stay where they are."""
    copy = Path(shutil.copytree(swept / "r", tmp_path / "r"))
    (copy / "scripted" / FILE).unlink()
    return copy


def test_a_sweeps_recommendation_carries_the_budgets_of_its_curves(swept: Path, tmp_path: Path, capsys):
    results = Path(shutil.copytree(swept / "r", tmp_path / "r"))
    text = (results / "recommended/scripted.yaml").read_text()
    assert "turns: 5 asked" in text or "turns: all 5 that were asked" in text
    about = manifest.read(results / "scripted")
    episodes = list(about.current(read_episodes(results / "scripted")))
    for cell in {e.cell_id for e in episodes}:
        found = recommended_budgets(results / "scripted", about, episodes, cell, most=0)
        if found is not None and found.why[0] in " ".join(text.replace("#", " ").split()):
            assert yaml.safe_load(text)["baseline"]["turns"] == found.turns
            break
    else:
        pytest.fail("no cell has the budgets that the recommendation says")
    before = (results / "scripted" / FILE).read_bytes()
    assert run(["results", "show", str(results), "--write"]) == 0
    assert (results / "recommended/scripted.yaml").read_text() == text
    assert (results / "scripted" / FILE).read_bytes() == before
    assert "to grade" not in capsys.readouterr().err


def test_the_recommended_cell_is_shown_graded_once_and_written(folder: Path, capsys):
    log = folder / "scripted"
    before = (log / EPISODES).read_bytes()
    assert run(["budgets", str(folder)]) == 0
    first = capsys.readouterr()
    assert "kept workspaces to grade" in first.err
    assert "turns: 5 asked" in first.out or "turns: all 5" in first.out
    table = pd.read_csv(log / "budgets.csv")
    assert set(table["kind"]) == {"turns", "tokens", "seconds", "max_tokens"}
    assert table["cell_id"].nunique() == 1
    assert (log / "plots/budgets.png").stat().st_size > 10_000
    assert (log / "plots/budgets.svg").is_file()
    assert (log / EPISODES).read_bytes() == before
    assert run(["budgets", str(folder)]) == 0
    second = capsys.readouterr()
    assert "to grade" not in second.err
    assert second.out == first.out


def test_every_cell_and_single_ones_and_what_was_graded_before(folder: Path, capsys):
    assert run(["budgets", str(folder), "--all"]) == 0
    table = pd.read_csv(folder / "scripted/budgets.csv")
    cells = list(table["cell_id"].unique())
    assert len(cells) == 2
    assert run(["budgets", str(folder), "--cell", cells[1][:6], "--no-grade"]) == 0
    assert list(pd.read_csv(folder / "scripted/budgets.csv")["cell_id"].unique()) == [cells[1]]
    assert run(["budgets", str(folder), "--cell", "zzz"]) == 2
    assert "--cell zzz: there is no such cell" in capsys.readouterr().err


def test_without_grading_episodes_of_several_turns_are_left_out_and_said(folder: Path, capsys):
    assert run(["budgets", str(folder), "--no-grade"]) == 0
    assert "left out: not every turn is graded" in capsys.readouterr().out
    assert not (folder / "scripted" / FILE).exists()


def test_lost_workspaces_are_counted(folder: Path, capsys):
    shutil.rmtree(folder / "scripted/snapshots")
    assert run(["budgets", str(folder)]) == 0
    told = capsys.readouterr()
    assert "workspaces are missing in snapshots/; their episodes are left out" in told.err
    assert "left out: not every turn is graded" in told.out


def test_tasks_that_have_changed_since_grade_nothing(swept: Path, folder: Path, tmp_path: Path, capsys):
    tasks = Path(shutil.copytree(swept / "tasks", tmp_path / "tasks"))
    config = folder / "scripted/config.yaml"
    config.write_text(config.read_text().replace(str(swept / "tasks"), str(tasks)))
    for name in "abcdef":
        (tasks / name / "tests/hidden.py").write_text("assert False\n")
    assert run(["budgets", str(folder)]) == 0
    assert "of tasks that have changed since" in capsys.readouterr().err
    (tasks / "g/instruction.md").write_text("Something else.\n")
    (folder / "scripted" / FILE).unlink()
    assert run(["budgets", str(folder)]) == 2
    assert "none of the 7 tasks of suite tasks is as it was in that sweep" in capsys.readouterr().err
    assert run(["budgets", str(folder), "--no-grade"]) == 0
    shutil.rmtree(tasks)
    assert run(["budgets", str(folder)]) == 2
    assert "there is no such folder" in capsys.readouterr().err


def test_a_folder_without_results_or_configuration_gets_one_sentence(folder: Path, tmp_path: Path, capsys):
    assert run(["budgets", str(tmp_path / "nowhere")]) == 2
    assert "no results there" in capsys.readouterr().err
    (folder / "scripted/config.yaml").unlink()
    assert run(["budgets", str(folder)]) == 2
    assert "it says which suite and sandbox grade the workspaces" in capsys.readouterr().err
    assert run(["budgets", str(folder), "--no-grade"]) == 0


def test_a_recommendation_gets_its_budgets_within_what_it_may_grade(folder: Path, capsys):
    log = folder / "scripted"
    about = manifest.read(log)
    episodes = list(about.current(read_episodes(log)))
    cell = episodes[0].cell_id
    assert recommended_budgets(log, about, episodes, cell, most=1) is not None
    assert "kept workspaces are not graded yet; llmsweep budgets" in capsys.readouterr().err
    assert not (log / FILE).exists()
    chosen = recommended_budgets(log, about, episodes, cell, most=100)
    assert chosen is not None
    assert 1 <= chosen.turns <= 5
    assert all(kind in sentence for kind, sentence in zip(("turns", "tokens"), chosen.why, strict=True))
    graded = (log / FILE).read_bytes()
    assert recommended_budgets(log, about, episodes, cell, most=0) == chosen
    assert (log / FILE).read_bytes() == graded
    (log / "config.yaml").unlink()
    assert recommended_budgets(log, about, episodes, cell, most=100) is None
    assert "note: no budgets" in capsys.readouterr().err
