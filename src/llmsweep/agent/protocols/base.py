"""What a protocol is: how a model acts. It opens the conversation, and carries out what each answer asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from llmsweep.sandbox.base import Sandbox
from llmsweep.types import Act, Completion, Message, Observation, Task, Tool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one answer led to: ``replies`` go back to the model, ``acts`` into the log.

    No acts at all means that the answer asked for nothing.
    """

    replies: tuple[Message, ...] = ()
    acts: tuple[Act, ...] = ()
    submitted: bool = False


class ActionProtocol(Protocol):
    """One way to act, in one module. ``version`` is part of every episode's key: raise it when behaviour changes."""

    name: str
    version: int
    tools: tuple[Tool, ...]
    replies: tuple[str, ...]
    """Every text that the protocol itself may say to the model, placeholders included; they are part of the key."""

    def opening(self, task: Task, system: str) -> tuple[Message, ...]:
        """The first messages."""
        ...

    def act(self, completion: Completion, task: Task, sandbox: Sandbox) -> Outcome:
        """Do what the answer asks for. The model's mistakes are told to it; only SandboxError is raised."""
        ...


def opening(task: Task, system: str) -> tuple[Message, ...]:
    """The opening that every protocol so far shares: its own prompt, then the task."""
    return (Message(role="system", content=system), Message(role="user", content=task.prompt))


def status_of(observation: Observation) -> Act:
    """The Act of a command named ``bash``."""
    status = "killed" if observation.killed else "ok" if observation.ok else "failed"
    return Act(name="bash", status=status, duration_s=observation.duration_s)  # type: ignore[arg-type]


def describe(observation: Observation, most_chars: int | None = None) -> str:
    """A command's result in the words that the model reads; of a longer output head and tail are kept."""
    if observation.killed == "timeout":
        ending = f"killed after {observation.duration_s:.0f} s: it took too long"
    elif observation.killed:
        ending = f"killed: it used too much {observation.killed}"
    else:
        ending = f"exit code {observation.exit_code}"
    return f"[{ending}]\n{_head_and_tail(observation.output, most_chars)}".rstrip()


def _head_and_tail(text: str, most_chars: int | None) -> str:
    if most_chars is None or len(text) <= most_chars:
        return text
    half = most_chars // 2
    return f"{text[:half]}\n[... {len(text) - 2 * half} characters ...]\n{text[-half:]}"


def any_malformed(acts: Iterable[Act]) -> bool:
    return any(act.status == "malformed" for act in acts)
