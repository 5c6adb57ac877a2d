"""What sizing needs, read from real GGUF files and from what Ollama shows of a model."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from gguf_made import Made, write

from llmsweep.cli import run
from llmsweep.errors import UnfitError
from llmsweep.local.gguf import Layer, read_shape, shape_of

SMALL = {"embedding": 128, "feed_forward": 256, "heads": 2, "layers": 1, "vocabulary": 5000}


def test_a_file_is_read_as_its_tensors_are(tmp_path: Path):
    shape = read_shape(write(tmp_path / "w.gguf", Made(architecture="qwen2", layers=2, type="Q8_0")))
    attention = 512 * 512 * 2 + 2 * 128 * 512
    matrices = (
        2 * (attention + 3 * 512 * 2048) + 8000 * 512
    )  # the output shares the embedding, so it is one of them
    vectors = 2 * (2 * 512 + 512 + 2 * 128) + 512
    assert shape.matrices[8] == matrices * 34 // 32
    assert shape.weights == pytest.approx(matrices * 34 // 32 + vectors * 4, abs=32 * 30)
    assert shape.layers == (Layer(heads=2, key=64, value=64),) * 2
    assert (shape.architecture, shape.vocabulary, shape.trained) == ("qwen2", 8000, 131072)
    assert (shape.attention, shape.feed_forward, shape.embedding) == (1024, 2048, 512)


def test_experts_that_work_on_a_token_count_together(tmp_path: Path):
    made = Made(architecture="qwen3moe", layers=1, feed_forward=512, experts=8, chosen=4, narrow=256)
    shape = read_shape(write(tmp_path / "w.gguf", made))
    assert (shape.feed_forward, shape.experts) == (1024, 4)


def test_parts_of_a_set_count_together(tmp_path: Path):
    whole = read_shape(write(tmp_path / "w.gguf", Made(architecture="qwen2", **SMALL)))
    for i in (1, 2):
        (tmp_path / f"w-0000{i}-of-00002.gguf").write_bytes((tmp_path / "w.gguf").read_bytes())
    both = read_shape(tmp_path / "w-00001-of-00002.gguf")
    assert both.weights == 2 * whole.weights
    with pytest.raises(UnfitError, match="name the first"):
        read_shape(tmp_path / "w-00002-of-00002.gguf")
    (tmp_path / "w-00002-of-00002.gguf").unlink()
    with pytest.raises(UnfitError, match="00002-of-00002"):
        read_shape(tmp_path / "w-00001-of-00002.gguf")


@pytest.mark.parametrize("keep", [0, 3, 24, 1000, 50_000, -200_000], ids=str)
def test_a_file_that_was_cut_or_is_something_else_is_told(tmp_path: Path, keep: int):
    path = write(tmp_path / "w.gguf", Made(architecture="qwen2", **SMALL))
    whole = path.read_bytes()
    path.write_bytes(whole[:keep])
    assert len(path.read_bytes()) < len(whole)
    with pytest.raises(UnfitError, match=r"w\.gguf: it cannot be read as a GGUF file"):
        read_shape(path)
    path.write_bytes(b"X" * 1000)
    with pytest.raises(UnfitError, match="begins in another way"):
        read_shape(path)


def shown(architecture: str, **facts: Any) -> dict[str, Any]:
    facts = {"block_count": 6, "embedding_length": 512, "attention.head_count": 8, **facts}
    return {"general.architecture": architecture, **{f"{architecture}.{k}": v for k, v in facts.items()}}


def sliding(said: dict[str, Any]) -> list[int]:
    return [int(layer.slides) for layer in shape_of(said, weights=0).layers]


def test_which_layers_look_through_a_window():
    window = {"attention.sliding_window": 1024}
    assert sliding(shown("gemma3", **window)) == [1, 1, 1, 1, 1, 0]
    assert sliding(shown("gemma3")) == [0] * 6
    assert sliding(shown("gpt-oss", **window)) == [1, 0, 1, 0, 1, 0]
    assert sliding(shown("llama", **window)) == [0] * 6
    assert sliding(shown("llama4")) == [1, 1, 1, 0, 1, 1]
    pattern = [True, False, False, True, True, False]
    assert sliding(shown("gemma4", **window, **{"attention.sliding_window_pattern": pattern})) == pattern
    assert sliding(shown("x", **window, **{"attention.sliding_window_pattern": 3})) == [1, 1, 0, 1, 1, 0]


def test_layers_that_keep_other_things():
    layers = shape_of(shown("gemma3n", **{"attention.shared_kv_layers": 2}), weights=0).layers
    assert [layer.heads for layer in layers] == [8, 8, 8, 8, 0, 0]
    own = {"attention.key_length": 512, "attention.key_length_swa": 256, "attention.value_length_swa": 128}
    window = {"attention.sliding_window": 512}
    gemma4 = shape_of(shown("gemma3", **own, **window), weights=0).layers
    assert {(layer.key, layer.value) for layer in gemma4 if layer.slides} == {(256, 128)}
    assert {(layer.key, layer.value) for layer in gemma4 if not layer.slides} == {(512, 64)}
    ssm = {"ssm.inner_size": 64, "ssm.state_size": 8, "ssm.conv_kernel": 4, "ssm.group_count": 2}
    mixed = shape_of(shown("qwen3next", **ssm), weights=0).layers
    state = 3 * (64 + 2 * 2 * 8) + 8 * 64
    assert [(layer.heads, layer.state) for layer in mixed] == [(0, state)] * 3 + [(8, 0)] + [(0, state)] * 2
    both = shape_of(shown("falcon-h1", **ssm), weights=0).layers
    assert {(layer.heads, layer.state) for layer in both} == {(8, state)}
    rwkv = shape_of(shown("rwkv7", **{"attention.head_count": 0, "wkv.head_size": 64}), weights=0).layers
    assert {layer.state for layer in rwkv} == {512 * (2 + 64)}
    drafts = shape_of(shown("glm4moe", **{"nextn_predict_layers": 1}), weights=0).layers
    assert len(drafts) == 5


class _Ollama(BaseHTTPRequestHandler):
    """One model, whose arrays are told only to those who ask for everything."""

    def do_GET(self) -> None:
        self.reply({"models": [{"model": "small:1b", "digest": "ab" * 32, "size": 2_000_000_000}]})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        heads = [2, 2, 0, 2, 2, 0] if asked.get("verbose") else None
        facts = {"attention.head_count_kv": heads, "context_length": 4096, "feed_forward_length": 1024}
        self.reply({"model_info": shown("small", **facts)})

    def reply(self, told: dict[str, Any]) -> None:
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def ollama() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Ollama)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_model_that_ollama_keeps(user: Path, ollama: str, capsys):
    (user / "model").mkdir()
    for name, tag in (("mine", "small:1b"), ("other", "large:70b")):
        (user / f"model/{name}.yaml").write_text(
            "# @package _global_\ndefaults:\n  - override /provider: ollama\n"
            f"model: {{name: {name}, id: x, source: {{kind: ollama, tag: '{tag}', host: '{ollama}'}}}}\n"
        )
    words = ["models", "--config-dir", str(user), "fit"]
    assert run([*words, "mine", "--context", "4096", "--free-gb", "3"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    table = {line[0]: line[1] for line in lines}
    assert table["weights"] == "2.00"
    assert table["kv"] == f"{4 * 2 * 128 * 2 * 4096 / 1e9:.2f}"
    assert run([*words, "mine", "--free-gb", "2"]) == 1
    capsys.readouterr()
    assert run([*words, "other", "--free-gb", "2"]) == 3
    assert "llmsweep models pull other" in capsys.readouterr().err


def test_an_ollama_elsewhere_has_memory_of_its_own(user: Path, capsys):
    (user / "model").mkdir()
    (user / "model/far.yaml").write_text(
        "# @package _global_\ndefaults:\n  - override /provider: ollama\n"
        "model: {name: far, id: x, source: {kind: ollama, tag: 'a:1b', host: 'http://far.invalid:11434'}}\n"
    )
    assert run(["models", "--config-dir", str(user), "fit", "far"]) == 2
    assert "--free-gb" in capsys.readouterr().err
