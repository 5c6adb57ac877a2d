"""What a model's tokens cost: dollars with their date and source, since prices change and the log's tokens do not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from llmsweep.errors import UsageError
from llmsweep.types import Usage

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice

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


_KEYS = {
    "input": "input_mtok",
    "output": "output_mtok",
    "cached_input": "cache_read_mtok",
    "cache_write": "cache_write_mtok",
}


def listed(id: str, on: date) -> Price | None:
    """What genai-prices, whose list comes along with dated history, says that ``id`` (vendor/model) cost on that day.

    None where it does not know the model, or where tokens alone do not tell its price. Where the price depends on the
    hour of the day, that of the dearest hour counts. Nothing is fetched.
    """
    from importlib.metadata import version

    from genai_prices.types import StartDateConstraint

    if (model := _known(id)) is None:
        return None
    hours = [
        datetime(on.year, on.month, on.day, hour, minute, tzinfo=UTC)
        for hour in range(24)
        for minute in (0, 30)
    ]
    prices = [price for hour in hours if (price := _priced(model.get_prices(hour), id)) is not None]
    if not prices:
        return None
    starts = (
        []
        if not isinstance(model.prices, list)
        else [
            one.constraint.start_date
            for one in model.prices
            if isinstance(one.constraint, StartDateConstraint) and one.constraint.start_date <= on
        ]
    )
    since = f", in force since {max(starts)}" if starts else ""
    dearest = max(prices, key=lambda price: price.input + price.output)
    return _dated(dearest, on.isoformat(), f"genai-prices {version('genai-prices')}{since}")


def listed_ids() -> list[str]:
    """Every vendor/model that genai-prices names."""
    from genai_prices.data_snapshot import get_snapshot

    return [f"{vendor.id}/{model.id}" for vendor in get_snapshot().providers for model in vendor.models]


def _known(id: str) -> ModelInfo | None:
    from genai_prices.data_snapshot import get_snapshot

    vendor, slash, name = id.partition("/")
    if not slash:
        return None
    try:
        return get_snapshot().find_provider_model(name, None, vendor, None)[1]
    except LookupError:
        return None


def _priced(found: ModelPrice, id: str) -> Price | None:
    """Its tokens' prices, those of long prompts nested; None where requests are paid for too, or a price is missing."""
    from genai_prices.types import TieredPrices

    given = {name: getattr(found, key) for name, key in _KEYS.items()}
    if given["input"] is None or given["output"] is None or found.requests_kcount is not None:
        return None
    starts = sorted({tier.start for p in given.values() if isinstance(p, TieredPrices) for tier in p.tiers})

    def at(above: int) -> dict[str, float | None]:
        figures: dict[str, float | None] = {}
        for name, price in given.items():
            if isinstance(price, TieredPrices):
                price = next((t.price for t in reversed(price.tiers) if t.start <= above), price.base)
            figures[name] = None if price is None else float(price)
        return figures

    whole: Price | None = None
    for start, above in zip((-1, *starts)[::-1], (*starts, None)[::-1], strict=True):
        whole = Price(id=id, above=above, long=whole, **at(start))  # type: ignore[arg-type]
    return whole


def _dated(price: Price, date: str, source: str) -> Price:
    long = price.long and _dated(price.long, date, source)
    return replace(price, long=long, date=date, source=source)
