"""The gate of our own workflow, for real: the embedded model against a recorded baseline."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llmsweep.cli import run
from llmsweep.store import EPISODES, read_episodes

PUBLISHED = Path(__file__).parents[2] / "results" / "published"
TASKS = 16

pytestmark = [pytest.mark.model, pytest.mark.timeout(600)]


def test_the_embedded_model_is_checked_against_what_was_recorded(tmp_path, capsys):
    """Other processors turn a greedy token here and there, and no more than that."""
    settings = "model=smollm2 baseline.turns=1 baseline.max_tokens=192 snapshots=false"
    words = [f"baseline={PUBLISHED / 'micro-demo'}", "baseline.cell=baseline", "margin=0.8"]
    code = run(["check", *words, f"candidate={settings}", f"results={tmp_path}"])
    told = capsys.readouterr()
    assert code == 0, told.out + told.err
    found = json.loads((tmp_path / "check.json").read_text())
    assert found["pass_rate"]["pairs"] == len(list(read_episodes(tmp_path / "smollm2"))) == TASKS
    assert (tmp_path / "smollm2" / EPISODES).is_file()
    assert "settings:  the same on both sides" in told.out


def test_a_temperature_that_breaks_it_is_found_in_one_pass(tmp_path, capsys):
    settings = "model=smollm2 baseline.turns=1 baseline.max_tokens=192 baseline.temperature=3 snapshots=false"
    words = [f"baseline={PUBLISHED / 'micro-demo'}", "baseline.cell=baseline", "margin=0.05"]
    assert run(["check", *words, f"candidate={settings}", f"results={tmp_path}"]) == 1
    assert "regressed" in capsys.readouterr().out
