"""One sweep of one model over one suite: ask the strategy, run what it proposes, keep every episode, until it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Protocol

from llmsweep.errors import UnfitError
from llmsweep.execute import run_all
from llmsweep.store import EpisodeLog
from llmsweep.sweep.envelope import Envelope, Spending
from llmsweep.sweep.strategies import Strategy
from llmsweep.types import Episode, EpisodeSpec

FAULTS_IN_A_ROW = 5
"""Faults without one scored episode between them that stop a sweep: something is down."""
TRIES = 2
"""How often one command tries an episode that ends in a fault."""
SMOKE_REPEAT = -1
"""The repeat of smoke episodes, so that neither their seeds nor their keys are ever those of a sweep."""


class Watch(Protocol):
    """Is told what happens; progress displays are this."""

    def batch(self, specs: Sequence[EpisodeSpec], done: int) -> None:
        """``specs`` are run next; ``done`` episodes are scored."""
        ...

    def episode(self, episode: Episode) -> None:
        """It has ended, and is in the log."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """How episodes are run: the function, where, how many at once, and how to break them off.

    ``spent``: a bound of the envelope that only who runs them knows to be reached, in words.
    """

    run: Callable[[EpisodeSpec], Episode]
    executor: Executor
    slots: int
    abort: Callable[[], None]
    spent: Callable[[], str | None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """Why a sweep ended, and what this command spent. ``owed``: episodes the strategy wants next, which are all that
    are left where it is a fixed one.
    """

    ran: int
    faults: int
    owed: int
    tokens: int
    seconds: float
    why: str


def run_sweep(strategy: Strategy, log: EpisodeLog, runner: Runner, envelope: Envelope, watch: Watch) -> Ended:
    """Run until the strategy proposes nothing more or the envelope is spent.

    Raises UnfitError after FAULTS_IN_A_ROW faults, and whatever breaks it off (KeyboardInterrupt, a fatal
    ProviderError); every finished episode is in the log then.
    """
    spending = Spending(envelope=envelope)

    def spent() -> str | None:
        return spending.spent() or runner.spent()

    tries: Counter[str] = Counter()
    faults = in_a_row = 0
    broken: set[str] = set()
    while batch := [s for s in strategy.next(log.table, broken) if tries[s.key] < TRIES]:
        watch.batch(batch, len(log.table))
        tries.update(spec.key for spec in batch)
        for episode in run_all(
            _counted(batch, spending),
            runner.run,
            runner.executor,
            slots=runner.slots,
            stop=lambda: spent() is not None,
            abort=runner.abort,
        ):
            log.append(episode)
            watch.episode(episode)
            spending.tokens += _tokens(episode)
            if tries[episode.key] == 1:  # second tries are all of episodes that broke once
                in_a_row = in_a_row + 1 if episode.fault and not spent() else 0
            faults += episode.fault is not None
            if in_a_row >= FAULTS_IN_A_ROW:
                raise UnfitError(
                    f"stopped after {in_a_row} faults in a row, the last: {episode.fault}: {episode.error}"
                )
        if spent():
            break
        broken.update(s.task.id for s in batch if tries[s.key] >= TRIES and s.key not in log.table)
    owed = len(strategy.next(log.table))
    return Ended(
        ran=spending.episodes,
        faults=faults,
        owed=owed,
        tokens=spending.tokens,
        seconds=spending.seconds,
        why=spent() or (f"{owed} episodes end in faults" if owed else "done"),
    )


def smoke(strategy: Strategy, log: EpisodeLog, runner: Runner, count: int) -> None:
    """Run a few episodes, spread over the cells, into a log of their own: they size the envelope and prove
    that the sweep can run, and are never part of a result. Raises UnfitError when none could be scored.
    """
    specs = [replace(spec, repeat=SMOKE_REPEAT) for spec in _spread(strategy.next({}), count)]
    owed = [spec for spec in specs if spec.key not in log.table]
    last: Episode | None = None
    for episode in run_all(owed, runner.run, runner.executor, slots=runner.slots, abort=runner.abort):
        log.append(episode)
        last = episode
    if last is not None and not log.table:
        raise UnfitError(f"no smoke episode could be scored; the last: {last.fault}: {last.error}")


def _counted(batch: Sequence[EpisodeSpec], spending: Spending) -> Iterator[EpisodeSpec]:
    """Count each episode as it starts, so that envelope.episodes holds exactly."""
    for spec in batch:
        spending.episodes += 1
        yield spec


def _spread(specs: Sequence[EpisodeSpec], count: int) -> list[EpisodeSpec]:
    """``count`` specs, each of another cell and task as far as there are some."""
    chosen: list[EpisodeSpec] = []
    for spec in specs:
        cells, tasks = {s.cell for s in chosen}, {s.task.id for s in chosen}
        if len(chosen) < count and spec.cell not in cells and spec.task.id not in tasks:
            chosen.append(spec)
    rest = [s for s in specs if s.task.id not in {c.task.id for c in chosen}]
    return [*chosen, *rest[: count - len(chosen)]]


def _tokens(episode: Episode) -> int:
    return sum((t.usage.input_tokens or 0) + (t.usage.output_tokens or 0) for t in episode.turns)
