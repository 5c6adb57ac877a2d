from __future__ import annotations

from pathlib import Path

import pytest

from builders import task_folder
from llmsweep.cli import run
from llmsweep.cli.suites import name_of, plain_words
from llmsweep.errors import UsageError
from llmsweep.suite import shipped

DEMO = ["model=scripted", "plots=false", "smoke=0", "probe=false", "space=none"]


def test_the_list_has_every_suite_and_the_others_words(capsys):
    assert run(["tasks", "list"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in shipped())
    assert "exercism:PATH" in shown


def test_a_card_is_shown(capsys):
    assert run(["tasks", "show", "canary"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "canary 1.0: 34 tasks, digest" in shown
    assert "does not measure: " in shown
    assert "tier 3: 15 tasks, across files with a trap" in shown
    assert "needs beside python3 and bash: gcc, make, node" in shown


@pytest.mark.parametrize("language", ["python", "shell", "javascript", "c"])
def test_a_new_task_is_sound_as_it_stands(tmp_path: Path, language: str, capsys):
    assert run(["tasks", "new", str(tmp_path / "mine" / "greet"), "--language", language]) == 0
    assert run(["tasks", "validate", str(tmp_path / "mine")]) == 0
    assert "mine: 1 of 1 tasks are sound" in capsys.readouterr().out
    assert run(["tasks", "new", str(tmp_path / "mine" / "greet")]) == 2
    assert "is there already" in capsys.readouterr().err


def test_a_suite_may_have_any_folders_name(tmp_path: Path, capsys):
    folder = tmp_path / 'the "new" ones\\'
    assert run(["tasks", "new", str(folder / "greet")]) == 0
    card = folder / "suite.toml"
    card.write_text(card.read_text() + '4 = "added by hand"\n')
    assert run(["tasks", "new", str(folder / "greet-again")]) == 0
    assert "added by hand" in card.read_text()
    assert run(["tasks", "show", str(folder)]) == 0
    assert "2 tasks" in capsys.readouterr().out


def test_an_unsound_task_ends_with_1_and_says_why(tmp_path: Path, capsys):
    run(["tasks", "new", str(tmp_path / "mine" / "greet")])
    hidden = tmp_path / "mine" / "greet" / "tests" / "hidden.py"
    hidden.write_text("from judge import check, decide\n@check('all is well')\ndef well(): pass\ndecide()\n")
    assert run(["tasks", "validate", str(tmp_path / "mine")]) == 1
    said = capsys.readouterr().out
    assert "its hidden tests pass on the untouched workspace" in said
    assert "it is passed by leaving the process" in said
    assert "mine: 0 of 1 tasks are sound" in said


def test_tests_that_run_the_solution_in_their_own_process_are_found_out(tmp_path: Path, capsys):
    """The solution exits with code 0 at import, and such tests believe it."""
    believes = '#!/bin/sh\nif python3 "$TESTS_DIR/t.py" > /dev/null; then echo 1; else echo 0; fi > "$LOGS_DIR/verifier/reward.txt"\n'
    files = {
        "tests/test.sh": believes,
        "tests/t.py": "import sys; sys.path.insert(0, '.')\nfrom solution import double\nassert double(3) == 6\n",
    }
    task_folder(tmp_path / "mine", **files)
    assert run(["tasks", "validate", str(tmp_path / "mine")]) == 1
    assert "it is passed by leaving the process with exit code 0" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["tasks", "show", "canry"], "did you mean 'canary'"),
        (["tasks", "list", "harbor:/no/where"], "suite.path=/no/where: there is no such folder"),
        (["tasks", "new", "mine/Greet"], "is no task's name"),
        (["tasks", "new", "mine/greet", "--language", "cobol"], "--language cobol"),
        ([*DEMO, "suite=harbr:/x"], "there is no such kind of suite; did you mean 'harbor'"),
        ([*DEMO, "suite.lacking=maybe"], "suite.lacking=maybe"),
        ([*DEMO, "suite=harbor:"], "suite=harbor: names no folder: write suite=harbor:PATH"),
        (["tasks", "list", "exercism:"], "exercism: names no folder: write exercism:PATH"),
        ([*DEMO, "suite=harbor"], "suite.path"),
    ],
)
def test_wrong_words(words: list[str], says: str, tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(words) == 2
    assert says in capsys.readouterr().err


def test_a_folder_of_ones_own_with_a_blank_in_its_name_is_swept(tmp_path: Path, capsys):
    folder = tmp_path / "my tasks, 'new'"
    run(["tasks", "new", str(folder / "greet")])
    assert run([*DEMO, f"suite=harbor:{folder}", f"results={tmp_path / 'r'}", "baseline.turns=1"]) == 0
    assert "1 task" in capsys.readouterr().out


def test_what_needs_a_container_or_a_tool_is_refused_or_left_out(tmp_path: Path, capsys):
    suite = tmp_path / "mixed"
    task_folder(suite, "plain")
    task_folder(suite, "boxed", **{"environment/Dockerfile": "FROM x\nRUN make all\n"})
    about = 'schema_version = "1.4"\n[metadata]\ntools = ["no-such-tool"]\n'
    task_folder(suite, "tooled", **{"task.toml": about})
    words = [*DEMO, f"suite=harbor:{suite}", f"results={tmp_path / 'r'}", "baseline.turns=1"]
    assert run(words) == 3
    said = capsys.readouterr().err
    assert "2 of 3 tasks cannot run here, such as mixed/boxed: its Dockerfile has a RUN line" in said
    assert "sandbox=docker" in said
    assert "suite.lacking=skip" in said
    assert run([*words, "suite.lacking=skip"]) == 0
    out = capsys.readouterr()
    assert "2 of 3 tasks are left out" in out.out + out.err
    assert "no-such-tool" in out.out + out.err
    run(["tasks", "validate", str(suite)])
    assert "mixed/boxed: not checked: " in capsys.readouterr().out


def test_words_before_hydra():
    assert plain_words(["model=a", "suite=micro", "suite=harbor:/x/my y"]) == [
        "model=a",
        "suite=micro",
        "suite=harbor",
        "suite.path='/x/my y'",
        "suite.name=my-y",
    ]
    assert name_of("/a/.b c!/") == "b-c"
    with pytest.raises(UsageError, match="no such kind"):
        plain_words(["suite=x:y"])
