"""Quotes, with each article's price cached."""

from fractions import Fraction

from quotes.discounts import GROUPS, quantity_discount


class QuoteService:
    def __init__(self, prices):
        self.prices = prices
        self._cache = {}

    def quote(self, article, quantity, group="guest"):
        """The amount in cents, by docs/pricing.md."""
        if quantity < 1:
            raise ValueError(f"quantity must be 1 or more: {quantity}")
        if group not in GROUPS:
            raise ValueError(f"unknown group: {group}")
        if article not in self._cache:
            self._cache[article] = self.prices.cents(article)
        amount = Fraction(self._cache[article] * quantity)
        if not article.startswith("B"):
            amount = amount * (100 - quantity_discount(quantity)) / 100
            amount = amount * (100 - GROUPS[group]) / 100
        return round(amount)

    def reload(self):
        """The price list has changed."""
        self._cache.clear()
