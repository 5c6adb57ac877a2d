"""A provider whose tokens cost money: counts the dollars, and never makes a call whose worst case would break the cap."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from llmsweep.errors import ProviderError
from llmsweep.prices import Price
from llmsweep.providers import deciding
from llmsweep.providers.base import OnChunk, Provider, Tap
from llmsweep.types import Completion, Message, Sampling, Tool, canonical_json

_HIDDEN_TOKENS = 1000
"""What a server may put into a prompt by itself: its template, its words about tools."""


class SpentError(ProviderError):
    """A call was not made because its worst case would have broken the cap."""


@dataclass(slots=True, kw_only=True)
class Meter:
    """Dollars of one command, all threads and models together. ``price``: of the tokens that are not priced otherwise;
    ``cap`` None is no cap; ``full``: why a call was refused.
    """

    price: Price
    cap: float | None = None
    spent: float = 0.0
    full: str | None = None
    _promised: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def promise(self, most: float) -> None:
        """Put the worst case of a call aside. Raises SpentError where the cap has no room for it."""
        with self._lock:
            if self.cap is not None and self.spent + self._promised + most > self.cap:
                self.full = (
                    f"envelope.dollars={self.cap:g} is spent"
                    f" (${self.spent:.2f} used; the next call could cost ${most:.2f})"
                )
                raise SpentError(self.full)
            self._promised += most

    def settle(self, most: float, actual: float) -> None:
        """The call is over: what it cost instead of its worst case."""
        with self._lock:
            self._promised -= most
            self.spent += actual


class Metered:
    """Another provider, whose every call is paid for. See `Meter` for the cap. ``price``: None: the meter's.

    The worst case of a call is a token for every byte of its prompt (no tokenizer that falls back on bytes
    makes more) and max_tokens of output. A call that broke is taken to have cost its prompt (nothing if the
    server refused it), one whose tokens were not reported its worst case: the cap holds, the count may be high.
    """

    def __init__(self, provider: Provider, meter: Meter, price: Price | None = None) -> None:
        self._provider, self.meter = provider, meter
        self._price = price or meter.price
        self.name, self.slots, self.address = provider.name, provider.slots, provider.address
        self.aborted = getattr(provider, "aborted", None)
        self.answer_form = deciding.form_of(provider)

    def revision(self) -> str:
        return self._provider.revision()

    def context(self) -> int | None:
        return self._provider.context()

    def check(self, sampling: Sampling) -> None:
        self._provider.check(sampling)

    def listen(self, tap: Tap | None) -> None:
        self._provider.listen(tap)

    def abort(self) -> None:
        self._provider.abort()

    def __enter__(self) -> Self:
        self._provider.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._provider.__exit__(kind, error, trace)

    def complete(
        self,
        messages: Sequence[Message],
        tools: Sequence[Tool],
        sampling: Sampling,
        on_chunk: OnChunk | None = None,
    ) -> Completion:
        """See `Provider.complete`. Raises SpentError too."""
        with self._paid([messages, tools], sampling) as paid:
            completion = self._provider.complete(messages, tools, sampling, on_chunk)
            paid(completion)
            return completion

    def decide(
        self, messages: Sequence[Message], question: deciding.Question, sampling: Sampling
    ) -> deciding.Decision:
        """See `Decides.decide`. Raises SpentError too."""
        with self._paid([messages, question.schema], sampling) as paid:
            decision = deciding.decide(self._provider, messages, question, sampling)
            paid(decision.completion)
            return decision

    @contextmanager
    def _paid(self, sent: object, sampling: Sampling) -> Iterator[Callable[[Completion], None]]:
        """Around one call; what it yields is told the answer."""
        prompt = len(canonical_json(sent)) + _HIDDEN_TOKENS
        price = self._price
        most = price.most(prompt, sampling.max_tokens)
        self.meter.promise(most)
        actual = price.most(prompt, 0)

        def paid(completion: Completion) -> None:
            nonlocal actual
            known = price.dollars(completion.usage)
            actual = most if known is None else known

        try:
            yield paid
        except ProviderError as e:
            actual = 0.0 if e.refused else actual
            raise
        finally:
            self.meter.settle(most, actual)
