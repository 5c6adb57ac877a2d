"""Amounts of money: whole numbers of a currency's smallest unit (docs/money.md)."""

import re
from decimal import ROUND_HALF_UP, Decimal

DECIMALS = {"EUR": 2, "SEK": 2, "JPY": 0}

_NUMBER = r"(?P<sign>[+-]?)(?P<whole>[0-9]+)(?:[.,](?P<part>[0-9]+))?"
_SHAPES = (
    re.compile(rf"{_NUMBER}\s*(?P<currency>[A-Z]{{3}})?"),
    re.compile(rf"(?P<currency>[A-Z]{{3}})\s*{_NUMBER}"),
)


class CurrencyError(ValueError):
    """Amounts of different currencies, or of one that is not taken here."""


class Money:
    """An amount; it never changes."""

    __slots__ = ("_currency", "_minor")

    def __init__(self, minor, currency="EUR"):
        if type(minor) is not int:
            raise TypeError(f"{minor!r} is no whole number of the smallest unit")
        if currency not in DECIMALS:
            raise ValueError(f"{currency!r} is not among {', '.join(DECIMALS)}")
        self._minor = minor
        self._currency = currency

    minor = property(lambda self: self._minor)
    currency = property(lambda self: self._currency)

    @classmethod
    def parse(cls, text):
        """An amount from a text such as ``12.50 EUR``, ``SEK 3`` or ``0,5``."""
        match = next(filter(None, (shape.fullmatch(text.strip()) for shape in _SHAPES)), None)
        currency = match and (match["currency"] or "EUR")
        if not match or currency not in DECIMALS or len(match["part"] or "") > DECIMALS[currency]:
            raise ValueError(f"{text!r} is no amount")
        minor = int(match["whole"] + (match["part"] or "").ljust(DECIMALS[currency], "0"))
        return cls(-minor if match["sign"] == "-" else minor, currency)

    @classmethod
    def total(cls, amounts, currency="EUR"):
        """The sum of amounts of one currency."""
        result = cls(0, currency)
        for amount in amounts:
            result += amount
        return result

    def share(self, weights):
        """Parts in proportion to the weights that together are the whole."""
        weights = list(weights)
        whole = sum(weights)
        if whole <= 0 or min(weights) < 0:
            raise ValueError("weights must not be below 0, and not all 0")
        sign = -1 if self._minor < 0 else 1
        parts = [abs(self._minor) * weight // whole for weight in weights]
        left = abs(self._minor) - sum(parts)
        for place, weight in enumerate(weights):
            if left and weight:
                parts[place] += 1
                left -= 1
        return [Money(sign * part, self._currency) for part in parts]

    def in_units(self):
        """The exact number of whole units, such as 12.50."""
        return Decimal(self._minor).scaleb(-DECIMALS[self._currency])

    def _same(self, other):
        if self._currency != other._currency:
            raise CurrencyError(f"{self} and {other} are of different currencies")
        return other._minor

    def __add__(self, other):
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self._minor + self._same(other), self._currency)

    def __sub__(self, other):
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self._minor - self._same(other), self._currency)

    def __neg__(self):
        return Money(-self._minor, self._currency)

    def __abs__(self):
        return Money(abs(self._minor), self._currency)

    def __mul__(self, factor):
        if type(factor) is int:
            return Money(self._minor * factor, self._currency)
        if isinstance(factor, Decimal):
            exact = self._minor * factor
            return Money(int(exact.quantize(Decimal(1), ROUND_HALF_UP)), self._currency)
        return NotImplemented

    __rmul__ = __mul__

    def __eq__(self, other):
        if not isinstance(other, Money):
            return NotImplemented
        return (self._minor, self._currency) == (other._minor, other._currency)

    def __lt__(self, other):
        return NotImplemented if not isinstance(other, Money) else self._minor < self._same(other)

    def __le__(self, other):
        return NotImplemented if not isinstance(other, Money) else self._minor <= self._same(other)

    def __gt__(self, other):
        return NotImplemented if not isinstance(other, Money) else self._minor > self._same(other)

    def __ge__(self, other):
        return NotImplemented if not isinstance(other, Money) else self._minor >= self._same(other)

    def __hash__(self):
        return hash((self._minor, self._currency))

    def __bool__(self):
        return self._minor != 0

    def __str__(self):
        return f"{self.in_units():.{DECIMALS[self._currency]}f} {self._currency}"

    def __repr__(self):
        return f"Money({str(self)!r})"
