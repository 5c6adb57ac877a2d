"""An episode is a function of its spec: ask, act, observe, until it is submitted or a budget is spent; then grade."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from llmsweep.agent.ceilings import ceiling, halfway
from llmsweep.agent.grade import Grade, grade, verdict
from llmsweep.agent.protocols import protocol, system_prompt
from llmsweep.agent.protocols.base import Outcome, Scene, any_malformed, observation_chars
from llmsweep.errors import FaultError, HarnessError, ProviderError, SandboxError, VerifierError, boundary
from llmsweep.providers.base import Provider
from llmsweep.providers.retry import complete
from llmsweep.sandbox.base import Sandbox
from llmsweep.types import (
    Budget,
    Completion,
    Episode,
    EpisodeSpec,
    Message,
    Stop,
    Task,
    Turn,
    turn_seed,
    with_seed,
)

PATIENCE = 3
"""Malformed, empty or identical answers in a row that end an episode."""
LONGEST_LOOP = 3
"""Turns of the longest cycle that counts as looping when it comes PATIENCE times."""

MakeProvider = Callable[[], Provider]
OpenSandbox = Callable[[Task], AbstractContextManager[Sandbox]]


@dataclass(slots=True)
class _Record:
    """What has happened so far; survives whatever ends the episode."""

    started: float = field(default_factory=time.monotonic)
    messages: list[Message] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    deeds: list[object] = field(default_factory=list)
    """What each turn said, did and saw: equal ones are the same turn again."""
    untouched: str | None = None
    """The snapshot of the workspace at the start."""
    provider: str = ""
    stop: Stop = "error"
    grade: Grade | None = None
    fault: FaultError | None = None
    ended: float | None = None

    @property
    def seconds(self) -> float:
        return (self.ended or time.monotonic()) - self.started

    @property
    def tokens(self) -> int:
        """Tokens known to be spent; a turn that did not report counts nothing."""
        return sum((t.usage.input_tokens or 0) + (t.usage.output_tokens or 0) for t in self.turns)


def run_episode(spec: EpisodeSpec, make_provider: MakeProvider, open_sandbox: OpenSandbox) -> Episode:
    """One attempt at one task under one cell.

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
                record.untouched = sandbox.snapshot()
                record.stop = _converse(spec, provider, sandbox, record)
                record.grade = verdict(spec.task, sandbox, lambda: open_sandbox(spec.task))
                record.ended = time.monotonic()
                _look_back(spec.task, sandbox, record)
    except FaultError as e:
        if isinstance(e, ProviderError) and e.fatal:
            raise
        record.fault, record.stop = e, "error"
    return _episode(spec, record, started_at)


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


def _converse(spec: EpisodeSpec, provider: Provider, sandbox: Sandbox, record: _Record) -> Stop:
    """Turn after turn until something ends it; says what."""
    cell, task = spec.cell, spec.task
    acting = protocol(cell.protocol)
    scene = Scene(task=task, sandbox=sandbox, most_chars=observation_chars(cell.context))
    record.messages += acting.opening(scene, system_prompt(cell.protocol, cell.prompt))
    while (spent := _spent(cell.budget, record)) is None:
        seed = turn_seed(cell.sampling.seed, task.id, spec.repeat, len(record.turns))
        completion = complete(provider, record.messages, acting.tools, with_seed(cell.sampling, seed))
        record.messages.append(completion.message)
        full = completion.stop_reason == "context"
        outcome = Outcome() if full else acting.act(completion, scene)
        record.messages += outcome.replies
        _keep(completion, outcome, sandbox, record)
        if full:
            return "context"
        if outcome.submitted:
            return "submitted"
        if stuck := _stuck(record):
            return stuck
    return spent


