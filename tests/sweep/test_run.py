from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from builders import cell, episode, task
from llmsweep.errors import UnfitError
from llmsweep.store import EpisodeLog
from llmsweep.sweep.envelope import Envelope, forecast
from llmsweep.sweep.race import race
from llmsweep.sweep.run import FAULTS_IN_A_ROW, Runner, run_sweep, smoke
from llmsweep.sweep.strategies import Design, ofat
from llmsweep.types import EpisodeSpec

TASKS = [task(f"t/{n}") for n in range(6)]
STRATEGY = ofat(
    Design(baseline=cell(), space={"temperature": [0.0, 0.8]}, tasks=TASKS, harness=lambda c: "h", repeats=2)
)
ALL = 6 * (1 + 2)


class Quiet:
    def batch(self, specs, done):
        pass

    def episode(self, episode):
        pass


@pytest.fixture
def executor():
    with ThreadPoolExecutor(2) as pool:
        yield pool


def runner(executor, run=episode) -> Runner:
    return Runner(run=run, executor=executor, slots=2, abort=lambda: None)


def test_a_sweep_runs_everything_and_a_second_one_nothing(tmp_path: Path, executor):
    with EpisodeLog(tmp_path) as log:
        ended = run_sweep(STRATEGY, log, runner(executor), Envelope(), Quiet())
        assert (ended.ran, ended.owed, ended.why, ended.faults) == (ALL, 0, "done", 0)
        assert ended.tokens == 120 * ALL
    with EpisodeLog(tmp_path) as log:
        assert run_sweep(STRATEGY, log, runner(executor), Envelope(), Quiet()).ran == 0


@pytest.mark.parametrize(
    ("envelope", "at_most"),
    [(Envelope(episodes=5), 5), (Envelope(tokens=600), 5 + 2), (Envelope(hours=0.0), 0)],
)
def test_the_envelope_stops_it_cleanly_and_the_next_run_goes_on(tmp_path: Path, executor, envelope, at_most):
    with EpisodeLog(tmp_path) as log:
        ended = run_sweep(STRATEGY, log, runner(executor), envelope, Quiet())
        assert ended.ran <= at_most
        assert ended.owed == ALL - ended.ran
        assert ended.why.startswith("envelope.")
        assert run_sweep(STRATEGY, log, runner(executor), Envelope(), Quiet()).ran == ALL - ended.ran


def test_a_passing_fault_is_tried_again_and_never_scored(tmp_path: Path, executor):
    seen: set[str] = set()

    def flaky(spec: EpisodeSpec):
        first = spec.key not in seen and spec.task.id == "t/3"
        seen.add(spec.key)
        return episode(spec, passed=None if first else True)

    with EpisodeLog(tmp_path) as log:
        ended = run_sweep(STRATEGY, log, runner(executor, flaky), Envelope(), Quiet())
        assert (ended.faults, ended.owed, len(log.table)) == (3, 0, ALL)


def test_a_lasting_fault_leaves_its_episode_owed_and_says_so(tmp_path: Path, executor):
    def broken_task(spec: EpisodeSpec):
        return episode(spec, passed=None if spec.task.id == "t/3" else True)

    with EpisodeLog(tmp_path) as log:
        ended = run_sweep(STRATEGY, log, runner(executor, broken_task), Envelope(), Quiet())
    assert ended.owed == 3
    assert ended.why != "done"


def test_a_task_that_always_breaks_does_not_hold_up_a_race(tmp_path: Path, executor):
    """Four of the six tasks' attempts in every cell open it, so that the broken one is asked for everywhere."""
    space = {"temperature": [0.0, 0.4, 0.8], "prompt": ["thin", "rich"]}
    strategy = race(Design(baseline=cell(), space=space, tasks=TASKS, harness=lambda c: "h"))

    def broken_task(spec: EpisodeSpec):
        return episode(spec, passed=None if spec.task.id == "t/3" else spec.cell.prompt == "rich")

    with EpisodeLog(tmp_path) as log:
        ended = run_sweep(strategy, log, runner(executor, broken_task), Envelope(episodes=400), Quiet())
        choice = strategy.choose(log.table)
    assert ended.faults > FAULTS_IN_A_ROW
    assert choice is not None
    assert choice.cell.prompt == "rich"
    assert choice.belief is not None
    assert choice.belief >= 0.95


def test_when_everything_faults_it_stops(tmp_path: Path, executor):
    def down(spec: EpisodeSpec):
        return episode(spec, passed=None, error="connection refused")

    with EpisodeLog(tmp_path) as log:
        with pytest.raises(UnfitError, match=r"5 faults in a row.*connection refused"):
            run_sweep(STRATEGY, log, runner(executor, down), Envelope(), Quiet())
        assert FAULTS_IN_A_ROW <= log.faults <= FAULTS_IN_A_ROW + 2


def test_smoke_spreads_over_cells_and_tasks_and_shares_no_key_with_the_sweep(tmp_path: Path, executor):
    with EpisodeLog(tmp_path / "smoke") as log:
        smoke(STRATEGY, log, runner(executor), 4)
        rows = list(log.table.values())
        assert len(rows) == 4
        assert len({r.task_id for r in rows}) == 4
        assert len({r.cell_id for r in rows}) == 2
        assert not set(log.table) & {s.key for s in STRATEGY.all()}
        predicted = forecast(100, rows, slots=2)
    assert predicted is not None
    assert predicted.minutes.middle == pytest.approx(100 * 1.5 / 60 / 2)
    assert predicted.tokens is not None
    assert predicted.tokens.middle == 12000


def test_smoke_that_only_faults_stops_before_the_sweep(tmp_path: Path, executor):
    with EpisodeLog(tmp_path) as log, pytest.raises(UnfitError, match="no smoke episode"):
        smoke(STRATEGY, log, runner(executor, lambda s: episode(s, passed=None, error="x")), 3)


def test_the_band_holds_what_it_says():
    """90 % bands of the mean must cover it about 90 % of the time, for skewed durations too."""
    import random

    from llmsweep.store import Row

    rng = random.Random(7)
    hits = 0
    for _ in range(600):
        rows = [
            Row(
                task_id="t",
                cell_id="c",
                repeat=0,
                passed=True,
                machine="",
                tokens=1,
                duration_s=rng.gammavariate(4, 15),
            )
            for _ in range(6)
        ]
        band = forecast(1000, rows, slots=1).minutes  # type: ignore[union-attr]
        hits += band.low <= 1000 <= band.high
    assert 0.80 <= hits / 600 <= 0.97
