"""Joules are differences of the GPUs' own counters, and nothing is made up where there are none."""

from __future__ import annotations

import time
from typing import Any

import pytest

from llmsweep.local.energy import energy_counter


class Nvml:
    """Stands in for pynvml: GPUs whose counters are in millijoules."""

    class NVMLError(Exception):
        pass

    def __init__(self, *millijoules: int | None) -> None:
        self.millijoules = list(millijoules)

    def nvmlInit(self) -> None:
        pass

    def nvmlDeviceGetCount(self) -> int:
        return len(self.millijoules)

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:
        return index

    def nvmlDeviceGetTotalEnergyConsumption(self, handle: int) -> int:
        counted = self.millijoules[handle]
        if counted is None:
            raise self.NVMLError("Not Supported")
        return counted


def test_the_gpus_are_added_up():
    nvml = Nvml(1_000, 2_500)
    counter = energy_counter(nvml)
    assert counter is not None
    before = counter.joules()
    nvml.millijoules = [3_000, 3_000]
    after = counter.joules()
    assert before is not None
    assert after is not None
    assert after - before == pytest.approx(2.5)


@pytest.mark.parametrize("nvml", [Nvml(), Nvml(None), Nvml(5, None)], ids=["no GPU", "old GPU", "one of two"])
def test_without_a_counter_there_is_none(nvml: Any):
    assert energy_counter(nvml) is None


def test_a_gpu_that_stops_answering_gives_nothing():
    nvml = Nvml(1_000)
    counter = energy_counter(nvml)
    assert counter is not None
    nvml.millijoules = [None]
    assert counter.joules() is None


@pytest.mark.slow
def test_a_real_gpu_counts_what_its_power_says():
    pynvml = pytest.importorskip("pynvml")
    counter = energy_counter()
    if counter is None:
        pytest.skip("no NVIDIA GPU that counts its energy")
    handle = pynvml.nvmlDeviceGetHandleByIndex(0)
    before, began, watts = counter.joules(), time.monotonic(), []
    while time.monotonic() - began < 5:
        watts.append(pynvml.nvmlDeviceGetPowerUsage(handle) / 1000)
        time.sleep(0.05)
    after, seconds = counter.joules(), time.monotonic() - began
    assert before is not None
    assert after is not None
    assert after - before == pytest.approx(sum(watts) / len(watts) * seconds, rel=0.2)
