"""The comparison of two versions: the same code passes, a slower one fails, in simulation and for real."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from llmsweep.errors import UsageError
from llmsweep.testing.regressions import ROUNDS, changes, figures_of, interleaved

DRIVER = Path(__file__).parents[1] / "bench/run.py"
BENCHMARKS = 8
WORK = "import time\ndef work():\n    end = time.process_time() + {seconds}\n    while time.process_time() < end: pass\n"
BENCH = """
import time
from work import work

def test_work(benchmark):
    def timed():
        before = time.process_time()
        work()
        taken.append(time.process_time() - before)
    taken = []
    benchmark.pedantic(timed, rounds=5)
    benchmark.extra_info["compared"] = {"cpu_s": sorted(taken)[2]}
"""


def simulated(slower: float, seed: int):
    """Rounds of a machine that drifts by tens of per cent, with noise that now and then is far out."""
    random = np.random.default_rng(seed)
    pairs = []
    for _ in range(ROUNDS):
        drift = np.exp(random.normal(0, 0.3))
        sides = drift * np.exp(0.03 * random.standard_t(3, (2, BENCHMARKS)))
        sides[1, 0] *= slower
        pairs.append(tuple({f"b{i}": float(value) for i, value in enumerate(side)} for side in sides))
    return pairs


def test_the_same_code_is_seldom_called_slower_and_a_slower_one_mostly():
    runs = 400
    alarms = sum(any(c.word == "slower" for c in changes(simulated(1.0, seed))) for seed in range(runs))
    found = sum(
        any(c.word == "slower" and c.name == "b0" for c in changes(simulated(1.3, seed)))
        for seed in range(runs)
    )
    assert alarms <= 0.01 * runs
    assert found >= 0.9 * runs


def test_beyond_the_margin_has_to_be_the_whole_interval():
    pairs = [
        ({"a": 1.0, "b": 1.0, "c": 1.0}, {"a": 1.04 + n / 1e4, "b": 1.2 + n / 1e4, "c": 0.8})
        for n in range(6)
    ]
    assert {change.name: change.word for change in changes(pairs)} == {
        "a": "same",
        "b": "slower",
        "c": "faster",
    }


def test_what_one_side_lacks_is_left_out():
    assert changes([({"old": 1.0}, {"new": 1.0})] * 6) == []
    with pytest.raises(UsageError, match="rounds=2"):
        interleaved(dict, dict, 2)


def test_sides_take_turns_at_being_first():
    order: list[str] = []

    def side(name: str):
        return lambda: order.append(name) or {"a": 1.0}

    interleaved(side("then"), side("now"), 4)
    assert order == ["then", "now", "now", "then"] * 2


def test_a_file_that_is_no_result_is_refused(tmp_path: Path):
    (tmp_path / "x.json").write_text(json.dumps({"benchmarks": [{"name": "a"}]}))
    with pytest.raises(UsageError, match="no result of pytest-benchmark"):
        figures_of(tmp_path / "x.json")


@pytest.mark.parametrize(("seconds", "code"), [(0.02, 0), (0.035, 1)], ids=["same", "slower"])
def test_real_code_through_the_driver(tmp_path: Path, seconds: float, code: int):
    for name, takes in (("then", 0.02), ("now", seconds)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "work.py").write_text(WORK.format(seconds=takes))
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench/test_work.py").write_text(BENCH)
    (tmp_path / "bench/pytest.ini").write_text("[pytest]\n")
    where = {name: str(tmp_path / name) for name in ("bench", "then", "now")}
    done = subprocess.run(
        [sys.executable, str(DRIVER), "--rounds", "4", "-c", str(tmp_path / "bench/pytest.ini")]
        + [word for name, path in where.items() for word in (f"--{name}", path)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "test_work cpu_s" in done.stdout
