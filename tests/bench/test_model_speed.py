"""How fast the embedded model answers here: TTFT and tokens a second, where it is on this machine."""

from __future__ import annotations

import pytest

pytest_plugins = ["llmsweep.testing.benchmarks"]


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_smollm2_on_this_machine(model_speed):
    speed = model_speed(
        "smollm2", "provider.threads=1", rounds=3, max_tokens=24
    )  # steadier beside other work
    assert speed.ttft_s is not None
    assert speed.decode_tokens_s is not None
    assert speed.load_s is not None
