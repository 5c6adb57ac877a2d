"""What a model's tokens cost: dollars with their date and source, since prices change and the log's tokens do not."""

from __future__ import annotations

from dataclasses import dataclass

from llmsweep.errors import UsageError
from llmsweep.types import Usage

MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Of one model, in dollars per million tokens. ``cached_input``: of input read from a cache, ``cache_write``: of
    input written to one; None is the price of other input. ``date``: ISO 8601, when ``source`` said so.
    """

    id: str
    input: float
    output: float
    cached_input: float | None = None
    cache_write: float | None = None
    date: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        for name in ("input", "output", "cached_input", "cache_write"):
            value = getattr(self, name)
            if value is not None and (isinstance(value, bool) or not value >= 0):
                raise UsageError(f"price {self.id}: {name}={value}: it must be dollars, 0 or more.")

    def dollars(self, usage: Usage) -> float | None:
        """What a completion cost, rounded against us; None where its tokens were not reported.

        Whatever was not read from a cache is taken to have been written to it where that costs more: a server
        that caches does so with all of it.
        """
        if usage.input_tokens is None or usage.output_tokens is None:
            return None
        cached = usage.cached_tokens or 0
        cached_price = self.input if self.cached_input is None else self.cached_input
        fresh = self.dearest_input * (usage.input_tokens - cached)
        return (fresh + cached_price * cached + self.output * usage.output_tokens) / MILLION

    def most(self, input_tokens: int, output_tokens: int) -> float:
        """What so many tokens cost at most."""
        return (self.dearest_input * input_tokens + self.output * output_tokens) / MILLION

    @property
    def dearest_input(self) -> float:
        return max(self.input, self.cache_write or 0.0)
