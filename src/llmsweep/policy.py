"""Which models work on a task: one alone (no policy), or one that hands over to a frontier model, for good, on what grounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from llmsweep.cells import Cell
from llmsweep.identity import cell_digest, digest

HandoffKind = Literal["conversation", "summary"]
"""What the frontier model reads of the work so far: all that was said and seen, or a summary that code makes of it."""
Trigger = Literal[
    "asked",
    "check",
    "radius",
    "looping",
    "malformed",
    "gave_up",
    "context",
    "turns",
    "tokens",
    "seconds",
]
"""Why a task was handed over. ``asked``: the local model did; ``check``: the visible check failed so many times;
``radius``: an action of too large a blast radius, not carried out; the others: how the local model's work ended.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Radius:
    """Actions that go up before they are carried out.

    ``commands``: regular expressions, searched for in a command; ``paths``: globs of files that would be written;
    ``outside``: whatever would be written outside of the task's folder and /tmp.
    """

    commands: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    outside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiered:
    """The local model, a cell of the sweep, works first; the ``frontier`` cell takes over, with a budget of its own.

    ``harness``: digest of what the frontier model is told by its protocol and prompt; ``words``: of all that the harness
    says of handing over; ``ask``: the local model may hand over by itself; ``tries``: failed checks that hand over, None:
    none do; ``stops``: ends of the local model's work that do.
    """

    frontier: Cell
    harness: str
    words: str
    handoff: HandoffKind = "conversation"
    ask: bool = True
    tries: int | None = 2
    stops: tuple[Trigger, ...] = ()
    radius: Radius = Radius()

    @property
    def digest(self) -> str:
        """What makes two policies the same experiment."""
        grounds = [self.ask, self.tries, sorted(self.stops), self.radius]
        return digest([cell_digest(self.frontier), self.harness, self.words, self.handoff, grounds])


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """How one task was handed over.

    ``reason``: in words, the model's own where it asked; ``after``: turns that the local model had made; ``passed``:
    whether its work passed the hidden tests as it stood then, None where it was not graded; ``read_tokens``: what the
    frontier model's first call read and no cache had, None where it was not reported; ``provider``: the word of what
    speaks to the frontier model; ``local_s``, ``frontier_s``: seconds of each one's work, grading left out.
    """

    trigger: Trigger
    reason: str
    after: int
    passed: bool | None = None
    read_tokens: int | None = None
    provider: str = ""
    local_s: float = 0.0
    frontier_s: float = 0.0
