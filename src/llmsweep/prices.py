"""What a model's tokens cost: dollars with their date and source, since prices change and the log's tokens do not."""

from __future__ import annotations

from dataclasses import dataclass

from llmsweep.errors import UsageError
from llmsweep.types import Usage

MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Of one model, in dollars per million tokens. ``cached_input``: of input read from a cache, ``cache_write``: of
    input written to one; None is the price of other input. ``long``: the price of completions whose prompt has more
    than ``above`` tokens. ``date``: ISO 8601, when ``source`` said so. Raises UsageError for what is no price.
    """

    id: str
    input: float
    output: float
    cached_input: float | None = None
    cache_write: float | None = None
    above: int | None = None
    long: Price | None = None
    date: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if (self.long is None) != (self.above is None):
            raise UsageError(f"price {self.id}: a price of long prompts needs both above and the prices.")
        for name in ("input", "output", "cached_input", "cache_write"):
            value = getattr(self, name)
            if value is not None and (isinstance(value, bool) or not value >= 0):
                raise UsageError(f"price {self.id}: {name}={value}: it must be dollars, 0 or more.")

    def dollars(self, usage: Usage) -> float | None:
        """What a completion cost, rounded against us; None where its tokens were not reported.

        Where nobody says how much was written to a cache, all that was not read from it is taken to have been.
        """
        if usage.input_tokens is None or usage.output_tokens is None:
            return None
        if (long := self._for(usage.input_tokens)) is not self:
            return long.dollars(usage)
        cached = usage.cached_tokens or 0
        fresh = usage.input_tokens - cached
        written = fresh if usage.cache_write_tokens is None else usage.cache_write_tokens
        cached_price = self.input if self.cached_input is None else self.cached_input
        write_price = self.input if self.cache_write is None else self.cache_write
        prompt = cached_price * cached + write_price * written + self.input * (fresh - written)
        return (prompt + self.output * usage.output_tokens) / MILLION

    def most(self, input_tokens: int, output_tokens: int) -> float:
        """What so many tokens cost at most."""
        if (long := self._for(input_tokens)) is not self:
            return long.most(input_tokens, output_tokens)
        dearest = max(self.input, self.cache_write or 0.0)
        return (dearest * input_tokens + self.output * output_tokens) / MILLION

    def _for(self, input_tokens: int) -> Price:
        """The price that a prompt of this length has."""
        return self.long if self.long and self.above is not None and input_tokens > self.above else self
