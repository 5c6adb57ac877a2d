"""The verb replay: tables, words, what is printed and written."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from llmsweep.cli import run

FEW = ["runs=2", "episodes=150", "processes=1"]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rows = [
        {"task": f"t{t}", "temperature": temperature, "repeat": r, "passed": (t + r) % 2 == 0 or temperature == 0.5, "tokens": 100}
        for t in range(10)
        for temperature in (0.2, 0.5)
        for r in range(4)
    ]  # fmt: skip
    path = tmp_path / "mine.csv"
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


def test_strategies_are_compared_on_a_csv_and_the_figures_are_written(table: Path, tmp_path: Path, capsys):
    out = tmp_path / "out"
    assert run(["replay", f"table={table}", "strategy=race,grid", *FEW, f"out={out}"]) == 0
    told = capsys.readouterr().out
    assert "to 95 %" in told
    written = pd.read_csv(out / "replay.csv")
    assert list(written["strategy"]) == ["race", "grid"]
    assert (written["right_at_the_end"] == 1).all()
    assert (out / "replay.png").stat().st_size > 10_000


def test_a_recorded_sweep_and_a_simulated_family_are_tables_too(capsys):
    published = Path(__file__).parents[2] / "results/published/micro-demo"
    assert run(["replay", f"table={published}", "strategy=race", "race.batch=16", *FEW]) == 0
    assert run(["replay", "table=simulated:cliff", "strategy=ucb", "tasks=10", *FEW]) == 0
    assert "simulated:cliff, 2 runs each" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["strategy=race"], "table is missing"),
        (["table=simulated:adative"], "did you mean 'additive'"),
        (["table=/nowhere.csv"], "there is no such file or folder"),
        (["table=simulated:flat", "strategy=rase"], "did you mean 'race'"),
        (["table=simulated:flat", "rusn=3"], "did you mean 'runs'"),
        (["table=simulated:flat", "runs=0"], "runs=0: it must be 1 or more"),
        (["table=simulated:flat", "delta=5"], "delta=5: it must be a share"),
        (["table=simulated:flat", "replacement=3"], "it must be true or false"),
        (["simulated:flat"], "takes key=value"),
    ],
)
def test_words_that_mean_nothing_get_one_sentence(words: list[str], said: str, capsys):
    assert run(["replay", *words]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert len(told.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"colour": "red"}, "there is no axis 'colour'"),
        ({"passed": "maybe"}, "passed=maybe: it must be true or false"),
        ({"repeat": 0}, "is there twice in one cell"),
        ({"task": None}, "task is empty"),
    ],
)
def test_tables_that_mean_nothing_too(table: Path, change: dict[str, object], said: str, capsys):
    pd.read_csv(table).assign(**change).to_csv(table, index=False)
    assert run(["replay", f"table={table}", *FEW]) == 2
    assert said in capsys.readouterr().err


def test_help_names_the_families_and_the_strategies(capsys):
    assert run(["replay"]) == 0
    told = capsys.readouterr().out
    assert "unstructured" in told
    assert "halving" in told
