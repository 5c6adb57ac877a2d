"""Small GGUF files with random weights that llama.cpp really loads, written by gguf's own writer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

TEMPLATE = "{% for m in messages %}{{ m.content }}{% endfor %}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """``experts``: of so many, ``chosen`` work on a token, each ``narrow`` wide. ``type``: of the matrices."""

    architecture: str
    layers: int = 4
    embedding: int = 512
    feed_forward: int = 2048
    heads: int = 8
    kv_heads: int = 2
    head: int = 64
    vocabulary: int = 8000
    window: int = 0
    experts: int = 0
    chosen: int = 0
    narrow: int = 0
    type: str = "F16"


def write(path: Path, made: Made) -> Path:
    import gguf

    writer = gguf.GGUFWriter(path, made.architecture)
    _say(writer, made)
    tensors = _Tensors(writer, made.type)
    tensors.add("token_embd", made.vocabulary, made.embedding)
    tensors.add("output_norm", made.embedding)
    for i in range(made.layers):
        _layer(tensors, f"blk.{i}.", made)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


class _Tensors:
    def __init__(self, writer: Any, type: str) -> None:
        import numpy as np

        self.writer, self.type, self.random = writer, type, np.random.default_rng(0)

    def add(self, name: str, *shape: int) -> None:
        """A matrix in the file's type; whatever has one dimension in F32, as llama.cpp wants it."""
        import gguf
        import numpy as np

        if len(shape) == 1:
            what = "weight" if not name.endswith((".attn_q_bias", ".attn_k_bias", ".attn_v_bias")) else "bias"
            self.writer.add_tensor(f"{name.removesuffix('_bias')}.{what}", np.ones(shape, np.float32))
            return
        values = self.random.standard_normal(shape, np.float32) * np.float32(0.02)
        kind = gguf.GGMLQuantizationType[self.type]
        self.writer.add_tensor(f"{name}.weight", gguf.quants.quantize(values, kind), raw_dtype=kind)


def _say(writer: Any, made: Made) -> None:
    writer.add_block_count(made.layers)
    writer.add_context_length(131072)
    writer.add_embedding_length(made.embedding)
    writer.add_feed_forward_length(made.feed_forward)
    writer.add_head_count(made.heads)
    writer.add_head_count_kv(made.kv_heads)
    writer.add_key_length(made.head)
    writer.add_value_length(made.head)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(10000.0)
    if made.window:
        writer.add_sliding_window(made.window)
    if made.experts:
        writer.add_expert_count(made.experts)
        writer.add_expert_used_count(made.chosen)
        writer.add_expert_feed_forward_length(made.narrow)
    others = made.vocabulary - 259
    words = ["<unk>", "<s>", "</s>", *(f"<0x{i:02X}>" for i in range(256)), *(f"w{i}" for i in range(others))]
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(words)
    writer.add_token_scores([0.0] * 259 + [-float(i) for i in range(others)])
    writer.add_token_types([2, 3, 3, *[6] * 256, *[1] * others])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_chat_template(TEMPLATE)


def _layer(tensors: _Tensors, at: str, made: Made) -> None:
    width, kv_width, embedding = made.heads * made.head, made.kv_heads * made.head, made.embedding
    tensors.add(f"{at}attn_norm", embedding)
    tensors.add(f"{at}attn_q", width, embedding)
    tensors.add(f"{at}attn_k", kv_width, embedding)
    tensors.add(f"{at}attn_v", kv_width, embedding)
    tensors.add(f"{at}attn_output", embedding, width)
    if made.architecture == "qwen2":
        tensors.add(f"{at}attn_q_bias", width)
        tensors.add(f"{at}attn_k_bias", kv_width)
        tensors.add(f"{at}attn_v_bias", kv_width)
    if made.architecture in ("gemma3", "qwen3moe"):
        tensors.add(f"{at}attn_q_norm", made.head)
        tensors.add(f"{at}attn_k_norm", made.head)
    if made.architecture == "gemma3":
        tensors.add(f"{at}post_attention_norm", embedding)
        tensors.add(f"{at}post_ffw_norm", embedding)
    tensors.add(f"{at}ffn_norm", embedding)
    if made.experts:
        tensors.add(f"{at}ffn_gate_inp", made.experts, embedding)
        tensors.add(f"{at}ffn_gate_exps", made.experts, made.narrow, embedding)
        tensors.add(f"{at}ffn_up_exps", made.experts, made.narrow, embedding)
        tensors.add(f"{at}ffn_down_exps", made.experts, embedding, made.narrow)
    else:
        tensors.add(f"{at}ffn_gate", made.feed_forward, embedding)
        tensors.add(f"{at}ffn_up", made.feed_forward, embedding)
        tensors.add(f"{at}ffn_down", embedding, made.feed_forward)
