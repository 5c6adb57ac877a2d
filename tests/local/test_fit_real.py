"""Predictions against real loads: each buffer in llama.cpp's own log, and the memory of the server's process."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import pytest
from gguf_made import Made, write

from llmsweep.local.fit import MIB, Footprint, Load, footprint
from llmsweep.local.gguf import read_shape

pytestmark = [pytest.mark.model, pytest.mark.slow]

MADE = {
    "qwen2": Made(
        architecture="qwen2", layers=12, embedding=896, feed_forward=4864, heads=14, vocabulary=32000
    ),
    "gemma3": Made(
        architecture="gemma3", layers=18, embedding=640, heads=4, head=256, vocabulary=32000, window=512
    ),
    "qwen2-q4": Made(
        architecture="qwen2", layers=16, embedding=1024, heads=16, vocabulary=16000, type="Q4_0"
    ),
    "qwen3moe": Made(
        architecture="qwen3moe", feed_forward=1536, heads=16, head=128, experts=16, chosen=8, narrow=192
    ),
}
LOADS = [(name, context, 1) for name in ("smollm2", "qwen2", "gemma3") for context in (2048, 8192, 32768)]
LOADS += [("smollm2", 2304, 3), ("gemma3", 2048, 4), ("qwen2-q4", 2048, 1), ("qwen3moe", 2048, 2)]
LOG = re.compile(r"(\S+) +(model|KV|compute|output) buffer size *= *([\d.]+) MiB")
TALKATIVE = """
import json, sys
import xllamacpp
from llmsweep.providers import llamacpp_server
quiet = xllamacpp.Server
def talkative(parameters):
    parameters.verbosity = 4
    return quiet(parameters)
xllamacpp.Server = talkative
server = llamacpp_server._serve(json.loads(sys.argv[1]))
print(server.listening_address, flush=True)
sys.stdin.read()
"""
"""The server as the provider starts it, but for what it logs."""


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("weights")

    def of(name: str) -> Path:
        if name != "smollm2":
            path = folder / f"{name}.gguf"
            return path if path.is_file() else write(path, MADE[name])
        cache = Path(os.environ.get("LLMSWEEP_CACHE") or platformdirs.user_cache_path("llmsweep"))
        path = Path(os.environ.get("LLMSWEEP_TEST_GGUF") or cache / "models/smollm2.gguf")
        if not path.is_file():
            pytest.skip(f"{path} is missing: llmsweep models pull smollm2, or set LLMSWEEP_TEST_GGUF")
        return path

    return of


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """MiB: of the buffers in llama.cpp's log, and resident in its process after a prompt."""

    weights: float
    kv: float
    compute: float
    resident: float


def measure(gguf: Path, context: int, slots: int, log: Path) -> Measured:
    settings = {"gguf": str(gguf), "slots": slots, "context": context, "threads": 2, "kv_type": "f16"}
    words = [sys.executable, "-c", TALKATIVE, json.dumps({**settings, "gpu_layers": 0})]
    with (
        log.open("wb") as told,
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told) as server,
    ):
        try:
            address = server.stdout.readline().decode().strip()
            assert address, log.read_text()[-2000:]
            prompt(address, context)
            status = Path(f"/proc/{server.pid}/status").read_text().splitlines()
        finally:
            server.kill()
    sizes = dict.fromkeys(("model", "KV", "compute", "output"), 0.0)
    for _, part, size in LOG.findall(log.read_text()):
        sizes[part] += float(size)
    assert all(sizes.values()), log.read_text()[-2000:]
    return Measured(
        weights=sizes["model"],
        kv=sizes["KV"],
        compute=sizes["compute"] + sizes["output"],
        resident=next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024,
    )


def prompt(address: str, context: int) -> None:
    """One that fills a micro-batch and more of a long window: pages count once they are used."""
    tokens = [300 + i % 1000 for i in range(max(1200, context // 10))]
    body = json.dumps({"prompt": tokens, "n_predict": 4, "temperature": 0}).encode()
    request = urllib.request.Request(f"{address}/completion", body, {"Content-Type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=100) as answer:
        assert json.load(answer)["tokens_evaluated"] >= len(tokens)


def show(name: str, context: int, slots: int, predicted: Footprint, seen: Measured) -> None:
    print(
        f"| {name} | {context} | {slots} | {seen.weights + seen.kv:.1f} | {(predicted.weights + predicted.repacked + predicted.kv) / MIB:.1f}"
        f" | {seen.compute:.1f} | {predicted.compute / MIB:.1f} | {seen.resident:.1f} | {predicted.total / MIB:.1f}"
        f" | {(predicted.total / MIB / seen.resident - 1) * 100:+.1f} % |"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(("name", "context", "slots"), LOADS)
def test_a_real_load_takes_what_was_predicted(weights, tmp_path: Path, name: str, context: int, slots: int):
    gguf = weights(name)
    # One prompt leaves two copies of a window, in one slot; by default the most that there can be are predicted.
    predicted = footprint(read_shape(gguf), Load(context=context, slots=slots, checkpoints=2))
    seen = measure(gguf, context, slots, tmp_path / "log")
    show(name, context, slots, predicted, seen)
    known = predicted.weights + predicted.repacked + predicted.kv
    # What was copied at the file's end is not kept mapped, which is not predicted.
    exact = 0.02 if predicted.repacked else 0.001
    assert known / MIB == pytest.approx(seen.weights + seen.kv, rel=exact)
    assert predicted.compute / MIB == pytest.approx(seen.compute, rel=0.03)
    if slots == 1:
        assert predicted.total / MIB == pytest.approx(seen.resident, rel=0.10)
