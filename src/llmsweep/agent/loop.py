"""An episode is a function of its spec: ask, act, observe, until it is submitted or a budget is spent; then grade."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from llmsweep.agent.ceilings import ceiling, halfway
from llmsweep.agent.converse import Work, converse, converse_alone, scene_of
from llmsweep.agent.grade import Grade, grade, verdict
from llmsweep.agent.handing_over import in_the_name_of, taken_over
from llmsweep.agent.protocols import protocol, system_prompt
from llmsweep.agent.protocols.base import Handover
from llmsweep.agent.watch import Watch
from llmsweep.errors import FaultError, HarnessError, ProviderError, SandboxError, VerifierError, boundary
from llmsweep.policy import Handoff, Tiered
from llmsweep.providers.base import Provider
from llmsweep.sandbox.base import Sandbox
from llmsweep.types import Episode, EpisodeSpec, Stop, Task, Turn, Usage

MakeProvider = Callable[[], Provider]
OpenSandbox = Callable[[Task], AbstractContextManager[Sandbox]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Above:
    """Whom a task may be handed over to, and on what grounds."""

    policy: Tiered
    make_provider: MakeProvider


@dataclass(slots=True)
class _Record:
    """What has happened so far; survives whatever ends the episode. ``works``: of each model that had the task."""

    started: float = field(default_factory=time.monotonic)
    works: list[Work] = field(default_factory=list)
    handover: Handover | None = None
    local_passed: bool | None = None
    provider: str = ""
    stop: Stop = "error"
    grade: Grade | None = None
    fault: FaultError | None = None
    ended: float | None = None

    @property
    def seconds(self) -> float:
        return (self.ended or time.monotonic()) - self.started

    @property
    def turns(self) -> list[Turn]:
        return [turn for work in self.works for turn in work.turns]


def run_episode(
    spec: EpisodeSpec, make_provider: MakeProvider, open_sandbox: OpenSandbox, above: Above | None = None
) -> Episode:
    """One attempt at one task under one cell. ``above``: whom it may be handed over to; the spec's harness has its digest.

    The model's mistakes and spent budgets are values in the Episode. Broken infrastructure gives an
    unscored one with ``fault``. Raises ProviderError only when it is fatal: no episode could succeed.
    """
    started_at = datetime.now(UTC).isoformat(timespec="milliseconds")
    record = _Record()
    try:
        with boundary(HarnessError, f"episode of {spec.task.id}"):
            provider = make_provider()
            record.provider = provider.name
            with open_sandbox(spec.task) as sandbox:
                record.stop = _work(spec, provider, sandbox, record, above)
                record.grade = verdict(spec.task, sandbox, lambda: open_sandbox(spec.task))
                record.ended = time.monotonic()
                _look_back(spec.task, sandbox, record)
    except FaultError as e:
        if isinstance(e, ProviderError) and e.fatal:
            raise
        record.fault, record.stop = e, "error"
    return _episode(spec, record, started_at, above)


def unscored(episode: Episode, why: str) -> Episode:
    """The episode as one whose measuring was disturbed: a provider's fault, which stays owed."""
    if episode.fault is not None:
        return episode
    return replace(
        episode,
        passed=None,
        reward=None,
        milestones={},
        ceiling=None,
        stop="error",
        fault="provider",
        error=why,
    )


def _work(
    spec: EpisodeSpec, provider: Provider, sandbox: Sandbox, record: _Record, above: Above | None
) -> Stop:
    """The model's own work and, where it hands over, the frontier model's; why the last of them ended."""
    cell = spec.cell
    work = Work(
        spec=spec,
        cell=cell,
        provider=provider,
        scene=scene_of(spec, cell, sandbox),
        untouched=sandbox.snapshot(),
        tools=protocol(cell.protocol).tools,
        started=record.started,
    )
    record.works.append(work)
    system = system_prompt(cell.protocol, cell.prompt)
    if above is None:
        work.messages += work.acting.opening(work.scene, system)
        return converse_alone(work)
    watch = Watch(above.policy, work)
    work.messages += work.acting.opening(work.scene, watch.offered(system))
    ended = watch.ended(converse(work, watch.act))
    if not isinstance(ended, Handover):
        return ended
    record.handover = ended
    with in_the_name_of(f"frontier model {above.policy.frontier.model}"):
        heir = taken_over(work, watch, ended, above.make_provider())
        record.works.append(heir)
        return converse_alone(heir)


