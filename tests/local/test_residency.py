"""One model at a time on a machine, against servers that behave as Ollama and LM Studio do, and as they misbehave."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from keepers import Stub
from llmsweep.errors import UnfitError
from llmsweep.local import residency
from llmsweep.local.residency import alone, is_here, keepers_of

HERE = "http://127.0.0.1:9/v1"


@pytest.fixture(params=["ollama", "lmstudio"])
def stub(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    with Stub(request.param) as server:
        monkeypatch.setenv("LLMSWEEP_SERVERS", server.root)
        yield server


def test_what_else_is_loaded_is_unloaded_and_seen_gone(stub: Stub):
    stub.loaded, stub.leaving_s = {"other:7b", "ours:latest"}, 0.4
    said: list[str] = []
    with alone(HERE, "ours", say=said.append) as guard:
        assert stub.loaded == {"ours:latest"}
        assert guard.disturbed() is None
    assert len(said) == 1
    assert said[0].startswith("unloaded other:7b from ")
    assert stub.loaded == {"ours:latest"}


def test_a_model_that_was_still_loading_is_asked_again(stub: Stub, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(residency, "_AGAIN_S", 0.1)
    stub.loaded, stub.deaf = {"other:7b"}, 2
    with alone(HERE, "ours"):
        assert stub.loaded == set()
    assert len(stub.asked) == 3


def test_a_model_that_never_goes_stops_the_sweep(stub: Stub, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(residency, "GONE_S", 0.3)
    stub.loaded, stub.leaving_s = {"other:7b"}, 60.0
    with (
        pytest.raises(UnfitError, match=r"other:7b is still loaded in .* restart that server"),
        alone(HERE, "o"),
    ):
        pytest.fail("it was entered")


def test_others_can_be_a_reason_not_to_begin(stub: Stub):
    stub.loaded = {"other:7b"}
    with pytest.raises(UnfitError, match="other:7b is loaded in"), alone(HERE, "ours", others="refuse"):
        pytest.fail("it was entered")
    assert stub.loaded == {"other:7b"}


def test_a_model_that_comes_meanwhile_is_noticed_for_good(stub: Stub):
    with alone(HERE, "ours") as guard:
        stub.loaded.add("ours:latest")
        assert guard.disturbed() is None
        stub.loaded.add("other:7b")
        assert "other:7b was loaded in" in str(guard.disturbed())
        stub.loaded.clear()
        assert guard.disturbed() is not None
        assert guard.why is not None


def test_an_unfinished_download_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("OLLAMA_MODELS", str(tmp_path))
    (tmp_path / "blobs").mkdir()
    with Stub("ollama") as server:
        monkeypatch.setenv("LLMSWEEP_SERVERS", server.root)
        old = tmp_path / "blobs/sha256-1-partial"
        old.touch()
        os.utime(old, (time.time() - 3600,) * 2)
        with alone(HERE, "ours") as guard:
            assert guard.disturbed() is None
            (tmp_path / "blobs/sha256-2-partial-0").touch()
            assert "began to download" in str(guard.disturbed())


def test_a_server_elsewhere_is_left_alone_unless_it_is_ours_alone(
    stub: Stub, monkeypatch: pytest.MonkeyPatch
):
    stub.loaded = {"other:7b"}
    with alone("http://gpu.example:11434", "ours") as guard:
        assert guard.disturbed() is None
    with alone(HERE, "ours", exclusive=False) as guard:
        assert guard.disturbed() is None
    assert stub.loaded == {"other:7b"}


def test_no_server_is_nothing_to_unload():
    with alone(HERE, None) as guard:
        assert guard.disturbed() is None
    with alone(None, None) as guard:
        assert guard.disturbed() is None


def test_a_server_that_says_200_to_everything_keeps_no_models(monkeypatch: pytest.MonkeyPatch):
    with Stub("says 200") as server:
        assert keepers_of(server.root) == []


def test_a_server_that_dies_is_not_a_disturbance(monkeypatch: pytest.MonkeyPatch):
    with Stub("ollama") as server:
        monkeypatch.setenv("LLMSWEEP_SERVERS", server.root)
        with alone(HERE, "ours") as guard:
            server.__exit__()
            assert guard.disturbed() is None
            server.__enter__()


@pytest.mark.parametrize("held", ["here", "elsewhere"])
def test_two_sweeps_never_share_a_machine(held: str, apart: Path):
    address = HERE if held == "here" else "http://gpu.example/v1"
    code = (
        "import sys\nfrom llmsweep.local.residency import alone\n"
        f"with alone({address!r}, None):\n    print('in', flush=True)\n    sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdin is not None
    assert other.stdout is not None
    try:
        assert other.stdout.readline() == "in\n"
        if held == "here":
            with pytest.raises(UnfitError, match="another sweep is measuring"), alone(HERE, None):
                pytest.fail("it was entered")
        else:
            with alone(HERE, None):
                pass
    finally:
        other.communicate()
    with alone(HERE, None):
        pass


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://localhost:1/v1", True),
        ("http://127.0.0.2:1", True),
        ("http://[::1]:11434", True),
        ("http://0.0.0.0:11434", True),
        ("http://gpu.example:1", False),
        ("https://api.anthropic.com", False),
        (None, False),
    ],
)
def test_which_addresses_are_here(address: str | None, here: bool):
    assert is_here(address) == here
