"""The nouns: frozen values without behaviour beyond identity, shared by every part and written to the log as they are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from llmsweep.cells import Budget as Budget
from llmsweep.cells import Cell as Cell
from llmsweep.cells import Sampling as Sampling
from llmsweep.identity import canonical_json as canonical_json
from llmsweep.identity import cell_digest
from llmsweep.identity import digest as digest
from llmsweep.policy import Handoff, Tiered

KEY_VERSION = 1
"""Raise when the meaning of an episode key changes: every older episode is then owed again."""

FRESH = 1_000
"""Repeats from this number on confirm a choice: their seeds chose nothing, and what they give enters no comparison of cells."""

Role = Literal["system", "user", "assistant", "tool"]
StopReason = Literal["stop", "length", "tool_calls", "context", "refusal", "unknown"]
"""Why one completion ended. ``length``: cut by max_tokens; ``context``: the context window was full."""
Stop = Literal[
    "submitted", "turns", "tokens", "seconds", "context", "malformed", "looping", "gave_up", "error"
]
"""Why an episode ended. ``error``: a fault ended it (see ``Episode.fault``), which is never a failure."""
Ceiling = Literal["turn", "token", "context", "capability"]
"""Why a failed episode failed; only ``capability`` cannot be mended by configuration."""
Fault = Literal["provider", "sandbox", "verifier", "harness"]
"""Whose infrastructure broke. ``verifier``: the task's own tests gave no reward."""
Slip = Literal[
    "call_in_reasoning",
    "call_as_text",
    "empty",
    "no_action",
    "malformed",
    "unknown_tool",
    "several_blocks",
    "truncated",
    "no_such_path",
    "repeated",
    "untouched",
]
"""What a model did wrong in one turn and the loop survived.

``call_in_reasoning``, ``call_as_text``: an action written where it does not belong (its Act says whether it could be
recovered); ``empty``: neither text nor action; ``no_action``: talk that asks for nothing; ``malformed``: an action that
cannot be read; ``unknown_tool``; ``several_blocks``: more than the one action that the protocol takes a turn;
``truncated``: cut off by max_tokens; ``no_such_path``: a file that is not there; ``repeated``: the same as the turn
before, with the same result; ``untouched``: submitted with the workspace as it was at the start.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifier:
    """The hidden check: ``tests`` is the folder that is shown to the sandbox only for grading."""

    tests: Path
    timeout_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One problem. ``environment``: the folder whose files fill the workspace; ``check``: the command
    that the agent may see and run (the visible check), None where there is none; ``solution``: the
    folder with solve.sh, used only to validate the task; ``digest``: sha256 over all its files;
    ``container``: why it needs a container, None where it needs none; ``tools``: programs that it needs beyond
    bash, coreutils and python3.
    """

    id: str
    prompt: str
    digest: str
    environment: Path
    verifier: Verifier
    workdir: str = "/app"
    check: str | None = None
    solution: Path | None = None
    tier: int = 1
    timeout_s: float = 600.0
    container: str | None = None
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeSpec:
    """One episode to run. ``harness``: digest of prompts, tools and protocol, so that changing them owes new episodes."""

    task: Task
    cell: Cell
    repeat: int
    harness: str

    @property
    def key(self) -> str:
        """Content address: the same key is the same experiment, on whatever host it runs."""
        return digest([KEY_VERSION, self.task.digest, cell_digest(self.cell), self.harness, self.repeat])


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A tool as the model sees it; ``parameters`` is a JSON schema of an object."""

    name: str
    description: str
    parameters: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """One call that the model made; ``arguments`` is the JSON text as it came, valid or not."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a conversation. ``reasoning`` always keeps the text, whether or not it is sent
    back; ``opaque`` carries signed provider state; ``tool_call_id`` names the call a tool message answers.
    """

    role: Role
    content: str = ""
    reasoning: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None
    opaque: dict[str, object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one completion as the server reports them; None is not reported, never 0.

    ``input_tokens``: the whole prompt, cached part included; ``cached_tokens``: the part of it taken
    from a cache; ``cache_write_tokens``: the part written to one, where that is paid for; ``output_tokens``: everything generated, reasoning and tool calls included;
    ``reasoning_tokens``: the part of it that is reasoning.
    """

    input_tokens: int | None = None
    cached_tokens: int | None = None
    cache_write_tokens: int | None = None
    output_tokens: int | None = None
    reasoning_tokens: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One answer with its clocks (seconds, monotonic, None = not observed).

    ``ttft_s``: request written to first non-empty delta of any kind; ``ttfo_s``: to the first one that
    is not reasoning; ``load_s``, ``prefill_s``, ``decode_s``: as the server reports them;
    ``duration_s``: to the end of the stream; ``cold``: the model was loaded for this call;
    ``retries``: earlier tries that failed and are in none of the clocks.
    """

    message: Message
    usage: Usage = Usage()
    ttft_s: float | None = None
    ttfo_s: float | None = None
    load_s: float | None = None
    prefill_s: float | None = None
    decode_s: float | None = None
    duration_s: float = 0.0
    stop_reason: StopReason = "stop"
    cold: bool = False
    retries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer as they went over the wire, for proof that a setting reached the model.

    ``request``: the JSON body that was sent; ``reply``: the answer's whole body, every event of a stream;
    ``status``: HTTP's, None where none came. Headers are not kept: keys travel in them.
    """

    request: dict[str, object]
    reply: str
    status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What a command did. ``output``: stdout and stderr together, head and tail kept when long;
    ``exit_code`` None when it was killed; ``killed``: what killed it.
    """

    exit_code: int | None
    output: str
    duration_s: float = 0.0
    killed: Literal["timeout", "memory", "processes"] | None = None

    @property
    def ok(self) -> bool:
        return self.exit_code == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What one action of a turn was and how it ended. ``recovered``: it was read out of text, not called properly.

    ``held``: it was not carried out, because the task was handed over first.
    """

    name: str
    status: Literal["ok", "failed", "killed", "malformed", "truncated", "held"]
    duration_s: float = 0.0
    recovered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One completion's numbers without its text, and what its actions did.

    ``slips``: what the model did wrong in it; ``snapshot``: digest of the workspace after the turn; ``passed``: whether
    that workspace passes the hidden tests, and ``progress``: the share of the task's milestones that it holds, None
    where it was not graded (or the task has none); ``frontier``: the frontier model made it, to which the task had been
    handed over.
    """

    usage: Usage
    ttft_s: float | None = None
    ttfo_s: float | None = None
    load_s: float | None = None
    prefill_s: float | None = None
    decode_s: float | None = None
    duration_s: float = 0.0
    stop_reason: StopReason = "stop"
    cold: bool = False
    retries: int = 0
    acts: tuple[Act, ...] = ()
    slips: tuple[Slip, ...] = ()
    snapshot: str | None = None
    passed: bool | None = None
    progress: float | None = None
    frontier: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One attempt at one task under one cell: a line of the log.

    ``passed`` None: not scored (then ``fault`` says whose infrastructure broke, and the episode stays
    owed). ``reward``: the task's own score, 1 is a pass; ``milestones``: its parts, each 0 to 1, for tasks with partial
    credit. ``load``: the machine's one-minute load average
    at the start. ``duration_s``: wall seconds of the whole episode, sandbox and grading included.
    ``concurrency``: episodes that could be in flight beside it, itself included. ``joules``: the GPU's energy
    over the episode, None where nobody measured it. ``started_at``: UTC, ISO 8601.
    ``policy``: which other model it could be handed over to, None where the model worked alone; ``handoff``: how it was,
    None where it was not; ``stop``, ``ceiling`` are of the model that had it last.
    ``messages`` are kept apart from the line, in ``transcripts/``.
    """

    v: int = 1
    key: str
    task_id: str
    task_digest: str
    tier: int = 1
    cell: Cell
    cell_id: str
    harness: str
    repeat: int
    passed: bool | None
    reward: float | None = None
    milestones: dict[str, float] = field(default_factory=dict)
    stop: Stop
    ceiling: Ceiling | None = None
    fault: Fault | None = None
    error: str | None = None
    turns: tuple[Turn, ...] = ()
    duration_s: float = 0.0
    provider: str = ""
    concurrency: int = 1
    machine: str = ""
    load: float | None = None
    joules: float | None = None
    version: str = ""
    started_at: str = ""
    policy: Tiered | None = None
    handoff: Handoff | None = None
    messages: tuple[Message, ...] = field(default=(), repr=False, compare=False)


def turn_seed(base: int | None, task_id: str, repeat: int, turn: int) -> int | None:
    """The sampling seed (31 bits) of one turn: the same in every cell, so that cells are compared on
    common random numbers. None stays None: the server chooses.
    """
    if base is None:
        return None
    return int(digest([base, task_id, repeat, turn])[:8], 16) & 0x7FFF_FFFF


def with_seed(sampling: Sampling, seed: int | None) -> Sampling:
    return replace(sampling, seed=seed)
