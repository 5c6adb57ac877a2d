from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from llmsweep.errors import ProviderError, UnfitError, UsageError
from llmsweep.providers.llamacpp import LlamaCpp
from llmsweep.types import Message, Sampling

ASKED = (Message(role="user", content="Tell me about the sea."),)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(pid: int, within_s: float = 5.0) -> bool:
    deadline = time.monotonic() + within_s
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not alive(pid)


def test_the_revision_is_the_files_digest(tmp_path: Path):
    weights = tmp_path / "w.gguf"
    weights.write_bytes(b"one")
    provider = LlamaCpp(gguf=weights)
    assert provider.revision() == f"sha256:{hashlib.sha256(b'one').hexdigest()}"
    weights.write_bytes(b"other")
    assert provider.revision() == f"sha256:{hashlib.sha256(b'other').hexdigest()}"
    assert LlamaCpp(gguf=weights, sha256="ab" * 32).revision() == f"sha256:{'ab' * 32}"


def test_a_missing_file_says_how_to_get_it(tmp_path: Path):
    with pytest.raises(UnfitError, match="no such file; `llmsweep models pull"):
        LlamaCpp(gguf=tmp_path / "lost.gguf").revision()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"slots": 0}, "provider.slots=0"),
        ({"context": 1000}, "provider.context=1000"),
        ({"kv_type": "q8"}, "did you mean 'q8_0'"),
        ({"gpu_layers": "all"}, "provider.gpu_layers=all"),
    ],
)
def test_arguments_that_cannot_be_right_are_refused(arguments, named):
    with pytest.raises(UsageError, match=named):
        LlamaCpp(gguf="w.gguf", **arguments)


def test_settings_that_cannot_be_honoured_are_refused():
    provider = LlamaCpp(gguf="w.gguf", context=512)
    for sampling, named in (
        (Sampling(reasoning=True), "reasoning=true"),
        (Sampling(echo_reasoning=True), "echo_reasoning=true"),
        (Sampling(max_tokens=512), "max_tokens=512"),
    ):
        with pytest.raises(UsageError, match=named):
            provider.check(sampling)
    provider.check(Sampling(max_tokens=511))


@pytest.mark.model
def test_a_file_that_is_no_model_is_unfit_and_leaves_nothing(tmp_path: Path):
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(100))
    provider = LlamaCpp(gguf=broken)
    with pytest.raises(UnfitError, match="could not be loaded: exit code"), provider:
        pass
    assert provider.pid is None


@pytest.mark.model
def test_a_window_that_the_model_lacks_is_unfit(gguf: Path):
    provider = LlamaCpp(gguf=gguf, context=16384, slots=1)
    with pytest.raises(UnfitError, match=r"provider.context=16384: this model's window holds 8192"), provider:
        pass
    assert provider.pid is None


@pytest.mark.model
def test_measured_answers_are_warm_and_carry_the_servers_clocks(gguf: Path):
    with LlamaCpp(gguf=gguf, context=512) as provider:
        pid = provider.pid
        answer = provider.complete(ASKED, (), Sampling(max_tokens=8))
        assert provider.load_s is not None
    assert pid is not None
    assert gone(pid)
    assert (answer.cold, answer.load_s) == (False, None)
    assert answer.usage.output_tokens == 8
    assert answer.prefill_s is not None
    assert answer.decode_s is not None
    assert answer.prefill_s <= answer.ttft_s
    assert answer.prefill_s + answer.decode_s <= answer.duration_s + 0.01


@pytest.mark.model
def test_a_server_that_dies_stops_the_sweep(gguf: Path):
    with LlamaCpp(gguf=gguf, context=512) as provider:
        assert provider.pid is not None
        os.kill(provider.pid, signal.SIGKILL)
        with pytest.raises(ProviderError, match="the embedded server died: exit code -9") as caught:
            provider.complete(ASKED, (), Sampling())
    assert caught.value.fatal


PARENT = """
import sys, threading, time
from llmsweep.providers.llamacpp import LlamaCpp
provider = LlamaCpp(gguf=sys.argv[1], context=512)
def tell():
    while provider.pid is None:
        time.sleep(0.001)
    print(provider.pid, flush=True)
threading.Thread(target=tell).start()
with provider:
    print("serving", flush=True)
    time.sleep(600)
"""


@pytest.mark.model
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("when", ["loading", "serving"])
@pytest.mark.parametrize("with_signal", [signal.SIGKILL, signal.SIGTERM])
def test_no_server_outlives_its_parent(gguf: Path, when: str, with_signal: signal.Signals):
    with subprocess.Popen([sys.executable, "-c", PARENT, str(gguf)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        if when == "serving":
            assert parent.stdout.readline() == b"serving\n"
        assert alive(pid)
        parent.send_signal(with_signal)
        parent.wait()
    assert gone(pid)
