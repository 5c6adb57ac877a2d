"""A filter's run from the composed configuration: its cells, its triggers, what asks, and what must be refused at the door."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from hydra.utils import instantiate
from omegaconf import DictConfig

from llmsweep.calls import About
from llmsweep.cli.axes import read_space
from llmsweep.cli.build import metered, plain_of
from llmsweep.cli.filter_stakes import check_terms
from llmsweep.cli.frontier import Frontier
from llmsweep.cli.serving import cell_of, refusals
from llmsweep.config import ModelConfig, SweepConfig
from llmsweep.errors import UsageError
from llmsweep.providers.base import Provider
from llmsweep.providers.deciding import form_of
from llmsweep.providers.metered import Meter
from llmsweep.store import EPISODES
from llmsweep.sweep.envelope import Envelope
from llmsweep.sweep.space import canonical, difference, grid_cells
from llmsweep.types import Budget, Cell
from llmsweep.wake.ask import PROTOCOL, CallSpec, specs_of
from llmsweep.wake.prompting import harness_digest
from llmsweep.wake.triggers import Corpus, fewer, read_corpus

LACKING = ("protocol", "turns", "tokens", "seconds", "echo_reasoning")
"""Axes of agents that one call has not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterRun:
    """One model's calls, ready to be made; most fields are those of a `Sweep`."""

    model: ModelConfig
    corpus: Corpus
    cells: tuple[Cell, ...]
    baseline: Cell
    repeats: int
    provider: Provider
    meter: Meter | None
    executor: Callable[..., Executor]
    envelope: Envelope
    exclusive: bool | None
    others: str
    after: str
    fit: bool
    host: str
    seed: int
    results: Path
    quiet: bool
    notes: tuple[str, ...]

    @property
    def folder(self) -> Path:
        return self.results / self.model.name

    @property
    def frontier(self) -> Frontier | None:
        return None

    @property
    def slots(self) -> int:
        return self.provider.slots

    @property
    def specs(self) -> list[CallSpec]:
        return specs_of(self.corpus.triggers, self.cells, self.repeats, self.provider)

    def spent(self) -> str | None:
        return self.meter.full if self.meter else None

    def about(self) -> About:
        form = form_of(self.provider)
        return About(
            model=self.model.name,
            source=self.corpus.source,
            parted=self.corpus.parted,
            triggers=tuple(trigger.known for trigger in self.corpus.triggers),
            cells=self.cells,
            harnesses={cell.id: harness_digest(cell.prompt, form) for cell in self.cells},
            repeats=self.repeats,
            price=self.model.price,
            host=self.host,
        )


def build_filter(cfg: DictConfig) -> FilterRun:
    """Raises UsageError for words that mean nothing, UnfitError for what this machine lacks."""
    plain = plain_of(cfg)
    check_terms(plain.wake)
    corpus = read_corpus(None if plain.wake.triggers is None else Path(plain.wake.triggers).expanduser())
    corpus = corpus._replace(triggers=fewer(corpus.triggers, plain.wake.limit))
    if plain.policy.name != "alone":
        raise UsageError(f"policy={plain.policy.name}: a filter works alone; leave the policy out.")
    given: Provider = instantiate(cfg.provider)
    provider, _, meter = metered(plain, given, None)
    baseline = canonical(_as_filter(cell_of(plain, provider)))
    cells, dropped = _cells(cfg, plain, baseline, provider)
    _refuse_sweep(Path(plain.results) / plain.model.name)
    return FilterRun(
        model=plain.model,
        corpus=corpus,
        cells=cells,
        baseline=baseline,
        repeats=plain.repeats,
        provider=provider,
        meter=meter,
        executor=instantiate(cfg.executor),
        envelope=Envelope(
            hours=plain.envelope.hours, tokens=plain.envelope.tokens, episodes=plain.envelope.episodes
        ),
        exclusive=plain.host.exclusive,
        others=plain.host.others,
        after=plain.host.after,
        fit=plain.host.fit,
        host=plain.host.name,
        seed=plain.seed,
        results=Path(plain.results),
        quiet=plain.quiet,
        notes=(*_told(provider), *dropped),
    )


def _as_filter(cell: Cell) -> Cell:
    return replace(cell, protocol=PROTOCOL, budget=Budget(turns=1))


def _cells(
    cfg: DictConfig, plain: SweepConfig, baseline: Cell, provider: Provider
) -> tuple[tuple[Cell, ...], list[str]]:
    """Every combination of the axes that can be asked for, and a sentence on each that cannot."""
    space = read_space(cfg)
    for axis in LACKING:
        if axis in space:
            raise UsageError(f"space.{axis}: a filter is one call, which has no {axis}; leave it out.")
    refuses = refusals(plain.model, provider)
    kept, notes = [], []
    for cell in grid_cells(baseline, space):
        harness_digest(cell.prompt, "")
        if (why := refuses(cell)) is None:
            kept.append(cell)
            continue
        settings = ", ".join(f"{axis}={value}" for axis, value in difference(cell, baseline).items())
        notes.append(f"dropped {settings or 'the baseline'}: {why.rstrip('.')}.")
    if not kept:
        raise UsageError(f"no cell is left: {notes[0]}")
    return tuple(kept), notes


def _told(provider: Provider) -> list[str]:
    """What holds the verdicts to their form, where it is not the server."""
    if form_of(provider) == "text":
        return [
            f"provider {provider.name} holds no answer to a form here: verdicts are asked for in plain text and read"
            " strictly, and there are no logprobs to score them by."
        ]
    return []


def _refuse_sweep(folder: Path) -> None:
    if (folder / EPISODES).exists():
        raise UsageError(
            f"results={folder.parent}: {folder} holds the episodes of a sweep; give the filter a folder of its own."
        )