def _look_back(task: Task, sandbox: Sandbox, record: _Record) -> None:
    """What the verdict says of single turns. Where a budget cut a failed attempt short, half of its turns is graded too;
    where the task was handed over, what was handed over.

    A harness that cannot look back (a snapshot too large to keep) leaves the evidence as it is.
    """
    found, turns = record.grade, record.works[-1].turns
    if found is None:
        return
    if turns:
        turns[-1] = replace(turns[-1], passed=found.passed, progress=found.progress)
        middle = halfway(record.stop, turns)
        if not found.passed and found.progress is not None and middle is not None:
            _grade_again(task, sandbox, turns, middle, found)
    if record.handover is not None and (handed := record.works[0].turns):
        if not turns:
            handed[-1] = replace(handed[-1], passed=found.passed, progress=found.progress)
        else:
            _grade_again(task, sandbox, handed, -1, found, turns[-1].snapshot)
        record.local_passed = handed[-1].passed


def _grade_again(
    task: Task, sandbox: Sandbox, turns: list[Turn], at: int, found: Grade, end: str | None = None
) -> None:
    """Grade the workspace after one turn as well. ``end``: the snapshot that ``found`` is of, None: the last turn's."""
    snapshot = turns[at].snapshot
    if snapshot is None and at == -1:
        return
    earlier: Grade | None = found
    if snapshot is not None and snapshot != (end or turns[-1].snapshot):
        earlier = None
        with suppress(SandboxError, VerifierError):
            sandbox.restore(snapshot)
            earlier = grade(task, sandbox)
    if earlier is not None:
        turns[at] = replace(turns[at], passed=earlier.passed, progress=earlier.progress)


def _handoff(record: _Record) -> Handoff | None:
    if record.handover is None:
        return None
    work, *heirs = record.works
    heir = heirs[0] if heirs else None
    first = heir.turns[0].usage if heir and heir.turns else Usage()
    read = None if first.input_tokens is None else first.input_tokens - (first.cached_tokens or 0)
    return Handoff(
        trigger=record.handover.trigger,
        reason=record.handover.reason,
        after=len(work.turns),
        passed=record.local_passed,
        read_tokens=read,
        provider=heir.provider.name if heir else "",
        local_s=work.seconds,
        frontier_s=heir.seconds if heir else 0.0,
    )


def _episode(spec: EpisodeSpec, record: _Record, started_at: str, above: Above | None) -> Episode:
    found = record.grade
    passed = None if found is None else found.passed
    return Episode(
        key=spec.key,
        task_id=spec.task.id,
        task_digest=spec.task.digest,
        tier=spec.task.tier,
        cell=spec.cell,
        cell_id=spec.cell.id,
        harness=spec.harness,
        repeat=spec.repeat,
        passed=passed,
        reward=None if found is None else found.reward,
        milestones={} if found is None else found.milestones,
        stop=record.stop,
        ceiling=ceiling(record.stop, record.works[-1].turns) if passed is False else None,
        fault=record.fault.fault if record.fault else None,
        error=str(record.fault) if record.fault else None,
        turns=tuple(record.turns),
        duration_s=record.seconds,
        provider=record.provider,
        started_at=started_at,
        policy=None if above is None else above.policy,
        handoff=_handoff(record),
        messages=tuple(message for work in record.works for message in work.transcript),
    )
