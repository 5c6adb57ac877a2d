"""An episode is a function of its spec: ask, act, observe, until it is submitted or a budget is spent; then grade."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from llmsweep.agent.grade import ceiling, grade
from llmsweep.agent.protocols import protocol, system_prompt
from llmsweep.agent.protocols.base import Outcome, any_malformed
from llmsweep.errors import FaultError, HarnessError, ProviderError, boundary
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

MakeProvider = Callable[[], Provider]
OpenSandbox = Callable[[Task], AbstractContextManager[Sandbox]]


@dataclass(slots=True)
class _Record:
    """What has happened so far; survives whatever ends the episode."""

    started: float = field(default_factory=time.monotonic)
    messages: list[Message] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    provider: str = ""
    stop: Stop = "error"
    reward: float | None = None
    fault: FaultError | None = None

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

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
                record.stop = _converse(spec, provider, sandbox, record)
                record.reward = grade(spec.task, sandbox)
    except FaultError as e:
        if isinstance(e, ProviderError) and e.fatal:
            raise
        record.fault, record.stop = e, "error"
    return _episode(spec, record, started_at)


def unscored(episode: Episode, why: str) -> Episode:
    """The episode as one whose measuring was disturbed: a provider's fault, which stays owed."""
    if episode.fault is not None:
        return episode
    return replace(episode, passed=None, reward=None, ceiling=None, stop="error", fault="provider", error=why)


def _converse(spec: EpisodeSpec, provider: Provider, sandbox: Sandbox, record: _Record) -> Stop:
    """Turn after turn until something ends it; says what."""
    cell, task = spec.cell, spec.task
    acting = protocol(cell.protocol)
    record.messages += acting.opening(task, system_prompt(cell.protocol, cell.prompt))
    while (spent := _spent(cell.budget, record)) is None:
        seed = turn_seed(cell.sampling.seed, task.id, spec.repeat, len(record.turns))
        completion = complete(provider, record.messages, acting.tools, with_seed(cell.sampling, seed))
        record.messages.append(completion.message)
        if completion.stop_reason == "context":
            record.turns.append(_turn(completion, Outcome(), sandbox))
            return "context"
        outcome = acting.act(completion, task, sandbox)
        record.messages += outcome.replies
        record.turns.append(_turn(completion, outcome, sandbox))
        if outcome.submitted:
            return "submitted"
        if stuck := _stuck(record):
            return stuck
    return spent


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
    answers = [m for m in record.messages if m.role == "assistant"][-PATIENCE:]
    return "looping" if all(_same(answers[0], other) for other in answers[1:]) else None


def _same(one: Message, other: Message) -> bool:
    calls = [[(c.name, c.arguments) for c in m.tool_calls] for m in (one, other)]
    return one.content == other.content and calls[0] == calls[1]


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
    passed = None if record.reward is None else record.reward >= 1.0
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
        reward=record.reward,
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
