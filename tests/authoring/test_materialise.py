from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from llmsweep.authoring.cache import materialise, suites_folder
from llmsweep.errors import UnfitError, UsageError

WRITE_SLOWLY = """
import sys
from pathlib import Path
from llmsweep.authoring.cache import materialise
def write(source, target):
    print("writing", flush=True)
    sys.stdin.readline()
    (target / "made").write_text(source.read_text())
print(materialise("s", Path(sys.argv[1]), write), flush=True)
"""


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LLMSWEEP_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def copy(source: Path, target: Path) -> None:
    (target / "made").write_text(source.read_text())


def refuse(source: Path, target: Path) -> None:
    (target / "half").write_text("")
    raise UsageError("a wrong line")


def again(source: Path, target: Path) -> None:
    raise AssertionError("it was there already")


def test_a_source_is_written_once_and_anew_when_it_changes(tmp_path: Path):
    source = tmp_path / "source"
    source.write_text("one")
    first = materialise("s", source, copy)
    assert (first.parent, first.name[:2], len(first.name)) == (suites_folder(), "s-", 14)
    (first / "made").write_text("marked")
    assert materialise("s", source, copy) == first
    assert (first / "made").read_text() == "marked"
    source.write_text("two")
    second = materialise("s", source, copy)
    assert second != first
    assert (second / "made").read_text() == "two"
    assert sorted(suites_folder().iterdir()) == sorted([first, second])


def test_another_writer_has_a_folder_of_its_own(tmp_path: Path):
    (tmp_path / "source").write_text("one")
    materialise("s", tmp_path / "source", copy)
    with pytest.raises(AssertionError):
        materialise("s", tmp_path / "source", again)


def test_a_folder_is_a_source_by_its_names_and_texts(tmp_path: Path):
    def count(source: Path, target: Path) -> None:
        (target / "made").write_text(str(len(list(source.rglob("*")))))

    folder = tmp_path / "track"
    (folder / "a").mkdir(parents=True)
    (folder / "a/one").write_text("x")
    first = materialise("s", folder, count)
    (folder / "a/one").rename(folder / "a/two")
    assert materialise("s", folder, count) != first


def test_what_could_not_be_written_leaves_nothing(tmp_path: Path):
    (tmp_path / "source").write_text("one")
    with pytest.raises(UsageError, match="a wrong line"):
        materialise("s", tmp_path / "source", refuse)
    assert list(suites_folder().iterdir()) == []
    with pytest.raises(UsageError, match=r"suite 's': .*none is not there"):
        materialise("s", tmp_path / "none", copy)


def test_a_cache_that_cannot_be_written_says_how_to_mend_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "source").write_text("one")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LLMSWEEP_CACHE", str(tmp_path / "file"))
    with pytest.raises(UnfitError, match=r"suite 's' cannot be made.*set LLMSWEEP_CACHE"):
        materialise("s", tmp_path / "source", copy)


def test_two_processes_at_once_end_with_the_same_whole_folder(tmp_path: Path, own_cache: Path):
    (tmp_path / "source").write_text("one")
    both = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE_SLOWLY, str(tmp_path / "source")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "LLMSWEEP_CACHE": str(own_cache)},
        )
        for _ in range(2)
    ]
    for process in both:  # both are inside of the writer before either may end
        assert process.stdout
        assert process.stdout.readline() == "writing\n"
    answers = {process.communicate("go\n", timeout=30)[0].strip() for process in both}
    (folder,) = map(Path, answers)
    assert (folder / "made").read_text() == "one"
    assert list(suites_folder().iterdir()) == [folder]
    assert [process.returncode for process in both] == [0, 0]
