"""Predicted memory against what llama.cpp was measured to take, and what follows from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from llmsweep.cli import run
from llmsweep.errors import UnfitError, UsageError
from llmsweep.local.fit import (
    MIB,
    Free,
    Load,
    footprint,
    free_memory,
    largest_context,
    margin,
    refuse_unless_fits,
    verdict,
)
from llmsweep.local.gguf import Shape, shape_of
from llmsweep.local.host import GB


def model(architecture: str, weights: float = 0, **facts: Any) -> Shape:
    said = {f"{architecture}.{key.replace('__', '.')}": value for key, value in facts.items()}
    return shape_of({"general.architecture": architecture, **said}, weights=int(weights * MIB))


SMOLLM2 = model(
    "llama", 92.1, block_count=30, embedding_length=576, feed_forward_length=1536, context_length=8192,
    attention__head_count=9, attention__head_count_kv=3, vocab_size=49152,
)  # fmt: skip
GEMMA3 = model(
    "gemma3", 235.2, block_count=18, embedding_length=640, feed_forward_length=2048, vocab_size=262144,
    attention__head_count=4, attention__head_count_kv=1, attention__key_length=256, attention__value_length=256,
    attention__sliding_window=512, context_length=32768,
)  # fmt: skip
QWEN25 = model(
    "qwen2", 463.0, block_count=24, embedding_length=896, feed_forward_length=4864, context_length=32768,
    attention__head_count=14, attention__head_count_kv=2, vocab_size=151936,
)  # fmt: skip
DEEPSEEK2 = model(
    "deepseek2", block_count=4, embedding_length=512, feed_forward_length=1024, attention__head_count=16,
    attention__head_count_kv=1, attention__key_length=576, attention__value_length=512,
    attention__key_length_mla=192, attention__value_length_mla=128,
)  # fmt: skip
LFM2 = model(
    "lfm2", block_count=6, embedding_length=512, feed_forward_length=1024, attention__head_count=8,
    attention__head_count_kv=[0, 0, 2, 0, 0, 2], attention__key_length=64, attention__value_length=64,
    shortconv__l_cache=3,
)  # fmt: skip

MEASURED = [
    # model, context, slots, cache; cached keys and values and compute buffer as llama.cpp's log has them, in MiB
    (SMOLLM2, 2048, 1, "f16", 45.0, 16.64),
    (SMOLLM2, 8192, 1, "f16", 180.0, 22.64),
    (SMOLLM2, 32768, 1, "f16", 720.0, 46.64),
    (SMOLLM2, 2048, 4, "f16", 180.0, 16.64),
    (SMOLLM2, 2304, 3, "q8_0", 80.68, 16.96),
    (GEMMA3, 2048, 1, "f16", 21.0, 21.28),
    (GEMMA3, 8192, 1, "f16", 39.0, 27.28),
    (GEMMA3, 32768, 1, "f16", 111.0, 51.28),
    (GEMMA3, 2048, 4, "f16", 84.0, 21.28),
    (QWEN25, 2048, 1, "f16", 24.0, 39.27),
    (QWEN25, 8192, 1, "f16", 96.0, 45.27),
    (QWEN25, 32768, 1, "f16", 384.0, 69.27),
    (QWEN25, 8192, 1, "q8_0", 51.0, 45.27),
    (QWEN25, 8192, 1, "q4_0", 27.0, 45.27),
    (DEEPSEEK2, 2048, 1, "f16", 9.0, 49.01),
    (DEEPSEEK2, 8192, 2, "f16", 72.0, 55.01),
    (DEEPSEEK2, 8192, 1, "q8_0", 19.12, None),
]


@pytest.mark.parametrize(("shape", "context", "slots", "kv_type", "kv", "compute"), MEASURED)
def test_predictions_are_what_was_measured(shape, context, slots, kv_type, kv, compute):
    predicted = footprint(shape, Load(context=context, slots=slots, kv_type=kv_type))
    assert predicted.kv / MIB == pytest.approx(kv, rel=0.001)
    if compute is not None:
        logits = 4 * slots * shape.vocabulary  # a buffer of its own in the log
        assert (predicted.compute - logits) / MIB == pytest.approx(compute, rel=0.02)


def test_a_window_is_rounded_up_in_every_slot():
    three = footprint(QWEN25, Load(context=2731, slots=3))
    assert three.kv == footprint(QWEN25, Load(context=2816, slots=3)).kv == 3 * 2816 * 24 * 2 * 128 * 2


@pytest.mark.parametrize(
    ("embedding", "inner", "size", "groups", "state", "compute"),
    [(512, 1024, 128, 1, 3.09, 16.55), (512, 2048, 64, 2, 3.16, 26.6), (1024, 1024, 256, 1, 6.11, 21.06)],
)
def test_recurrent_layers_keep_a_state_whatever_the_context(embedding, inner, size, groups, state, compute):
    mamba = model(
        "mamba2", block_count=6, embedding_length=embedding, attention__head_count=0, ssm__inner_size=inner,
        ssm__state_size=size, ssm__conv_kernel=4, ssm__group_count=groups,
    )  # fmt: skip
    for context in (2048, 32768):
        one = footprint(mamba, Load(context=context))
        assert (one.kv, one.checkpoints) == (0, 4 * one.state)
        assert one.state / MIB == pytest.approx(state, abs=0.005)
        assert compute <= one.compute / MIB < 1.25 * compute  # an upper bound
        assert footprint(mamba, Load(context=context, slots=3)).state == 3 * one.state


def test_a_short_convolution_keeps_a_little():
    assert footprint(LFM2, Load(context=256)).state == 4 * 512 * 2 * 4
    assert footprint(SMOLLM2, Load(context=256)).state == 0


def test_copies_of_a_window_are_counted_where_a_model_has_one():
    # llama.cpp's log: 10.006 MiB each for 10 layers, 2 heads, 256 + 256 numbers, a window of 512 tokens.
    shape = model(
        "gemma3", block_count=12, embedding_length=640, feed_forward_length=2048, attention__head_count=4,
        attention__head_count_kv=2, attention__key_length=256, attention__value_length=256,
        attention__sliding_window=512,
    )  # fmt: skip
    assert footprint(shape, Load(context=8192, checkpoints=1)).checkpoints / MIB == pytest.approx(10.0)
    assert footprint(shape, Load(context=8192, slots=2)).checkpoints / MIB == pytest.approx(80.0)
    assert footprint(shape, Load(context=8192, gpu=True)).checkpoints == 0
    assert footprint(QWEN25, Load(context=8192)).checkpoints == 0


def test_what_a_cpu_copies_is_counted_on_cpus_only():
    said = {
        "general.architecture": "llama", "llama.block_count": 1, "llama.embedding_length": 64,
        "llama.attention.head_count": 1,
    }  # fmt: skip
    shape = shape_of(said, weights=1000, matrices={2: 600, 1: 300})
    assert footprint(shape, Load(context=256)).repacked == 600
    assert footprint(shape, Load(context=256, gpu=True)).repacked == 0


def test_barely_is_told_from_fits_and_no():
    predicted = footprint(QWEN25, Load(context=8192))
    needed = predicted.total + margin(predicted)
    assert verdict(predicted, Free(bytes=needed)) == "fits"
    assert verdict(predicted, Free(bytes=needed - 1)) == "barely"
    assert verdict(predicted, Free(bytes=predicted.total)) == "barely"
    assert verdict(predicted, Free(bytes=predicted.total - 1)) == "no"


@pytest.mark.parametrize("free_gb", [1.5, 2.0, 3.0])
@pytest.mark.parametrize("slots", [1, 4])
@pytest.mark.parametrize("shape", [QWEN25, GEMMA3], ids=["qwen2", "gemma3"])
def test_the_largest_context_fits_and_the_next_does_not(shape: Shape, slots: int, free_gb: float):
    free = Free(bytes=int(free_gb * GB))
    largest = largest_context(shape, Load(context=256, slots=slots), free)
    assert largest % 256 == 0
    if largest:
        assert verdict(footprint(shape, Load(context=largest, slots=slots)), free) == "fits"
    if largest < shape.trained:
        assert verdict(footprint(shape, Load(context=largest + 256, slots=slots)), free) != "fits"


def test_no_context_is_larger_than_the_training_and_none_fits_into_nothing():
    assert largest_context(SMOLLM2, Load(context=256), Free(bytes=100 * GB)) == 8192
    assert largest_context(SMOLLM2, Load(context=256), Free(bytes=0)) == 0


def test_a_load_that_does_not_fit_is_refused_in_one_sentence():
    free = Free(bytes=int(1.6 * GB))
    refuse_unless_fits(QWEN25, Load(context=2048), free)
    with pytest.raises(UnfitError) as refused:
        refuse_unless_fits(QWEN25, Load(context=32768, slots=2), free)
    largest = largest_context(QWEN25, Load(context=256, slots=2), free)
    assert 256 < largest < 32768
    assert str(refused.value) == (
        "context=32768 with slots=2 would take about 1.4 GB, and 0.7 GB to spare, of 1.6 GB of RAM that are free;"
        f" the largest context that fits is {largest}."
    )
    with pytest.raises(UnfitError, match="no context fits"):
        refuse_unless_fits(QWEN25, Load(context=2048), Free(bytes=GB, of="VRAM"))


@pytest.mark.parametrize("wrong", [{"context": 0}, {"slots": 0}, {"kv_type": "q9"}])
def test_loads_that_cannot_be(wrong: dict[str, Any]):
    with pytest.raises(UsageError, match=next(iter(wrong))):
        Load(**{"context": 2048, **wrong})


def test_something_is_free_here():
    assert 0 < free_memory().bytes < 2**50
    assert free_memory().of in ("RAM", "VRAM")


class TestTheVerb:
    @pytest.fixture
    def weights(self, tmp_path: Path) -> Path:
        from gguf_made import Made, write

        return write(tmp_path / "small.gguf", Made(architecture="gemma3", layers=6, window=512))

    def test_a_file_that_fits(self, weights: Path, capsys):
        assert run(["models", "fit", str(weights), "--free-gb", "20"]) == 0
        told = capsys.readouterr().out
        assert "gemma3, 2 slots with a window of 4096 tokens each, f16 cache" in told
        for word in ("weights", "kv", "checkpoints", "compute", "overhead", "total", "free", "131072"):
            assert word in told
        assert "repacked" not in told
        assert [line.split() for line in told.splitlines() if line.startswith("verdict")] == [
            ["verdict", "fits"]
        ]

    def test_one_that_does_not(self, weights: Path, capsys):
        words = ["models", "fit", str(weights), "--context", "32768", "--slots", "8", "--kv-type", "q8_0"]
        assert run([*words, "--free-gb", "0.1"]) == 1
        told = capsys.readouterr().out
        assert "8 slots with a window of 32768 tokens each, q8_0 cache" in told
        assert "none" in told

    def test_a_host_of_ours(self, weights: Path, capsys):
        assert run(["models", "fit", str(weights), "--host", "single-gpu"]) == 0
        told = capsys.readouterr().out
        assert "23.00 GB" in told
        assert "VRAM" in told
        assert run(["models", "fit", str(weights), "--host", "singlegpu"]) == 2
        assert "did you mean 'single-gpu'" in capsys.readouterr().err

    def test_a_models_own_settings(self, tmp_path: Path, weights: Path, capsys):
        (tmp_path / "model").mkdir()
        (tmp_path / "model/mine.yaml").write_text(
            "# @package _global_\ndefaults:\n  - override /provider: llamacpp\n"
            f"model:\n  name: mine\n  source: {{kind: file, path: {weights}}}\n"
            "provider: {slots: 3, context: 1024, kv_type: q8_0}\n"
        )
        words = ["models", "--config-dir", str(tmp_path), "fit", "mine", "--free-gb", "9"]
        assert run(words) == 0
        assert "3 slots with a window of 1024 tokens each, q8_0 cache" in capsys.readouterr().out
        weights.unlink()
        assert run(words) == 3
        assert "no such file" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("words", "code", "why"),
        [
            (["smolm2"], 2, "did you mean 'smollm2'"),
            (["claude-opus"], 2, "no weights"),
            (["nowhere.gguf"], 3, "no such file"),
            (["smollm2", "--kv-type", "q9"], 2, "kv_type=q9"),
            (["smollm2", "--context", "0"], 2, "context=0"),
            (["smollm2", "--free-gb", "-1"], 2, "--free-gb"),
            (["smollm2"], 3, "llmsweep models pull smollm2"),
        ],
    )
    def test_words_that_mean_nothing_and_weights_that_are_not_here(self, user, words, code, why, capsys):
        assert run(["models", "fit", *words]) == code
        assert why in capsys.readouterr().err


def test_the_default_is_what_the_embedded_server_is_started_with():
    from llmsweep.providers.llamacpp_server import CHECKPOINTS

    assert Load(context=256).checkpoints == CHECKPOINTS
