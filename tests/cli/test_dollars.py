"""The cap in dollars from the command line to the last line, and price lists of one's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from llmsweep.cli import run
from llmsweep.cli.prices import price
from llmsweep.paths import conf_dir
from llmsweep.store import read_episodes

WORDS = [
    "model=scripted",
    "sandbox=local",
    "plots=false",
    "strategy=ofat",
    "suite.limit=3",
    "provider.slots=2",
]


@pytest.fixture
def lists(tmp_path: Path) -> str:
    folder = tmp_path / "mine" / "prices"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text(
        "source: a contract\ndate: 2026-11-01\nmodels:\n  mine/dear: {input: 1000, output: 5000}\n"
    )
    return str(folder.parent)


def test_the_cap_stops_the_sweep_cleanly_and_a_higher_one_goes_on(tmp_path: Path, lists: str, capsys):
    words = ["--config-dir", lists, *WORDS, "model.price=mine/dear", "smoke=0", f"results={tmp_path / 'r'}"]
    assert run([*words, "envelope.dollars=12"]) == 0
    told = capsys.readouterr()
    said = told.out + told.err
    assert "stopped: envelope.dollars=12 is spent ($" in said
    assert "prices of 2026-11-01" in said
    first = list(read_episodes(tmp_path / "r" / "scripted"))
    assert any(e.passed is not None for e in first)
    assert run([*words, "envelope.dollars=1200"]) == 0
    assert "stopped" not in capsys.readouterr().out
    assert len({e.key for e in read_episodes(tmp_path / "r" / "scripted") if e.passed is not None}) == 3 * (
        1 + 3 * 3
    )


def test_the_forecast_is_in_dollars_too(tmp_path: Path, lists: str, capsys):
    words = ["--config-dir", lists, *WORDS, "model.price=mine/dear", f"results={tmp_path / 'r'}"]
    assert run([*words, "envelope.episodes=3"]) == 0
    told = capsys.readouterr()
    (line,) = [line for line in (told.out + told.err).splitlines() if line.startswith("envelope: ")]
    assert line.count("$") == 3


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("envelope.dollars=5", "scripted has no price"),
        ("model.price=openai/gpt-4.0", "did you mean 'openai/gpt-4.1'"),
    ],
)
def test_words_about_money_that_mean_nothing(word: str, says: str, tmp_path: Path, capsys):
    assert run([*WORDS, word, f"results={tmp_path}"]) == 2
    assert says in capsys.readouterr().err


def test_every_price_of_ours_has_its_source_and_date():
    for path in (conf_dir() / "prices").glob("*.yaml"):
        ids = re.findall(r"^  (\S+/\S+):", path.read_text(), re.MULTILINE)
        assert ids
        for id in ids:
            found = price(id)
            assert found.source
            assert found.date
            assert found.output >= found.input
