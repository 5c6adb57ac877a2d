from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from builders import cell, episode, task
from llmsweep.execute import run_all
from llmsweep.types import Episode, EpisodeSpec

SPECS = [EpisodeSpec(task=task(f"t/{n}"), cell=cell(), repeat=0, harness="h") for n in range(12)]


@pytest.fixture
def executor():
    pool = ThreadPoolExecutor(8)
    yield pool
    pool.shutdown(wait=True, cancel_futures=True)


def test_every_spec_runs_once_and_never_more_at_once_than_there_are_slots(executor):
    flying, most, lock = 0, 0, threading.Lock()

    def run(spec: EpisodeSpec) -> Episode:
        nonlocal flying, most
        with lock:
            flying += 1
            most = max(most, flying)
        time.sleep(0.01)
        with lock:
            flying -= 1
        return episode(spec)

    keys = [e.key for e in run_all(SPECS, run, executor, slots=3)]
    assert sorted(keys) == sorted(s.key for s in SPECS)
    assert most == 3


def test_stop_finishes_what_flies_and_starts_no_more(executor):
    got: list[Episode] = []
    for e in run_all(SPECS, episode, executor, slots=2, stop=lambda: len(got) >= 4):
        got.append(e)
    assert 4 <= len(got) <= 6


def test_a_fatal_error_aborts_the_others_and_comes_out(executor):
    broken = threading.Event()

    def run(spec: EpisodeSpec) -> Episode:
        if spec is SPECS[1]:
            raise RuntimeError("bad key")
        broken.wait(10)
        return episode(spec)

    began = time.monotonic()
    with pytest.raises(RuntimeError, match="bad key"):
        list(run_all(SPECS, run, executor, slots=4, abort=broken.set))
    assert time.monotonic() - began < 2


def test_ctrl_c_aborts_and_is_not_held_up_by_a_stuck_episode(executor):
    stuck, aborted = threading.Event(), []

    def run(spec: EpisodeSpec) -> Episode:
        stuck.wait(10)
        return episode(spec)

    def interrupted():
        for _ in run_all(SPECS, run, executor, slots=2, stop=press, abort=lambda: aborted.append(1)):
            pass

    def press() -> bool:
        raise KeyboardInterrupt

    executor.submit(run, SPECS[0])
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert time.monotonic() - began < 2
    stuck.set()
