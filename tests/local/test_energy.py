"""Joules are what the GPUs counted, or their power times time, and nothing is made up where they do not tell."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from llmsweep.local.energy import EnergyCounter, energy_counter


class Nvml:
    """Stands in for pynvml: GPUs with counters in millijoules, or without one but with their power in milliwatts."""

    class NVMLError(Exception):
        pass

    def __init__(self, *millijoules: int | None, milliwatts: int | None = None) -> None:
        self.millijoules, self.milliwatts = list(millijoules), milliwatts
        self.looks = 0
        self.looked = threading.Condition()

    def nvmlInit(self) -> None:
        if not self.millijoules:
            raise self.NVMLError("Driver Not Loaded")

    def nvmlDeviceGetCount(self) -> int:
        return len(self.millijoules)

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:
        return index

    def nvmlDeviceGetTotalEnergyConsumption(self, handle: int) -> int:
        return self._known(self.millijoules[handle])

    def nvmlDeviceGetPowerUsage(self, handle: int) -> int:
        with self.looked:
            self.looks += 1
            self.looked.notify_all()
        return self._known(self.milliwatts)

    def wait_for_looks(self, more: int) -> None:
        with self.looked:
            wanted = self.looks + more
            assert self.looked.wait_for(lambda: self.looks >= wanted, timeout=10)

    def _known(self, value: int | None) -> int:
        if value is None:
            raise self.NVMLError("Not Supported")
        return value


def test_the_gpus_are_added_up():
    nvml = Nvml(1_000, 2_500)
    with energy_counter(nvml).measure() as reading:
        nvml.millijoules = [3_000, 3_000]
        assert reading.joules is None
    assert reading.joules == 2.5


@pytest.mark.parametrize(
    "nvml", [Nvml(), Nvml(None), Nvml(5, None)], ids=["no driver", "old GPU", "one of two"]
)
def test_gpus_that_do_not_tell_give_nothing(nvml: Any):
    with energy_counter(nvml).measure() as reading:
        pass
    assert reading.joules is None
    with EnergyCounter().measure() as reading:
        pass
    assert reading.joules is None


@pytest.mark.parametrize("then", [None, 400], ids=["stops answering", "counts anew"])
def test_a_counter_that_breaks_within_gives_nothing(then: int | None):
    nvml = Nvml(1_000)
    counter = energy_counter(nvml)
    with counter.measure() as reading:
        nvml.millijoules = [then]
    assert reading.joules is None
    with counter.measure() as again:
        nvml.millijoules = [900]
    assert again.joules == (None if then is None else 0.5)


def test_without_a_counter_power_is_integrated_over_time():
    nvml = Nvml(None, None, milliwatts=100_000)
    counter, began = energy_counter(nvml), time.monotonic()
    with counter.measure() as reading:
        nvml.wait_for_looks(20)
    assert reading.joules == pytest.approx(2 * 100 * (time.monotonic() - began), abs=2 * 100 * 0.05)


def test_power_that_changes_counts_for_as_long_as_it_was():
    nvml = Nvml(None, milliwatts=0)
    with energy_counter(nvml).measure() as reading:
        nvml.wait_for_looks(3)
        nvml.milliwatts, began = 500_000, time.monotonic()
        nvml.wait_for_looks(10)
        seconds = time.monotonic() - began
    # The look before the change and the one after it may share what lay between them in any way.
    assert reading.joules == pytest.approx(500 * seconds, abs=500 * 0.1)


def test_power_that_is_no_longer_told_gives_nothing():
    nvml = Nvml(None, milliwatts=100_000)
    with energy_counter(nvml).measure() as reading:
        nvml.milliwatts = None
        nvml.wait_for_looks(1)
    assert reading.joules is None


def test_what_breaks_within_is_not_hidden_and_ends_the_sampling():
    def fail(counter: EnergyCounter) -> None:
        with counter.measure():
            raise KeyError("mine")

    for nvml in (Nvml(1_000), Nvml(None, milliwatts=1)):
        with pytest.raises(KeyError):
            fail(energy_counter(nvml))
    assert not [thread for thread in threading.enumerate() if "_integrate" in thread.name]


@pytest.mark.slow
@pytest.mark.parametrize("counts", [True, False], ids=["counter", "power"])
def test_a_real_gpu_takes_what_its_power_says(counts: bool):
    nvml = pytest.importorskip("pynvml")
    counter = energy_counter()
    if not counter.knows():
        pytest.skip("no NVIDIA GPU that tells its energy")
    gpus = [nvml.nvmlDeviceGetHandleByIndex(i) for i in range(nvml.nvmlDeviceGetCount())]
    counter, began, watts = EnergyCounter(nvml, gpus, counts), time.monotonic(), []
    if not counter.knows():
        pytest.skip("the GPU tells its energy in the other way only")
    with counter.measure() as reading:
        while time.monotonic() - began < 5:
            watts.append(sum(nvml.nvmlDeviceGetPowerUsage(gpu) for gpu in gpus) / 1000)
            time.sleep(0.05)
    seconds = time.monotonic() - began
    assert reading.joules is not None
    assert reading.joules > 0
    assert reading.joules == pytest.approx(sum(watts) / len(watts) * seconds, rel=0.2)
