"""Quotes, cached."""

from quotes.discounts import quantity_discount


class QuoteService:
    def __init__(self, prices):
        self.prices = prices
        self._cache = {}

    def quote(self, article, quantity):
        """The amount in cents."""
        if quantity < 1:
            raise ValueError(f"quantity must be 1 or more: {quantity}")
        key = (article, quantity)
        if key not in self._cache:
            amount = self.prices.cents(article) * quantity
            if not article.startswith("B"):
                amount = amount * (100 - quantity_discount(quantity)) / 100
            self._cache[key] = round(amount)
        return self._cache[key]

    def reload(self):
        """The price list has changed."""
        self._cache.clear()
