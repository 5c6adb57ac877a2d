"""policy=filtered: triggers in, a filter decides, woken ones run their task; the total beside that of no filter at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace

from omegaconf import DictConfig

from llmsweep.calls import Call, CallLog, read_calls, write_about
from llmsweep.cli.build import Sweep
from llmsweep.cli.filter_run import ask_owed
from llmsweep.cli.filtered_gate import Gate, open_gate
from llmsweep.cli.progress import say
from llmsweep.errors import UsageError, nearest
from llmsweep.store import Table, read_episodes
from llmsweep.sweep.standing import Standing
from llmsweep.sweep.strategies import Choice
from llmsweep.types import Cell, EpisodeSpec
from llmsweep.wake.stream import Arrival, stream

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
    gate = open_gate(sweep, cfg)
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
