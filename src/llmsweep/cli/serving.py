"""One model with what serves it, as configured: its weights, its cell, what it cannot be asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from omegaconf import DictConfig, OmegaConf

from llmsweep.cli.axes import switch
from llmsweep.config import BaselineConfig, ModelConfig, SweepConfig
from llmsweep.errors import UnfitError, UsageError
from llmsweep.local.pull import found
from llmsweep.local.sources import Ollama, parse_source
from llmsweep.providers.base import Provider
from llmsweep.sweep.capabilities import Capabilities, Rule
from llmsweep.sweep.space import BOUNDS, canonical, check_level
from llmsweep.types import Budget, Cell, Sampling


def bind_weights(cfg: DictConfig) -> None:
    """From now on ``${weights:...}`` means those of this configuration's model."""
    OmegaConf.register_new_resolver("weights", lambda what: _weights(cfg, what), replace=True)


def _weights(cfg: DictConfig, what: str) -> str:
    """The resolver ``${weights:path}`` and ``${weights:sha256}``: the model's weights on this machine."""
    name, source = cfg.model.name, cfg.model.source
    if source is None:
        raise UsageError(
            f"model={name} has no source of weights, which this provider needs; choose another provider"
        )
    parsed = parse_source(cast(dict[str, object], OmegaConf.to_container(source)))
    here = found(name, parsed)
    if here is None or isinstance(parsed, Ollama):
        raise UnfitError(f"model {name} is not on this machine; fetch it with: llmsweep models pull {name}")
    return str(here.path) if what == "path" else here.sha256


def cell_of(plain: SweepConfig, provider: Provider) -> Cell:
    b = plain.baseline
    cell = Cell(
        model=plain.model.name,
        revision=plain.model.revision or provider.revision(),
        sampling=_sampling(b, plain.seed),
        protocol=b.protocol,
        prompt=b.prompt,
        budget=Budget(turns=b.turns, tokens=b.tokens, seconds=b.seconds),
        context=provider.context(),
    )
    return canonical(cell)


def _sampling(b: BaselineConfig, seed: int) -> Sampling:
    return Sampling(
        temperature=b.temperature,
        top_p=b.top_p,
        top_k=b.top_k,
        min_p=b.min_p,
        repeat_penalty=b.repeat_penalty,
        reasoning=switch(b.reasoning),
        echo_reasoning=b.echo_reasoning,
        max_tokens=b.max_tokens,
        seed=seed,
    )


def refusals(model: ModelConfig, provider: Provider) -> Callable[[Cell], str | None]:
    """Why a cell cannot be asked for: because of the model, or because of what speaks to it."""
    stated = model.capabilities
    rules = [Rule(cell=rule.cell, because=rule.because) for rule in stated.impossible]
    capabilities = Capabilities(reasoning=stated.reasoning, axes=stated.axes, impossible=rules)

    def refuses(cell: Cell) -> str | None:
        if (why := capabilities.refuses(cell)) is not None:
            return why
        try:
            provider.check(cell.sampling)
        except UsageError as e:
            return str(e)
        return None

    return refuses


def check_baseline(b: BaselineConfig) -> None:
    """Raises UsageError for a setting that means nothing."""
    for key, value in (("turns", b.turns), ("max_tokens", b.max_tokens)):
        if value < 1:
            raise UsageError(f"baseline.{key}={value}: it must be 1 or more.")
    if b.temperature is not None and b.temperature < 0:
        raise UsageError(f"baseline.temperature={b.temperature}: it must be 0 or more.")
    for axis in BOUNDS:
        check_level(f"baseline.{axis}", axis, getattr(b, axis))
