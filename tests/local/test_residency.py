"""One model at a time on a machine, against servers that behave as Ollama and LM Studio do, and as they misbehave."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from keepers import Stub
from llmsweep.errors import UnfitError
from llmsweep.local import residency
from llmsweep.local.keepers import is_here, keepers_of, roots_of
from llmsweep.local.residency import alone

HERE = "http://127.0.0.1:9/v1"


@pytest.fixture(params=["ollama", "lmstudio"])
def stub(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    with Stub(request.param) as server:
        monkeypatch.setenv("LLMSWEEP_SERVERS", server.root)
        yield server


def test_what_else_is_loaded_is_unloaded_and_seen_gone(stub: Stub):
    stub.loaded, stub.leaving_s = {"other:7b", "ours:latest"}, 0.4
    said: list[str] = []
    with alone(stub.root, "ours", say=said.append) as guard:
        assert stub.loaded == {"ours:latest"}
        assert guard.disturbed() is None
    assert len(said) == 1
    assert said[0].startswith("unloaded other:7b from ")
    assert stub.loaded == {"ours:latest"}


def test_a_model_of_the_same_name_in_another_server_is_not_ours(stub: Stub):
    stub.loaded = {"ours:latest"}
    with alone(HERE, "ours"):
        assert stub.loaded == set()


@pytest.mark.parametrize(
    ("before", "after", "left"),
    [(True, "found", True), (True, "unload", False), (False, "found", False), (False, "unload", False)],
)
def test_our_own_model_is_left_as_configured(stub: Stub, before: bool, after: str, left: bool):
    stub.loaded, stub.leaving_s = {"ours:latest"} if before else set(), 0.1
    with alone(stub.root, "ours", after=after):
        stub.loaded.add("ours:latest")
    assert stub.loaded == ({"ours:latest"} if left else set())


def test_our_own_model_that_does_not_go_is_said_and_no_more(stub: Stub, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(residency, "LEAVING_S", 0.3)
    stub.leaving_s = 60.0
    said: list[str] = []
    with alone(stub.root, "ours", say=said.append):
        stub.loaded.add("ours:latest")
    assert [line.partition(" in ")[0] for line in said] == ["note: ours:latest is still loaded"]


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
    with alone(stub.root, "ours") as guard:
        stub.loaded.add("ours:latest")
        assert guard.disturbed() is None
        stub.loaded.add("other:7b")
        assert "other:7b was loaded in" in str(guard.disturbed())
        stub.loaded.clear()
        assert guard.disturbed() is not None
        assert guard.why is not None


def test_a_model_that_came_and_went_between_two_looks_of_ours_is_noticed(
    stub: Stub, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(residency, "WATCH_S", 0.02)
    with alone(HERE, "ours") as guard:
        stub.loaded.add("other:7b")
        deadline = time.monotonic() + 10
        while guard.why is None and time.monotonic() < deadline:
            time.sleep(0.01)
        stub.loaded.clear()
        assert "other:7b was loaded in" in str(guard.why)
    assert not [t for t in threading.enumerate() if t.name == "llmsweep-guard"]


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


def test_a_download_that_runs_already_is_a_reason_not_to_begin(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("OLLAMA_MODELS", str(tmp_path))
    (tmp_path / "blobs").mkdir()
    (tmp_path / "blobs/sha256-1-partial").touch()
    with Stub("ollama") as server:
        monkeypatch.setenv("LLMSWEEP_SERVERS", server.root)
        with pytest.raises(UnfitError, match="Ollama is downloading"), alone(HERE, "ours"):
            pytest.fail("it was entered")


@pytest.mark.parametrize("named", ["http://gpu.example:11434", "gpu.example", "10.1.2.3:11434"])
def test_an_ollama_elsewhere_is_not_asked_on_behalf_of_this_machine(
    named: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("LLMSWEEP_SERVERS")
    monkeypatch.setenv("OLLAMA_HOST", named)
    assert roots_of(HERE) == ["http://127.0.0.1:9", "http://127.0.0.1:1234"]
    monkeypatch.setenv("LLMSWEEP_SERVERS", f"{named}, http://localhost:5")
    assert roots_of(HERE) == ["http://127.0.0.1:9", "http://127.0.0.1:5"]


@pytest.mark.parametrize(
    ("named", "root"),
    [
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("localhost:7", "http://127.0.0.1:7"),
        (":7", "http://127.0.0.1:7"),
        ("127.0.0.1:many", "http://127.0.0.1:11434"),
        ("http://[::1]:7", "http://[::1]:7"),
    ],
)
def test_an_ollama_here_is_found_however_it_is_named(named: str, root: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("LLMSWEEP_SERVERS")
    monkeypatch.setenv("OLLAMA_HOST", named)
    assert roots_of(HERE)[1] == root


def test_one_server_under_two_names_is_asked_once(monkeypatch: pytest.MonkeyPatch):
    with Stub("ollama") as server:
        port = server.root.rpartition(":")[2]
        monkeypatch.setenv("LLMSWEEP_SERVERS", f"{server.root},http://localhost:{port}")
        keepers = keepers_of(f"http://127.0.0.2:{port}")
        for keeper in keepers:
            keeper.close()
        assert len(keepers) == 1


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


ELSEWHERE = "http://gpu.example/v1"


@pytest.mark.parametrize(
    ("theirs", "ours", "may"),
    [
        ((HERE, None), (HERE, None), False),
        ((HERE, None), (HERE, False), False),
        ((HERE, False), (HERE, None), False),
        ((HERE, False), (HERE, False), True),
        ((ELSEWHERE, None), (HERE, None), True),
        ((ELSEWHERE, None), (ELSEWHERE, None), True),
        ((ELSEWHERE, None), (ELSEWHERE, True), False),
    ],
)
def test_a_machine_is_one_sweeps_alone_or_shared_by_all(
    theirs: tuple[str, bool | None], ours: tuple[str, bool | None], may: bool
):
    code = (
        "import sys\nfrom llmsweep.local.residency import alone\n"
        f"with alone({theirs[0]!r}, None, exclusive={theirs[1]}):\n    print('in', flush=True)\n    sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdin is not None
    assert other.stdout is not None
    refused = nullcontext() if may else pytest.raises(UnfitError, match="another sweep is measuring")
    try:
        assert other.stdout.readline() == "in\n"
        with refused, alone(ours[0], None, exclusive=ours[1]):
            assert may
    finally:
        other.communicate()
    if ours[0] == HERE:
        with alone(HERE, None, exclusive=ours[1]):
            pass


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://localhost:1/v1", True),
        ("http://127.0.0.2:1", True),
        ("http://[::1]:11434", True),
        ("http://0.0.0.0:11434", True),
        ("http://127.example:1", False),
        ("http://gpu.example:1", False),
        ("https://api.anthropic.com", False),
        (None, False),
    ],
)
def test_which_addresses_are_here(address: str | None, here: bool):
    assert is_here(address) == here
