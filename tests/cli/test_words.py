"""Every slip of the pen gets one sentence that names the key, the value and what would be right, and exit code 2."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from llmsweep.cli import run

SLIPS = {
    "model=scritped": ["model=scritped: there is no such model", "did you mean 'scripted'"],
    "modl=scripted": ["modl: there is no such key", "did you mean 'model'"],
    "suite=micro": ["model is missing", "Known: "],
    "swep": ["'swep' is no verb", "did you mean 'sweep'"],
    "model=scripted space.temprature=[1]": ["space.temprature", "did you mean 'space.temperature'"],
    "model=scripted space.temperature=[a]": ["space.temperature[0]=a", "of type Float"],
    "model=scripted space.temperature=0.4": ["space.temperature=0.4", "a list of values"],
    "model=scripted space.temperature=[]": ["space.temperature=[]", "at least one value"],
    "model=scripted repeats=x": ["repeats=x", "of type Integer"],
    "model=scripted repeats=0": ["repeats=0", "1 or more"],
    "model=scripted baseline.foo=1": ["baseline.foo: there is no such key"],
    "model=scripted baseline.temperature=-1": ["baseline.temperature=-1", "0 or more"],
    "model=scripted baseline.protocol=natve": ["protocol='natve'", "did you mean 'native'"],
    "model=scripted baseline.prompt=x": ["prompt='x'", "Known: rich, thin"],
    "model=scripted strategy=gird": ["strategy=gird", "did you mean 'grid'"],
    "model=scripted provider.slts=3": ["provider.slts", "did you mean 'provider.slots'"],
    "model=scripted sandbox.foo=1": ["sandbox.foo"],
    "model=scripted suite.tasks=[is-eve]": ["'is-eve' is no task", "did you mean 'is-even'"],
    "model=scripted suite.name=macro": ["suite.name=macro", "did you mean 'micro'"],
    "model=scripted suite.path=/nowhere": ["suite.path=/nowhere: there is no such folder"],
    "model=scripted suite.limit=0": ["suite.limit=0", "1 or more"],
    "model=scripted 'space.temperature=[0,": ["space.temperature"],
    "model=scripted +repeat=5": ["repeat: there is no such key", "did you mean 'repeats'"],
    "model=scripted +baseline.turn=5": ["baseline.turn: ", "did you mean 'baseline.turns'"],
    "model=scripted results=": ["results= is empty", "a folder"],
    "model=scripted repeats=null": ["repeats=null", "needs a value"],
    "model=scripted envelope.hours=0": ["envelope.hours=0", "more than 0"],
    "models pull foo": ["foo: there is no such model"],
    "models pull scripted": ["no weights to fetch"],
    "tasks validate foo": ["foo: neither a suite", "micro, stamina"],
    "tasks validate micro --sandbox foo": ["--sandbox foo"],
    "results show /nowhere": ["/nowhere: no results there"],
}


@pytest.mark.parametrize("words", SLIPS, ids=lambda w: w.replace("/", "_"))
def test_a_slip_is_answered_in_one_sentence(words: str, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(words.replace("'", "").split()) == 2
    told = capsys.readouterr().err
    for part in SLIPS[words]:
        assert part in told
    assert told.startswith("llmsweep: ")
    assert len(told.strip().splitlines()) == 1
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", ["--help", "-h", "model=scripted --help", "", "models -h", "tasks -h", "results -h"]
)
def test_help(words: str, capsys):
    with contextlib.suppress(SystemExit):
        assert run(words.split()) == 0
    assert "llmsweep" in capsys.readouterr().out


def test_help_names_every_choice_and_setting(capsys):
    run(["--help"])
    told = capsys.readouterr().out
    for word in (
        "smollm2",
        "ofat",
        "bubblewrap",
        "temperature:",
        "repeats: 3",
        "envelope:",
        "130 interrupted",
    ):
        assert word in told


def test_cfg_job_prints_what_would_run(capsys):
    assert run(["model=scripted", "repeats=7", "--cfg", "job"]) == 0
    assert "repeats: 7" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "offers"),
    [
        ("llmsweep model=scr", "model=scripted"),
        ("llmsweep strategy=", "strategy=ofat"),
        ("llmsweep baseline.tem", "baseline.temperature="),
    ],
)
def test_shell_completion(line: str, offers: str):
    env = {**os.environ, "COMP_LINE": line, "COMP_POINT": str(len(line))}
    program = Path(sys.executable).parent / "llmsweep"
    out = subprocess.run([program, "-sc", "query=bash"], env=env, capture_output=True, text=True, check=True)
    assert offers in out.stdout.split()