def _keep(completion: Completion, outcome: Outcome, sandbox: Sandbox, record: _Record) -> None:
    """The turn into the record, with what only the loop can see: a turn over again, a claim without any work."""
    message = completion.message
    calls = [(call.name, call.arguments) for call in message.tool_calls]
    deed = (message.content, calls, [reply.content for reply in outcome.replies])
    slips = list(outcome.slips)
    if record.deeds and record.deeds[-1] == deed:
        slips.append("repeated")
    record.deeds.append(deed)
    turn = _turn(completion, outcome, sandbox)
    if outcome.submitted and _is_untouched(turn, record):
        slips.append("untouched")
    record.turns.append(replace(turn, slips=tuple(dict.fromkeys(slips))))


def _is_untouched(turn: Turn, record: _Record) -> bool:
    """Whether the workspace is as it was; where no snapshots are kept, whether nothing was done that could change it."""
    if turn.snapshot is not None:
        return turn.snapshot == record.untouched
    done = [act.name for t in (*record.turns, turn) for act in t.acts]
    return all(name in ("read_file", "submit", "answer") for name in done)


def _look_back(task: Task, sandbox: Sandbox, record: _Record) -> None:
    """What the verdict says of single turns. Where a budget cut a failed attempt short, half of its turns is graded too.

    A harness that cannot look back (a snapshot too large to keep) leaves the evidence as it is.
    """
    found = record.grade
    if found is None or not record.turns:
        return
    record.turns[-1] = replace(record.turns[-1], passed=found.passed, progress=found.progress)
    middle = halfway(record.stop, record.turns)
    if found.passed or found.progress is None or middle is None:
        return
    snapshot = record.turns[middle].snapshot
    earlier: Grade | None = found
    if snapshot is not None and snapshot != record.turns[-1].snapshot:
        with suppress(SandboxError, VerifierError):
            earlier = None
            sandbox.restore(snapshot)
            earlier = grade(task, sandbox)
    if earlier is not None:
        record.turns[middle] = replace(record.turns[middle], passed=earlier.passed, progress=earlier.progress)


def _spent(budget: Budget, record: _Record) -> Stop | None:
    """The budget that is spent. Checked between turns only, so that smaller budgets can be read off a longer episode."""
    if len(record.turns) >= budget.turns:
        return "turns"
    if budget.tokens is not None and record.tokens >= budget.tokens:
        return "tokens"
    if budget.seconds is not None and record.seconds >= budget.seconds:
        return "seconds"
    return None


def _stuck(record: _Record) -> Stop | None:
    """Whether the last PATIENCE turns were all malformed, all empty, or all the same."""
    last = record.turns[-PATIENCE:]
    if len(last) < PATIENCE:
        return None
    if all(any_malformed(turn.acts) for turn in last):
        return "malformed"
    if all(not turn.acts for turn in last):
        return "gave_up"
    return "looping" if _cycles(record.deeds) else None


def _cycles(deeds: list[object]) -> bool:
    """Whether the same one, two or three turns came PATIENCE times in a row, with the same results."""
    for length in range(1, LONGEST_LOOP + 1):
        last = deeds[-PATIENCE * length :]
        if len(last) == PATIENCE * length and last == last[:length] * PATIENCE:
            return True
    return False


def _turn(completion: Completion, outcome: Outcome, sandbox: Sandbox) -> Turn:
    return Turn(
        usage=completion.usage,
        ttft_s=completion.ttft_s,
        ttfo_s=completion.ttfo_s,
        load_s=completion.load_s,
        prefill_s=completion.prefill_s,
        decode_s=completion.decode_s,
        duration_s=completion.duration_s,
        stop_reason=completion.stop_reason,
        cold=completion.cold,
        retries=completion.retries,
        acts=outcome.acts,
        snapshot=sandbox.snapshot(),
    )


def _episode(spec: EpisodeSpec, record: _Record, started_at: str) -> Episode:
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
        ceiling=ceiling(record.stop, record.turns) if passed is False else None,
        fault=record.fault.fault if record.fault else None,
        error=str(record.fault) if record.fault else None,
        turns=tuple(record.turns),
        duration_s=record.seconds,
        provider=record.provider,
        started_at=started_at,
        messages=tuple(record.messages),
    )
