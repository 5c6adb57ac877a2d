"""Config stops here: what Hydra composed becomes plain objects, and every word of it is checked before anything runs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import cast

from hydra.utils import instantiate
from omegaconf import DictConfig, OmegaConf

from llmsweep.cli.axes import read_space
from llmsweep.cli.frontier import Frontier, frontier_of, harness_of, notes_of
from llmsweep.cli.prices import price
from llmsweep.cli.serving import bind_weights, cell_of, check_baseline, refusals
from llmsweep.cli.suites import choose_suite
from llmsweep.cli.words import refuse_unknown
from llmsweep.config import HostConfig, ModelConfig, SweepConfig
from llmsweep.errors import UsageError, nearest
from llmsweep.local.host import Host
from llmsweep.manifest import Manifest
from llmsweep.paths import conf_dir
from llmsweep.providers.base import Provider
from llmsweep.providers.metered import Meter, Metered
from llmsweep.sandbox.base import SandboxFactory
from llmsweep.suite import Suite
from llmsweep.sweep.confirm import confirmed
from llmsweep.sweep.envelope import Envelope
from llmsweep.sweep.optuna_search import VERDICT, search_of
from llmsweep.sweep.space import Space, difference, without_effect
from llmsweep.sweep.strategies import Design, Strategy
from llmsweep.types import Cell, digest

SHARES = {"delta": 0.05, "confidence": 0.95}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """One model's sweep, ready to run. ``folder``: its own results folder; ``notes``: what the user should hear first.

    ``exclusive``, ``others``, ``after``: see `llmsweep.local.residency.alone`. ``fit``: refuse to load what will not
    fit. ``meter``: counts the dollars of all calls, None where tokens cost nothing. ``settings``: digest of how
    ``provider`` is configured. ``frontier``: the model that may take over, None where ours works alone.
    """

    model: ModelConfig
    suite: Suite
    host: Host
    exclusive: bool | None
    others: str
    after: str
    fit: bool
    provider: Provider
    frontier: Frontier | None
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
    report: bool
    quiet: bool
    probe: bool
    settings: str
    notes: tuple[str, ...]

    @property
    def folder(self) -> Path:
        return self.results / self.model.name

    @property
    def slots(self) -> int:
        """How many episodes at once: as many as the narrower of the models takes."""
        return slots_of(self.provider, self.frontier)

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
            harness=sorted({self.design.harness(cell) for cell in cells}),
            policy=None if self.frontier is None else self.frontier.policy,
            frontier_price=None if self.frontier is None else self.frontier.model.price,
        )


def build(cfg: DictConfig) -> Sweep:
    """Raises UsageError for words that mean nothing, UnfitError for what this machine lacks."""
    plain = plain_of(cfg)
    host = _host(plain.host)
    sandbox: SandboxFactory = instantiate(cfg.sandbox)
    suite, skipped = choose_suite(plain.suite, sandbox.name, bool(cfg.sandbox.get("network")))
    provider: Provider = instantiate(cfg.provider)
    settings = digest(OmegaConf.to_yaml(cfg.provider, resolve=True))
    provider, frontier, meter = metered(plain, provider, frontier_of(cfg, plain))
    baseline, space = cell_of(plain, provider), read_space(cfg)
    design = _design(plain, baseline, space, suite, (provider, frontier))
    propose: Callable[[Design], Strategy] = instantiate(cfg.strategy)

    def make(design: Design) -> Strategy:
        return confirmed(propose(design), design, plain.confirm)

    strategy = make(design)
    for cell in strategy.cells:
        design.harness(cell)
    return Sweep(
        model=plain.model,
        suite=suite,
        host=host,
        exclusive=plain.host.exclusive,
        others=plain.host.others,
        after=plain.host.after,
        fit=plain.host.fit,
        provider=provider,
        frontier=frontier,
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
        report=plain.report,
        quiet=plain.quiet,
        probe=plain.probe,
        settings=settings,
        notes=(
            *skipped,
            *notes_of(frontier, sum(task.check is not None for task in suite.tasks), len(suite.tasks)),
            *without_effect(baseline, space, strategy.cells),
            *_dropped(strategy, baseline),
        ),
    )


def plain_of(cfg: DictConfig) -> SweepConfig:
    """The configuration as plain objects, its words checked. Raises UsageError."""
    refuse_unknown(cfg)
    if OmegaConf.is_missing(cfg.model, "name"):
        known = ", ".join(sorted(path.stem for path in (conf_dir() / "model").glob("*.yaml")))
        raise UsageError(f"model is missing: say which, for example model=smollm2. Known: {known}.")
    bind_weights(cfg)
    plain = cast(SweepConfig, OmegaConf.to_object(cfg))
    _check(plain)
    return plain


def slots_of(provider: Provider, frontier: Frontier | None) -> int:
    return provider.slots if frontier is None else min(provider.slots, frontier.provider.slots)


def _design(
    plain: SweepConfig,
    baseline: Cell,
    space: Space,
    suite: Suite,
    served: tuple[Provider, Frontier | None],
) -> Design:
    provider, frontier = served
    policy = None if frontier is None else frontier.policy
    return Design(
        baseline=baseline,
        space=space,
        tasks=suite.tasks,
        harness=lambda cell: harness_of(cell, policy),
        refuses=refusals(plain.model, provider),
        steady=policy is None or policy.frontier.greedy,
        repeats=plain.repeats,
        repeats_greedy=plain.repeats_greedy,
        delta=plain.delta,
        confidence=plain.confidence,
        slots=slots_of(provider, frontier),
        seed=plain.seed,
    )


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


def metered(
    plain: SweepConfig, provider: Provider, frontier: Frontier | None
) -> tuple[Provider, Frontier | None, Meter | None]:
    """Both with one count of dollars over them, None where nothing is known to be paid.

    Raises UsageError for a cap there. Where the user bounds no dollars, the frontier model's own file does.
    """
    cap, paid = plain.envelope.dollars, plain.model.price
    above = None if frontier is None else frontier.model.price
    if (first := paid or above) is None:
        if cap is not None:
            who = (
                plain.model.name
                if frontier is None
                else f"neither {plain.model.name} nor {frontier.model.name}"
            )
            has = "has no price" if frontier is None else "has a price"
            raise UsageError(
                f"envelope.dollars={cap:g}: {who} {has};"
                " name one with model.price=VENDOR/MODEL, or bound something else."
            )
        return provider, frontier, None
    meter = Meter(price=price(first), cap=cap if frontier is None or cap is not None else frontier.cap)
    if paid is not None:
        provider = Metered(provider, meter)
    if frontier is not None and above is not None:
        frontier = replace(frontier, provider=Metered(frontier.provider, meter, price(above)))
    return provider, frontier, meter


def _host(given: HostConfig) -> Host:
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


def _check(plain: SweepConfig) -> None:
    if not plain.results.strip():
        raise UsageError("results= is empty: it must be a folder, such as results=results/mine.")
    check_baseline(plain.baseline)
    for key, value in (("repeats", plain.repeats), ("repeats_greedy", plain.repeats_greedy)):
        if value < 1:
            raise UsageError(f"{key}={value}: it must be 1 or more.")
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
