"""The composite action, as far as it is ours: its script is run by bash as a runner does it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "results" / "published" / "micro-demo"
ACTION: dict[str, Any] = yaml.safe_load((ROOT / ".github/actions/check/action.yml").read_text())
WORKFLOW: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows/check.yml").read_text())


def step(id: str) -> dict[str, Any]:
    return next(one for one in ACTION["runs"]["steps"] if one.get("id") == id)


def ran(tmp_path: Path, **inputs: str) -> tuple[int, dict[str, str], str]:
    """Exit code, outputs and what was printed."""
    output = tmp_path / "output"
    output.touch()
    given = {name: str(about.get("default", "")) for name, about in ACTION["inputs"].items()} | inputs
    env = {name: given[text.split("inputs.")[1].split(" ")[0]] for name, text in step("check")["env"].items()}
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step("check")["run"]],
        env={**os.environ, **env, "PATH": path, "GITHUB_OUTPUT": str(output), "GITHUB_ACTIONS": "true"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    return done.returncode, dict(line.split("=", 1) for line in output.read_text().splitlines()), done.stdout


@pytest.mark.parametrize(
    ("level", "margin", "undecided", "code", "answer"),
    [
        ("1.2", "0.1", "fail", 1, "regressed"),
        ("0.8", "0.3", "fail", 4, "undecided"),
        ("0.8", "0.3", "pass", 0, "undecided"),
    ],
)
def test_the_answer_becomes_the_jobs(tmp_path, level, margin, undecided, code, answer):
    options = f"margin={margin} baseline.cell=temperature=0.4 candidate.cell=temperature={level}"
    found = ran(tmp_path, baseline=str(DEMO), candidate=str(DEMO), options=options, undecided=undecided)
    exits = {"regressed": "1", "undecided": "4"}
    assert found[:2] == (code, {"answer": answer, "exit-code": exits[answer]})
    assert f"llmsweep check%3A {answer}" in found[2]
    assert (tmp_path / "results/check/junit.xml").is_file()


def test_an_input_is_never_a_command(tmp_path):
    code, outputs, _ = ran(tmp_path, baseline="$(touch gone); touch gone", candidate="`touch gone`")
    assert (code, outputs) == (2, {"answer": "", "exit-code": "2"})
    assert not (tmp_path / "gone").exists()
    assert all("${{" not in one.get("run", "") for one in ACTION["runs"]["steps"])


def test_our_workflow_gives_the_action_what_it_takes_and_a_baseline_that_is_there():
    used = next(s for s in WORKFLOW["jobs"]["smollm2"]["steps"] if s.get("uses") == "./.github/actions/check")
    assert set(used["with"]) <= set(ACTION["inputs"])
    needed = {name for name, about in ACTION["inputs"].items() if about.get("required")}
    assert needed <= set(used["with"])
    assert (ROOT / used["with"]["baseline"] / "smollm2" / "episodes.jsonl").is_file()
    assert "conf/**" in WORKFLOW[True]["pull_request"]["paths"]  # YAML 1.1 reads the key `on` as true
