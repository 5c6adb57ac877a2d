"""Every number of a finding card comes with a command, and that command prints this very number."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from exports.made import PUBLISHED
from llmsweep.cli import run

FOLDERS = ("demo", "micro-race-seed3", "micro-demo-h100")
NUMBER = re.compile(r"\d[\d,.]*\d|\d")


def card_of(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert run(["card", str(folder)]) == 0
    return capsys.readouterr().out


def checks(card: str) -> Iterator[tuple[list[str], str]]:
    """The bullets above each command, and the command."""
    bullets: list[str] = []
    for line in card.splitlines():
        if line.startswith("      "):
            yield bullets, line.strip()
            bullets = []
        elif line.startswith("#"):
            bullets = []
        elif line.startswith("- "):
            bullets.append(line)


def numbers(text: str) -> set[str]:
    return set(NUMBER.findall(text))


@pytest.mark.parametrize("name", FOLDERS)
def test_every_number_has_a_command_that_prints_it(name: str, capsys, monkeypatch):
    """llmsweep in this process, once for each of its command lines; what filters its output as the shell would."""
    card = card_of(PUBLISHED / name, capsys)
    monkeypatch.setenv("COLUMNS", "2000")
    printed: dict[str, str] = {}
    seen = 0
    for bullets, command in checks(card):
        first, _, rest = command.partition(" | ")
        words = [word for word in shlex.split(first) if not word.startswith("COLUMNS=")]
        if first not in printed:
            if words[0] == "llmsweep":
                assert run(words[1:]) == 0
                printed[first] = capsys.readouterr().out
            else:
                printed[first] = Path(words[1]).read_text(encoding="utf-8")
        found = printed[first]
        if rest:
            found = subprocess.run(
                shlex.split(rest), input=found, capture_output=True, text=True, check=True
            ).stdout
        wanted = set().union(*map(numbers, bullets))
        assert wanted <= numbers(found), (command, wanted - numbers(found))
        assert not rest.startswith("grep -F") or len(found.splitlines()) == 1, command
        seen += len(wanted)
    assert seen > 30


@pytest.mark.parametrize("name", FOLDERS)
def test_no_number_stands_without_a_command(name: str, capsys):
    card = card_of(PUBLISHED / name, capsys)
    checked = {bullet for bullets, _ in checks(card) for bullet in bullets}
    bullets = [line for line in card.splitlines() if line.startswith("- ")]
    assert [line for line in bullets if NUMBER.search(line) and line not in checked] == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_commands_run_in_a_shell(capsys):
    card = card_of(PUBLISHED / "demo", capsys)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for bullets, command in checks(card):
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=True,
        )
        assert set().union(*map(numbers, bullets)) <= numbers(done.stdout), command


def test_it_says_the_caveat_before_the_evidence(capsys):
    card = card_of(PUBLISHED / "demo", capsys)
    headings = [line.removeprefix("## ") for line in card.splitlines() if line.startswith("## ")]
    assert headings == [
        "Recommendation",
        "Biggest caveat",
        "Evidence",
        "What would change it",
        "Environment",
    ]
    assert card.startswith("# smollm2 on micro: baseline (temperature 0) (provisional)\n")
