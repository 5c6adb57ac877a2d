"""policy=filtered: triggers in, a filter decides, woken ones run their task; the total beside that of no filter at all."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import msgspec
from omegaconf import DictConfig, OmegaConf

from llmsweep.calls import Call, CallLog, read_calls, write_about
from llmsweep.cli.build import Sweep
from llmsweep.cli.filter_build import FilterRun, build_filter
from llmsweep.cli.filter_run import ask_owed
from llmsweep.cli.progress import say
from llmsweep.cli.serving import bind_weights
from llmsweep.config import SweepConfig
from llmsweep.errors import UsageError, nearest
from llmsweep.store import Table, read_episodes
from llmsweep.sweep.standing import Standing
from llmsweep.sweep.strategies import Choice
from llmsweep.types import FRESH, Cell, EpisodeSpec
from llmsweep.wake.ask import CallSpec
from llmsweep.wake.stream import Arrival, stream

if TYPE_CHECKING:
    from llmsweep.analysis.wake.rules import Rule

AGAINST = ("measured", "estimated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Woken:
    """A strategy that wants the episodes of a stream, whatever comes of them."""

    specs: tuple[EpisodeSpec, ...]
    cells: Sequence[Cell]
    name: str = "filtered"
    fixed: bool = True
    dropped: Mapping[Cell, str] = field(default_factory=dict)

    def next(self, table: Table, without: Container[str] = ()) -> Sequence[EpisodeSpec]:
        return [spec for spec in self.specs if spec.key not in table]

    def standing(self, table: Table) -> Standing | None:
        return None

    def choose(self, table: Table) -> Choice | None:
        return None


class Gate(NamedTuple):
    """The filter that decides: what asks, with which cell, by which rule."""

    run: FilterRun
    cell: Cell
    rule: Rule

    def specs(self, arrival: Arrival) -> list[CallSpec]:
        """The calls of one decision, on seeds that tuned nothing."""
        harness = self.run.about().harnesses[self.cell.id]
        first = FRESH + arrival.asked * self.rule.calls
        return [
            CallSpec(trigger=arrival.trigger, cell=self.cell, repeat=first + at, harness=harness)
            for at in range(self.rule.calls)
        ]


def run_filtered(sweep: Sweep, cfg: DictConfig, keep_running: Callable[[Sweep, DictConfig], None]) -> int:
    """Decide about every arrival, run the cycles that follow, and tell the total of both ways. The exit code."""
    from llmsweep.cli.filtered_shown import tell

    wake, policy = cfg.wake, cfg.policy
    if policy.against not in AGAINST:
        raise UsageError(
            f"policy.against={policy.against}: there is no such choice; {nearest(policy.against, AGAINST)}"
        )
    if wake.signal is None:
        raise UsageError(
            "wake.signal is missing: say which share of your triggers is real, such as wake.signal=0.2."
        )
    gate = _open(sweep, cfg)
    held = [trigger for trigger in gate.run.corpus.triggers if trigger.part == "heldout"]
    arrivals = stream(held, sweep.suite.tasks, wake.signal, sweep.design.seed)
    real = sum(arrival.real for arrival in arrivals)
    say(
        f"{len(arrivals)} triggers come in, {real} of them real ({real / len(arrivals):.0%}); {gate.run.model.name} decides"
        f" ({gate.cell.prompt}; {gate.rule}); {sweep.model.name} works on {sweep.suite.name}, in its baseline cell"
    )
    decided = _decide(gate, arrivals)
    asked = [arrival for arrival in arrivals if arrival in decided]
    wanted = [a for a in asked if policy.against == "measured" or gate.rule.wakes(decided[a])]
    specs = tuple(_episode(sweep, arrival) for arrival in wanted)
    strategy = Woken(specs=specs, cells=(sweep.baseline,))
    keep_running(replace(sweep, strategy=strategy, make=lambda design: strategy), cfg)
    done = {episode.key: episode for episode in read_episodes(sweep.folder) if episode.passed is not None}
    told = [(a, decided[a], done.get(_episode(sweep, a).key)) for a in asked]
    return tell(sweep, gate, cfg, told, len(arrivals) - len(asked))


def _episode(sweep: Sweep, arrival: Arrival) -> EpisodeSpec:
    return sweep.design.spec(arrival.task, sweep.baseline, arrival.attempt)


def _decide(gate: Gate, arrivals: Sequence[Arrival]) -> dict[Arrival, list[Call]]:
    """Each arrival's scored calls; those whose calls all broke are left out."""
    specs = {arrival: gate.specs(arrival) for arrival in arrivals}
    with CallLog(gate.run.folder) as log:
        write_about(gate.run.folder, gate.run.about())
        ask_owed(gate.run, log, [spec for several in specs.values() for spec in several])
    calls: dict[str, Call] = {
        call.key: call for call in read_calls(gate.run.folder) if call.verdict is not None
    }
    found: dict[Arrival, list[Call]] = defaultdict(list)
    for arrival, several in specs.items():
        for spec in several:
            if (call := calls.get(spec.key)) is not None:
                found[arrival].append(call)
    return dict(found)


def _open(sweep: Sweep, cfg: DictConfig) -> Gate:
    """The filter as it was chosen. Raises UsageError where its folder tells none, or what it was chosen with has changed."""
    from llmsweep.analysis.wake.rules import Rule

    if cfg.policy.filter is None:
        raise UsageError(
            "policy.filter is missing: say the folder that llmsweep filter wrote, such as results/wake/qwen."
        )
    folder = Path(cfg.policy.filter).expanduser()
    try:
        said = json.loads((folder / "report.json").read_bytes())
        saved = OmegaConf.load(folder / "config.yaml")
    except OSError as e:
        raise UsageError(
            f"policy.filter={folder}: {Path(e.filename).name} is not there; give the folder of one model that llmsweep"
            " filter wrote."
        ) from e
    theirs = cast(DictConfig, OmegaConf.merge(OmegaConf.structured(SweepConfig), saved))
    theirs.results = str(sweep.folder / "filter")
    try:
        run = build_filter(theirs)
    finally:
        bind_weights(cfg)
    cell = msgspec.convert(said["cell"], Cell)
    if cell not in run.cells:
        raise UsageError(
            f"policy.filter={folder}: it was chosen with {cell.model} {cell.revision[:20]}, prompt {cell.prompt}, which its"
            " configuration no longer gives; run llmsweep filter there again."
        )
    rule: dict[str, Any] = said["rule"]
    return Gate(run, cell, Rule(**rule))
