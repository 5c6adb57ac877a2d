"""How the model of a log was served, by the configuration that its sweep kept: what an export says of server, key and weights."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from llmsweep.cli.views import Views
from llmsweep.errors import LlmsweepError, UsageError, nearest
from llmsweep.exports.shipped import Served, Shipped, Wire

CONFIG = "config.yaml"
WIRES: Mapping[str, Wire] = {
    "llmsweep.providers.llamacpp.LlamaCpp": "llama.cpp",
    "llmsweep.providers.openai.OpenAICompatible": "openai",
    "llmsweep.providers.ollama.OllamaChat": "ollama",
    "llmsweep.providers.anthropic.AnthropicMessages": "anthropic",
}
WORDS: Mapping[str, Wire] = {
    "llamacpp": "llama.cpp",
    "openai": "openai",
    "ollama": "ollama",
    "anthropic": "anthropic",
}
"""What an episode says of its provider -> what that speaks."""


def shipped(found: Views) -> Shipped:
    """The recommended cell with what serves it. Raises UsageError for what no consumer could be told of."""
    from llmsweep.analysis.report import to_ship

    if (policy := found.about.policy) is not None:
        raise UsageError(
            f"{found.folder}: its episodes ran under policy=tiered, so that its rate is of two models"
            f" ({policy.frontier.model} took over), and a file for one of them would promise it; sweep with policy=alone."
        )
    verdict = found.recommendation
    return Shipped(
        cell=to_ship(verdict, found.cell),
        served=_served(found),
        about=(
            f"Recommended by llmsweep for {verdict.model} on suite {verdict.suite} ({verdict.status}): {verdict.label}.",
            f"Biggest caveat: {verdict.caveat}",
            f"Revision: {found.cell.revision}.",
        ),
    )


def _served(found: Views) -> Served:
    from omegaconf import OmegaConf

    path = found.folder / CONFIG
    if not path.is_file():
        return _unknown(found)
    cfg = cast(Any, OmegaConf.load(path))
    weights = _weights(cfg.model)
    # A file that is not here any more must not keep its settings from being read.
    OmegaConf.register_new_resolver("weights", lambda what: "", replace=True)
    try:
        settings = cast("dict[str, Any]", OmegaConf.to_container(cfg.provider, resolve=True))
    except Exception as e:
        raise UsageError(f"{path}: its provider cannot be read ({e}).") from e
    target = str(settings.pop("_target_", ""))
    if target not in WIRES:
        raise UsageError(
            f"{path}: its provider is {target}, which no consumer here speaks to; {nearest(target, WIRES)}"
        )
    wire = WIRES[target]
    base = settings.get("host") if wire == "ollama" else settings.get("base_url")
    source = cfg.model.get("source")
    return Served(
        wire=wire,
        model=str(settings.get("model") or cfg.model.name),
        base_url=None if base is None else str(base),
        key_env=settings.get("api_key_env"),
        settings=settings,
        weights=weights,
        fetched_by=None if source is None else f"llmsweep models pull {cfg.model.name}",
    )


def _unknown(found: Views) -> Served:
    """Where nobody kept the configuration: as far as the episodes tell."""
    word = found.episodes[0].provider
    if word not in WORDS:
        raise UsageError(
            f"{found.folder}: its provider is {word or 'not written down'}; {nearest(word, WORDS)}"
        )
    return Served(wire=WORDS[word], model=found.about.model, known=False)


def _weights(model: Any) -> Path | None:
    """The file of the model on this machine, None where there is none."""
    from omegaconf import OmegaConf

    from llmsweep.local.pull import path_of
    from llmsweep.local.sources import parse_source

    source = model.get("source")
    if source is None:
        return None
    try:
        path = path_of(model.name, parse_source(cast("dict[str, object]", OmegaConf.to_container(source))))
    except LlmsweepError:
        return None
    return path if path.is_file() else None
