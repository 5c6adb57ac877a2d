"""The machine that serves a model: ours are sound, this one is detected, figures that cannot be right are refused."""

from __future__ import annotations

import pytest
from omegaconf import OmegaConf

from llmsweep.errors import UsageError
from llmsweep.local.host import GB, Host, completed, decode_bound, detect
from llmsweep.paths import conf_dir

OURS = sorted((conf_dir() / "host").glob("*.yaml"))


@pytest.mark.parametrize("path", OURS, ids=lambda p: p.stem)
def test_every_host_of_ours_is_sound(path):
    host = Host(**OmegaConf.to_container(OmegaConf.load(path)))
    assert host.name == path.stem
    if host.name == "local":
        return
    assert host.bandwidth_gb_s
    assert host.for_models_gb
    assert (host.price_dollars is None) != (host.dollars_hour is None)
    assert host.price_date
    assert host.price_source


def test_this_machine_is_detected():
    host = completed(Host(name="local", watts=65))
    assert host.memory_gb == detect().memory_gb
    assert host.memory_gb > 0
    assert host.watts == 65
    known = Host(name="x", memory_gb=8)
    assert completed(known) == known


def test_what_models_may_take():
    assert Host(name="x", memory_gb=64, vram_gb=24, reserved_gb=1).for_models_gb == 23
    assert Host(name="x", memory_gb=64, unified=True, reserved_gb=52).for_models_gb == 12
    assert Host(name="x", memory_gb=8, reserved_gb=9).for_models_gb == 0
    assert Host(name="x").for_models_gb is None


def test_the_bound_on_decoding_is_bandwidth_over_active_bytes():
    host = Host(name="x", bandwidth_gb_s=1008)
    assert decode_bound(host, 4.5 * GB) == pytest.approx(224)
    assert decode_bound(Host(name="x"), GB) is None
    assert decode_bound(host, 0) is None


@pytest.mark.parametrize("wrong", [{"memory_gb": -1}, {"watts": -5}, {"unified": True, "vram_gb": 24}])
def test_figures_that_cannot_be_right(wrong):
    with pytest.raises(UsageError, match=r"host\."):
        Host(name="x", **wrong)
