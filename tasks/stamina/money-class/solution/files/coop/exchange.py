"""Rates of exchange."""

from decimal import ROUND_HALF_UP, Decimal

from coop.money import DECIMALS, Money


class Rates:
    """How much one euro is in other currencies: ``{"SEK": "11.2"}``."""

    def __init__(self, rates):
        if wrong := [rate for rate in rates.values() if not isinstance(rate, (str, Decimal))]:
            raise TypeError(f"{wrong[0]!r}: a rate is a text or a Decimal")
        self._rates = {"EUR": Decimal(1), **{currency: Decimal(rate) for currency, rate in rates.items()}}

    def convert(self, amount, currency):
        """An amount in another currency. Raises KeyError for a currency without a rate."""
        exact = amount.in_units() * self._rates[currency] / self._rates[amount.currency]
        minor = exact.scaleb(DECIMALS[currency]).quantize(Decimal(1), ROUND_HALF_UP)
        return Money(int(minor), currency)

    def currencies(self):
        return sorted(self._rates)
