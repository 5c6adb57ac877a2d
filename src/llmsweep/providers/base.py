"""What a provider is: one wire format, spoken; it honours every setting it is given or raises at the door."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Literal, Protocol, Self

from llmsweep.types import Completion, Exchange, Message, Sampling, Tool

OnChunk = Callable[[Literal["reasoning", "content", "tool"], str], None]
"""Called for each streamed piece of text, for live display; what it raises ends the completion."""
Tap = Callable[[Exchange], None]
"""Called with each exchange with the server after it ended, well or not; from the thread that asked."""


class Provider(Protocol):
    """Speaks one wire format to one model. Used by several threads at once; entered once per sweep.

    Entering makes the model ready (starts a server where one is needed, makes one warm-up call);
    leaving releases everything that entering took, whatever happened between.
    """

    name: str
    """The word in the log: openai, llamacpp, scripted, ..."""
    slots: int
    """How many completions the server works on at once; the executor never exceeds it."""
    address: str | None
    """The URL of the machine where the model runs, None where none does."""

    def revision(self) -> str:
        """Which weights answer (GGUF sha256, Ollama digest, dated API id). Called before entering.

        Raises UnfitError when the model or its server is not there, saying how to get it.
        """
        ...

    def context(self) -> int | None:
        """Tokens that each stream's context window holds, None where the server does not say. Called before entering."""
        ...

    def check(self, sampling: Sampling) -> None:
        """Raises UsageError naming the setting that this provider cannot honour. Called before entering, for every cell."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def complete(
        self,
        messages: Sequence[Message],
        tools: Sequence[Tool],
        sampling: Sampling,
        on_chunk: OnChunk | None = None,
    ) -> Completion:
        """One streamed completion. A full context window is a Completion with stop_reason "context", not an error.

        Raises ProviderError for everything that is the server's or the network's fault.
        """
        ...

    def listen(self, tap: Tap | None) -> None:
        """From now on hand every exchange of `complete` to ``tap`` as it went over the wire; None: to nobody."""
        ...

    def abort(self) -> None:
        """Break every completion in flight, from another thread, at once; they raise ProviderError."""
        ...
