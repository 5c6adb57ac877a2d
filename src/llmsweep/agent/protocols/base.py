"""What a protocol is: how a model acts. It opens the conversation, and carries out what each answer asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from llmsweep.policy import Trigger
from llmsweep.sandbox.base import Sandbox
from llmsweep.types import Act, Completion, Message, Observation, Slip, Task, Tool

COMMAND_S = 60.0
"""Seconds that one command may take."""
MOST_CHARS = 16_000
LEAST_CHARS = 1_000


ESCALATE = "escalate_to_frontier"
"""The word by which a model hands its task over to the frontier model, in every protocol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where a protocol acts. ``most_chars``: how long one observation may be that the model reads."""

    task: Task
    sandbox: Sandbox
    most_chars: int = MOST_CHARS

    @property
    def command_s(self) -> float:
        return min(COMMAND_S, self.task.timeout_s)


class Handover(NamedTuple):
    """The task goes to the frontier model, and why, in words."""

    trigger: Trigger
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one answer led to: ``replies`` go back to the model, ``acts`` and ``slips`` into the log.

    No acts at all means that the answer asked for nothing. ``handover``: it ended this model's work.
    """

    replies: tuple[Message, ...] = ()
    acts: tuple[Act, ...] = ()
    slips: tuple[Slip, ...] = ()
    submitted: bool = False
    handover: Handover | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What one answer asks for, before any of it is done: ``commands`` to run, paths that it ``writes``.

    ``escalate``: why the model hands its task over, None where it does not.
    """

    commands: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    escalate: str | None = None


class ActionProtocol(Protocol):
    """One way to act, in one module. ``version`` is part of every episode's key: raise it when behaviour changes."""

    name: str
    version: int
    tools: tuple[Tool, ...]
    replies: tuple[str, ...]
    """Every text that the protocol itself may say to the model, placeholders included; they are part of the key."""
    escalation: str
    """How a model hands over, for the prompt of one that may; it is part of the key only there."""

    def opening(self, scene: Scene, system: str) -> tuple[Message, ...]:
        """The first messages."""
        ...

    def act(self, completion: Completion, scene: Scene) -> Outcome:
        """Do what the answer asks for. The model's mistakes are told to it; only SandboxError is raised."""
        ...

    def wish(self, completion: Completion, scene: Scene) -> Wish:
        """What `act` would do. What cannot be read is nothing."""
        ...


def observation_chars(context: int | None) -> int:
    """How long one observation may be: about a quarter of the window, at four characters a token."""
    return MOST_CHARS if context is None else max(LEAST_CHARS, min(MOST_CHARS, context))


def opening(task: Task, system: str) -> tuple[Message, ...]:
    """The opening of a protocol whose model looks at the files by itself: its own prompt, then the task."""
    return (Message(role="system", content=system), Message(role="user", content=task.prompt))


def say(text: str) -> Message:
    return Message(role="user", content=text)


def act_of(name: str, observation: Observation, *, recovered: bool = False) -> Act:
    """The Act of a command."""
    return Act(
        name=name,
        status="killed" if observation.killed else "ok" if observation.ok else "failed",
        duration_s=observation.duration_s,
        recovered=recovered,
    )


def describe(observation: Observation, most_chars: int) -> str:
    """A command's result in the words that the model reads; of a longer output head and tail are kept."""
    if observation.killed == "timeout":
        ending = f"killed after {observation.duration_s:.0f} s: it took too long"
    elif observation.killed:
        ending = f"killed: it used too much {observation.killed}"
    else:
        ending = f"exit code {observation.exit_code}"
    return f"[{ending}]\n{head_and_tail(observation.output, most_chars)}".rstrip()


def head_and_tail(text: str, most_chars: int) -> str:
    """The text, or its two ends around a mark that says how much is missing."""
    if len(text) <= most_chars:
        return text
    half = most_chars // 2
    return f"{text[:half]}\n[... {len(text) - 2 * half} characters cut ...]\n{text[-half:]}"


def any_malformed(acts: Iterable[Act]) -> bool:
    return any(act.status == "malformed" for act in acts)
