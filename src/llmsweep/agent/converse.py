"""One model's work on a task: ask, act, observe, turn after turn, until something ends it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from llmsweep.agent.protocols import protocol
from llmsweep.agent.protocols.base import (
    ActionProtocol,
    Handover,
    Outcome,
    Scene,
    any_malformed,
    observation_chars,
)
from llmsweep.providers.base import Provider
from llmsweep.providers.retry import complete
from llmsweep.sandbox.base import Sandbox
from llmsweep.types import (
    Budget,
    Cell,
    Completion,
    EpisodeSpec,
    Message,
    Stop,
    Tool,
    Turn,
    turn_seed,
    with_seed,
)

PATIENCE = 3
"""Malformed, empty or identical answers in a row that end the work."""
LONGEST_LOOP = 3
"""Turns of the longest cycle that counts as looping when it comes PATIENCE times."""

Act = Callable[[Completion], Outcome]
"""Does what an answer asks for."""


@dataclass(slots=True, kw_only=True)
class Work:
    """What one model was told, said and did. ``spec``: the episode's; ``cell``: this model's own.

    ``untouched``: the snapshot of the workspace at the episode's start; ``earlier``: turns of the model before it;
    ``deeds``: what each turn said, did and saw, equal ones being the same turn again; ``hidden``: which of the messages
    only repeat the conversation of the model before it.
    """

    spec: EpisodeSpec
    cell: Cell
    provider: Provider
    scene: Scene
    untouched: str | None
    frontier: bool = False
    earlier: tuple[Turn, ...] = ()
    tools: tuple[Tool, ...] = ()
    messages: list[Message] = field(default_factory=list)
    hidden: range = range(0)
    turns: list[Turn] = field(default_factory=list)
    deeds: list[object] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)
    ended: float | None = None

    @property
    def acting(self) -> ActionProtocol:
        return protocol(self.cell.protocol)

    @property
    def sandbox(self) -> Sandbox:
        return self.scene.sandbox

    @property
    def seconds(self) -> float:
        return (self.ended or time.monotonic()) - self.started

    @property
    def tokens(self) -> int:
        """Tokens known to be spent; a turn that did not report counts nothing."""
        return sum((t.usage.input_tokens or 0) + (t.usage.output_tokens or 0) for t in self.turns)

    @property
    def transcript(self) -> list[Message]:
        """The messages, without what the transcript has already."""
        return [message for at, message in enumerate(self.messages) if at not in self.hidden]


def scene_of(spec: EpisodeSpec, cell: Cell, sandbox: Sandbox) -> Scene:
    return Scene(task=spec.task, sandbox=sandbox, most_chars=observation_chars(cell.context))


def converse(work: Work, act: Act) -> Stop | Handover:
    """Turn after turn until something ends it; says what."""
    sampling, spec = work.cell.sampling, work.spec
    try:
        while (spent := _spent(work)) is None:
            number = len(work.earlier) + len(work.turns)
            seed = turn_seed(sampling.seed, spec.task.id, spec.repeat, number)
            completion = complete(work.provider, work.messages, work.tools, with_seed(sampling, seed))
            work.messages.append(completion.message)
            full = completion.stop_reason == "context"
            outcome = Outcome() if full else act(completion)
            work.messages += outcome.replies
            _keep(completion, outcome, work)
            if full:
                return "context"
            if outcome.handover is not None:
                return outcome.handover
            if outcome.submitted:
                return "submitted"
            if stuck := _stuck(work):
                return stuck
        return spent
    finally:
        work.ended = time.monotonic()


def converse_alone(work: Work) -> Stop:
    """Where nothing stands between the answers and their being carried out: no task is handed over."""
    ended = converse(work, lambda completion: work.acting.act(completion, work.scene))
    assert not isinstance(ended, Handover)
    return ended


def _keep(completion: Completion, outcome: Outcome, work: Work) -> None:
    """The turn into the record, with what only the loop can see: a turn over again, a claim without any work."""
    message = completion.message
    calls = [(call.name, call.arguments) for call in message.tool_calls]
    deed = (message.content, calls, [reply.content for reply in outcome.replies])
    slips = list(outcome.slips)
    if work.deeds and work.deeds[-1] == deed:
        slips.append("repeated")
    work.deeds.append(deed)
    turn = _turn(completion, outcome, work)
    if outcome.submitted and _is_untouched(turn, work):
        slips.append("untouched")
    work.turns.append(replace(turn, slips=tuple(dict.fromkeys(slips))))


def _is_untouched(turn: Turn, work: Work) -> bool:
    """Whether the workspace is as it was; where no snapshots are kept, whether nothing was done that could change it."""
    if turn.snapshot is not None:
        return turn.snapshot == work.untouched
    done = [act.name for t in (*work.earlier, *work.turns, turn) for act in t.acts]
    return all(name in ("read_file", "submit", "answer") for name in done)


def _spent(work: Work) -> Stop | None:
    """The budget that is spent. Checked between turns only, so that smaller budgets can be read off a longer episode."""
    budget: Budget = work.cell.budget
    if len(work.turns) >= budget.turns:
        return "turns"
    if budget.tokens is not None and work.tokens >= budget.tokens:
        return "tokens"
    if budget.seconds is not None and work.seconds >= budget.seconds:
        return "seconds"
    return None


def _stuck(work: Work) -> Stop | None:
    """Whether the last PATIENCE turns were all malformed, all empty, or all the same."""
    last = work.turns[-PATIENCE:]
    if len(last) < PATIENCE:
        return None
    if all(any_malformed(turn.acts) for turn in last):
        return "malformed"
    if all(not turn.acts for turn in last):
        return "gave_up"
    return "looping" if _cycles(work.deeds) else None


def _cycles(deeds: list[object]) -> bool:
    """Whether the same one, two or three turns came PATIENCE times in a row, with the same results."""
    for length in range(1, LONGEST_LOOP + 1):
        last = deeds[-PATIENCE * length :]
        if len(last) == PATIENCE * length and last == last[:length] * PATIENCE:
            return True
    return False


def _turn(completion: Completion, outcome: Outcome, work: Work) -> Turn:
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
        snapshot=work.sandbox.snapshot(),
        frontier=work.frontier,
    )
