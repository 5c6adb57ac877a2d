"""A sweep has its machine to itself: what comes onto it meanwhile spoils the episodes it touched, and stops the sweep."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from keepers import Stub
from llmsweep.cli import run
from llmsweep.store import EPISODES, read_episodes
from llmsweep.testing import Model, SseServer

WORDS = ["model=server", "model.id=stub", "sandbox=local", "suite.limit=3", "plots=false", "smoke=0"]
WORDS += ["baseline.turns=1", "probe=false", "strategy=ofat"]


def test_a_model_that_is_loaded_meanwhile_stops_the_sweep_and_the_next_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
):
    log = tmp_path / "server" / EPISODES
    with SseServer(Model(gap_s=0.01)) as server, Stub("ollama") as keeper:
        monkeypatch.setenv("LLMSWEEP_SERVERS", keeper.root)
        keeper.loaded = {"before:1b"}

        def come() -> None:
            while not (log.is_file() and len(log.read_bytes().splitlines()) >= 3):
                time.sleep(0.01)
            keeper.loaded.add("other:7b")

        coming = threading.Thread(target=come)
        coming.start()
        words = [*WORDS, f"provider.base_url={server.base_url}", f"results={tmp_path}"]
        assert run(words) == 3
        coming.join()
        told = capsys.readouterr()
        assert "unloaded before:1b" in told.out + told.err
        assert "other:7b was loaded in Ollama" in told.err
        spoilt = [e for e in read_episodes(tmp_path / "server") if e.fault]
        assert [(e.passed, e.fault) for e in spoilt] == [(None, "provider")]
        kept = {e.key for e in read_episodes(tmp_path / "server") if e.passed is not None}
        assert len(kept) >= 3
        assert spoilt[0].key not in kept
        assert run(words) == 0
        assert keeper.loaded == set()
    scored = [e.key for e in read_episodes(tmp_path / "server") if e.passed is not None]
    assert len(scored) == len(set(scored)) == 3 * (1 + 3 * 3)
    assert spoilt[0].key in scored


def test_words_about_the_host_that_mean_nothing(tmp_path: Path, capsys):
    assert run([*WORDS, "host.others=unlaod", f"results={tmp_path}"]) == 2
    assert "did you mean 'unload'" in capsys.readouterr().err
    assert run([*WORDS, "host.after=kepe", f"results={tmp_path}"]) == 2
    assert "did you mean 'keep'" in capsys.readouterr().err
    assert run([*WORDS, "host=dgx-sprk", f"results={tmp_path}"]) == 2
    assert "did you mean 'dgx-spark'" in capsys.readouterr().err
