"""A sweep keeps the joules of each episode where they are this episode's alone, and only there."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from llmsweep.cli import run
from llmsweep.store import read_episodes
from llmsweep.testing import Model, SseServer

WATTS = 250.0
WORDS = ["model=server", "model.id=stub", "sandbox=local", "suite.limit=1", "plots=false", "smoke=0"]
WORDS += ["baseline.turns=1", "probe=false", "space=none", "repeats_greedy=1", "quiet=true"]


class Nvml:
    """Stands in for pynvml: one GPU that always takes the same power, and has no memory to tell of."""

    class NVMLError(Exception):
        pass

    def nvmlInit(self) -> None:
        pass

    def nvmlShutdown(self) -> None:
        pass

    def nvmlDeviceGetCount(self) -> int:
        return 1

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:
        return index

    def nvmlDeviceGetMemoryInfo(self, handle: int) -> None:
        raise self.NVMLError("Not Supported")

    def nvmlDeviceGetTotalEnergyConsumption(self, handle: int) -> int:
        return int(time.monotonic() * WATTS * 1000)


@pytest.fixture(scope="module")
def server() -> Iterator[SseServer]:
    with SseServer(Model(gap_s=0.01)) as server:
        yield server


@pytest.mark.parametrize(
    ("gpu", "words", "measured"),
    [
        (Nvml(), [], True),
        (Nvml(), ["provider.slots=2"], False),
        (Nvml(), ["host.exclusive=false"], False),
        (None, [], False),
    ],
    ids=["one at a time", "two at once", "a machine that is shared", "no pynvml"],
)
def test_joules_of_a_sweeps_episodes(
    gpu: Nvml | None,
    words: list[str],
    measured: bool,
    server: SseServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setitem(sys.modules, "pynvml", gpu)
    assert run([*WORDS, f"provider.base_url={server.base_url}", f"results={tmp_path}", *words]) == 0
    (episode,) = read_episodes(tmp_path / "server")
    if measured:
        assert episode.joules == pytest.approx(WATTS * episode.duration_s, rel=0.1, abs=WATTS * 0.05)
    else:
        assert episode.joules is None
