"""Config stops here: what Hydra composed becomes plain objects, and every word of it is checked before anything runs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import cast

from hydra.utils import instantiate
from omegaconf import DictConfig, OmegaConf

from llmsweep.agent.protocols import harness_digest
from llmsweep.cli.axes import read_space, switch
from llmsweep.cli.prices import price
from llmsweep.cli.suites import choose_suite
from llmsweep.cli.words import refuse_unknown
from llmsweep.config import BaselineConfig, HostConfig, ModelConfig, SweepConfig
from llmsweep.errors import UnfitError, UsageError, nearest
from llmsweep.local.host import Host
from llmsweep.local.pull import found
from llmsweep.local.sources import Ollama, parse_source
from llmsweep.manifest import Manifest
from llmsweep.paths import conf_dir
from llmsweep.providers.base import Provider
from llmsweep.providers.metered import Meter, Metered
from llmsweep.sandbox.base import SandboxFactory
from llmsweep.suite import Suite
from llmsweep.sweep.capabilities import Capabilities, Rule
from llmsweep.sweep.confirm import confirmed
from llmsweep.sweep.envelope import Envelope
from llmsweep.sweep.optuna_search import VERDICT, search_of
from llmsweep.sweep.space import BOUNDS, Space, canonical, check_level, difference, without_effect
from llmsweep.sweep.strategies import Design, Strategy
from llmsweep.types import Budget, Cell, Sampling, digest

SHARES = {"delta": 0.05, "confidence": 0.95}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """One model's sweep, ready to run. ``folder``: its own results folder; ``notes``: what the user should hear first.

    ``exclusive``, ``others``, ``after``: see `llmsweep.local.residency.alone`. ``fit``: refuse to load what will not
    fit. ``meter``: counts the dollars of ``provider``'s calls, None where its tokens cost nothing. ``settings``: digest
    of how ``provider`` is configured.
    """

    model: ModelConfig
    suite: Suite
    host: Host
    exclusive: bool | None
    others: str
    after: str
    fit: bool
    provider: Provider
    meter: Meter | None
    sandbox: SandboxFactory
    executor: Callable[..., Executor]
    make: Callable[[Design], Strategy]
    design: Design
    strategy: Strategy
    baseline: Cell
    envelope: Envelope
    results: Path
    smoke: int
    snapshots: bool
    plots: bool
    quiet: bool
    probe: bool
    settings: str
    notes: tuple[str, ...]

    @property
    def folder(self) -> Path:
        return self.results / self.model.name

    def spent(self) -> str | None:
        """Why the dollars are spent, None while they are not."""
        return self.meter.full if self.meter else None

    def manifest(self) -> Manifest:
        cells, search = self.strategy.cells, search_of(self.strategy)
        # While a search goes on, the cells to choose from are all that the log will hold: none is named.
        among = cells if search is None else search.judged
        return Manifest(
            model=self.model.name,
            suite=self.suite.name,
            suite_version=self.suite.card.version,
            suite_digest=self.suite.digest,
            strategy=self.strategy.name,
            delta=self.design.delta,
            confidence=self.design.confidence,
            cells=[cell.id for cell in among],
            since=VERDICT if search is not None and search.judged else 0,
            settles=self.design.repeatable,
            baseline=self.baseline,
            tasks={task.id: task.digest for task in self.suite.tasks},
            harness=sorted({harness_of(cell) for cell in cells}),
        )


def build(cfg: DictConfig) -> Sweep:
    """Raises UsageError for words that mean nothing, UnfitError for what this machine lacks."""
    plain = plain_of(cfg)
    host = host_of(plain.host)
    sandbox: SandboxFactory = instantiate(cfg.sandbox)
    suite, skipped = choose_suite(plain.suite, sandbox.name, bool(cfg.sandbox.get("network")))
    provider, meter = provider_of(cfg, plain)
    baseline, space = baseline_of(plain, provider), read_space(cfg)
    design = _design(plain, baseline, space, suite, provider)
    propose: Callable[[Design], Strategy] = instantiate(cfg.strategy)

    def make(design: Design) -> Strategy:
        return confirmed(propose(design), design, plain.confirm)

    strategy = make(design)
    for cell in strategy.cells:
        harness_of(cell)
    return Sweep(
        model=plain.model,
        suite=suite,
        host=host,
        exclusive=plain.host.exclusive,
        others=plain.host.others,
        after=plain.host.after,
        fit=plain.host.fit,
        provider=provider,
        meter=meter,
        sandbox=sandbox,
        executor=instantiate(cfg.executor),
        make=make,
        design=design,
        strategy=strategy,
        baseline=baseline,
        envelope=Envelope(
            hours=plain.envelope.hours, tokens=plain.envelope.tokens, episodes=plain.envelope.episodes
        ),
        results=Path(plain.results),
        smoke=plain.smoke,
        snapshots=plain.snapshots,
        plots=plain.plots,
        quiet=plain.quiet,
        probe=plain.probe,
        settings=digest(OmegaConf.to_yaml(cfg.provider, resolve=True)),
        notes=(*skipped, *without_effect(baseline, space, strategy.cells), *_dropped(strategy, baseline)),
    )


def plain_of(cfg: DictConfig) -> SweepConfig:
    """The configuration as plain objects, its words checked. Raises UsageError."""
    refuse_unknown(cfg)
    if OmegaConf.is_missing(cfg.model, "name"):
        known = ", ".join(sorted(path.stem for path in (conf_dir() / "model").glob("*.yaml")))
        raise UsageError(f"model is missing: say which, for example model=smollm2. Known: {known}.")
    OmegaConf.register_new_resolver("weights", lambda what: _weights(cfg, what), replace=True)
    plain = cast(SweepConfig, OmegaConf.to_object(cfg))
    _check(plain)
    return plain


def provider_of(cfg: DictConfig, plain: SweepConfig) -> tuple[Provider, Meter | None]:
    """What speaks to the model, and what counts its dollars where it is paid."""
    provider: Provider = instantiate(cfg.provider)
    meter = meter_of(plain)
    return (provider if meter is None else Metered(provider, meter)), meter


def _design(plain: SweepConfig, baseline: Cell, space: Space, suite: Suite, provider: Provider) -> Design:
    return Design(
        baseline=baseline,
        space=space,
        tasks=suite.tasks,
        harness=harness_of,
        refuses=refusals(plain.model, provider),
        repeats=plain.repeats,
        repeats_greedy=plain.repeats_greedy,
        delta=plain.delta,
        confidence=plain.confidence,
        slots=provider.slots,
        seed=plain.seed,
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


def _dropped(strategy: Strategy, baseline: Cell) -> list[str]:
    """A sentence for each cell that is dropped. Raises UsageError where that leaves no comparison to make."""
    dropped = strategy.dropped
    if baseline in dropped:
        raise UsageError(f"baseline: {dropped[baseline].rstrip('.')}; change the baseline.")
    if not strategy.cells:
        raise UsageError(f"no cell is left: {next(iter(dropped.values()))}")
    notes = []
    for cell, why in dropped.items():
        settings = ", ".join(f"{axis}={value}" for axis, value in difference(cell, baseline).items())
        notes.append(f"dropped {settings}: {why.rstrip('.')}.")
    return notes


def meter_of(plain: SweepConfig) -> Meter | None:
    """What counts the dollars. Raises UsageError for a cap where nothing is known to be paid."""
    if plain.model.price is None:
        if plain.envelope.dollars is not None:
            raise UsageError(
                f"envelope.dollars={plain.envelope.dollars:g}: {plain.model.name} has no price;"
                " name one with model.price=VENDOR/MODEL, or bound something else."
            )
        return None
    return Meter(price=price(plain.model.price), cap=plain.envelope.dollars)


def host_of(given: HostConfig) -> Host:
    """The figures. Raises UsageError for choices that do not exist."""
    for key, chosen, choices in (
        ("others", given.others, ("unload", "refuse")),
        ("after", given.after, ("found", "unload", "keep")),
    ):
        if chosen not in choices:
            raise UsageError(f"host.{key}={chosen}: there is no such choice; {nearest(chosen, choices)}")
    plain = asdict(given)
    figures = {f.name: plain[f.name] for f in fields(Host)}
    return Host(**figures)


def harness_of(cell: Cell) -> str:
    return harness_digest(cell.protocol, cell.prompt)


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


def baseline_of(plain: SweepConfig, provider: Provider) -> Cell:
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


def _check(plain: SweepConfig) -> None:
    if not plain.results.strip():
        raise UsageError("results= is empty: it must be a folder, such as results=results/mine.")
    counts = {
        "repeats": plain.repeats,
        "repeats_greedy": plain.repeats_greedy,
        "baseline.turns": plain.baseline.turns,
        "baseline.max_tokens": plain.baseline.max_tokens,
    }
    for key, value in counts.items():
        if value < 1:
            raise UsageError(f"{key}={value}: it must be 1 or more.")
    if plain.baseline.temperature is not None and plain.baseline.temperature < 0:
        raise UsageError(f"baseline.temperature={plain.baseline.temperature}: it must be 0 or more.")
    for axis in BOUNDS:
        check_level(f"baseline.{axis}", axis, getattr(plain.baseline, axis))
    for key, share in (("delta", plain.delta), ("confidence", plain.confidence)):
        if not 0 < share < 1:
            raise UsageError(f"{key}={share:g}: it must be a share between 0 and 1, such as {SHARES[key]}.")
    if plain.confirm < 0:
        raise UsageError(f"confirm={plain.confirm}: it must be 0 or more.")
    if plain.smoke < 0:
        raise UsageError(f"smoke={plain.smoke}: it must be 0 or more.")
    for key, bound in asdict(plain.envelope).items():
        if bound is not None and bound <= 0:
            raise UsageError(f"envelope.{key}={bound}: it must be more than 0, or null for no bound.")
