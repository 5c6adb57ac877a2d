"""Dollars of attempts, each with what they rest on: figures with different bases are never added up or compared."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from llmsweep.analysis.costs.machine import Amortised
from llmsweep.analysis.costs.seconds import measured_seconds
from llmsweep.errors import UsageError
from llmsweep.prices import MILLION, Price
from llmsweep.types import Episode, Usage

Floats = NDArray[np.float64]


class Basis(StrEnum):
    """What a figure rests on. ``billed``: an invoice; ``metered_with_cache``: tokens at list prices, those read from a
    cache and written to it at theirs; ``list_no_cache``: all input at the full price, since nobody said what was cached;
    ``amortised_local``: a share of a machine's month; ``unknown``: nothing that could be compared.
    """

    BILLED = "billed"
    METERED = "metered_with_cache"
    LIST = "list_no_cache"
    LOCAL = "amortised_local"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """``dollars``: NaN where the basis is unknown; ``date``: ISO 8601, of the prices; ``source``: who says so."""

    dollars: float
    basis: Basis
    date: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Of completions, one entry each, as `Usage` has them: ``read`` counts cached ones too; NaN is not reported."""

    read: Floats
    cached: Floats
    written: Floats
    made: Floats

    @property
    def basis(self) -> Basis:
        """The best that all of them allow."""
        if len(self.read) and (np.isnan(self.read).any() or np.isnan(self.made).any()):
            return Basis.UNKNOWN
        return Basis.LIST if np.isnan(self.cached).any() else Basis.METERED


def tokens_of(usages: Sequence[Usage]) -> Tokens:
    """One entry a usage."""

    def column(name: str) -> Floats:
        values = (getattr(usage, name) for usage in usages)
        return np.fromiter((math.nan if v is None else v for v in values), np.float64, len(usages))

    return Tokens(
        read=column("input_tokens"),
        cached=column("cached_tokens"),
        written=column("cache_write_tokens"),
        made=column("output_tokens"),
    )


def token_dollars(price: Price, tokens: Tokens, basis: Basis) -> Floats:
    """Dollars of each completion; NaN where its tokens were not reported.

    With ``metered_with_cache`` as `Price.dollars` counts them, one completion at a time. With ``list_no_cache`` every
    token of input costs the same. Raises UsageError for another basis: tokens cannot give it.
    """
    if basis is Basis.LIST:
        dollars = price.input * tokens.read
    elif basis is Basis.METERED:
        cached = np.minimum(tokens.cached, tokens.read)
        fresh = tokens.read - cached
        written = np.where(np.isnan(tokens.written), fresh, np.minimum(tokens.written, fresh))
        of_cache = price.input if price.cached_input is None else price.cached_input
        of_write = price.input if price.cache_write is None else price.cache_write
        dollars = of_cache * cached + of_write * written + price.input * (fresh - written)
    else:
        raise UsageError(f"basis={basis}: tokens and a price list give {Basis.METERED} or {Basis.LIST} only.")
    dollars = (dollars + price.output * tokens.made) / MILLION
    if price.long is not None and price.above is not None:
        return np.where(tokens.read > price.above, token_dollars(price.long, tokens, basis), dollars)
    return np.asarray(dollars)


def attempt_costs(
    episodes: Iterable[Episode], tariff: Price | Amortised, basis: Basis | None = None
) -> list[Money]:
    """What each episode cost, in their order, all on one basis (or unknown, where an episode's tokens were not reported).

    ``tariff``: a price of tokens, or a machine at so many attempts a month. ``basis``: of tokens; None is with the cache
    where every episode says what was cached, and without it for all where one does not. Raises UsageError for a basis
    that these episodes cannot have.
    """
    chosen = list(episodes)
    if isinstance(tariff, Amortised):
        seconds = measured_seconds(chosen)
        joules = [episode.joules for episode in chosen]
        return [
            Money(
                dollars=tariff.dollars(float(s), j),
                basis=Basis.LOCAL,
                date=tariff.machine.said[0],
                source=tariff.machine.said[1],
            )
            for s, j in zip(seconds, joules, strict=True)
        ]
    tokens = tokens_of([turn.usage for episode in chosen for turn in episode.turns])
    owner = np.repeat(np.arange(len(chosen)), [len(episode.turns) for episode in chosen])
    best = Basis.LIST if np.isnan(tokens.cached).any() else Basis.METERED
    if basis is Basis.METERED and best is Basis.LIST:
        raise UsageError(f"basis={basis}: not every completion says how much of its prompt was cached.")
    used = basis or best
    each = np.zeros(len(chosen))
    np.add.at(each, owner, token_dollars(tariff, tokens, used))
    return [
        Money(
            dollars=float(dollars),
            basis=Basis.UNKNOWN if math.isnan(dollars) else used,
            date=tariff.date,
            source=tariff.source,
        )
        for dollars in each
    ]
