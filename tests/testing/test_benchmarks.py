"""The plugin measures a configured model, composed as the command line would; mistakes are one sentence."""

from __future__ import annotations

import pytest

from llmsweep.cli.compose import composed
from llmsweep.errors import UnfitError, UsageError
from llmsweep.testing.server import Answer, SseServer, text

pytest_plugins = ["llmsweep.testing.benchmarks"]


@pytest.mark.slow
def test_a_servers_speed_is_what_the_server_does(model_speed, benchmark):
    """20 tokens, one each 20 ms, after 100 ms."""
    with SseServer() as server:
        pieces = [text("a", 0.1), *[text("b", 0.02)] * 19]
        server.script(*[Answer(pieces=pieces, usage={"prompt_tokens": 50, "completion_tokens": 20})] * 40)
        speed = model_speed(
            "server", f"provider.base_url={server.base_url}", "model.name=stub", "model.id=stub", rounds=2
        )
    assert speed.ttft_s == pytest.approx(0.1, abs=0.08)
    assert 15 < speed.decode_tokens_s < 55
    assert speed.completions == 4
    assert benchmark.extra_info["compared"]["ttft_s"] == speed.ttft_s


def test_a_model_that_is_not_there_says_so(tmp_path):
    words = [f"provider.gguf={tmp_path / 'none.gguf'}", "provider.sha256=null"]
    with pytest.raises(UnfitError, match="no such file"):
        composed(["model=smollm2", *words])


def test_a_model_that_nobody_knows_is_one_sentence():
    with pytest.raises(UsageError, match="smollm2"):
        composed(["model=smollm3"])
