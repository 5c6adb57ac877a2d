"""Recommendations to export: one for each wire, with settings that nothing leaves at a default."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from builders import cell
from llmsweep.exports.shipped import Served, Shipped, Wire
from llmsweep.types import Budget

PUBLISHED = Path(__file__).parents[2] / "results" / "published"
THINKING = {
    "reasoning_on": {"chat_template_kwargs": {"enable_thinking": True}},
    "reasoning_off": {"chat_template_kwargs": {"enable_thinking": False}},
}
SETTINGS: dict[Wire, dict[str, Any]] = {
    "llama.cpp": {"slots": 2, "kv_type": "q8_0", **THINKING},
    "openai": {
        "slots": 1,
        "extra_body": {"top_k": -1, "min_p": 0.0, "repetition_penalty": 1.0},
        "sampling_fields": {"top_k": "top_k", "min_p": "min_p", "repeat_penalty": "repetition_penalty"},
        **THINKING,
    },
    "ollama": {"slots": 1, "options": {"num_gpu": 0}},
    "anthropic": {
        "reasoning_on": {"thinking": {"type": "enabled", "budget_tokens": 2048}},
        "reasoning_off": {"thinking": {"type": "disabled"}},
    },
}


def shipped(wire: Wire, **changes: Any) -> Shipped:
    """All that a recommendation can say, as far as the wire takes it."""
    settings: dict[str, Any] = {
        "temperature": 0.6,
        "top_p": 0.95,
        "top_k": 20,
        "min_p": 0.05,
        "repeat_penalty": 1.05,
        "max_tokens": 512,
        "reasoning": True,
        "echo_reasoning": True,
        "protocol": "native",
        "prompt": "rich",
        "context": 4096,
        "budget": Budget(turns=9, tokens=20_000, seconds=300.0),
    }
    if wire == "anthropic":
        settings |= {"min_p": None, "repeat_penalty": None}
    served = Served(
        wire=wire,
        model={"ollama": "qwen3:8b", "anthropic": "claude-haiku-4-5-20251001"}.get(wire, "m"),
        base_url={"openai": "http://127.0.0.1:8000/v1"}.get(wire),
        key_env="ANTHROPIC_API_KEY" if wire == "anthropic" else None,
        settings=SETTINGS[wire],
        **changes.pop("served", {}),
    )
    return Shipped(cell=cell(**(settings | changes)), served=served, about=("Recommended: this one.",))
