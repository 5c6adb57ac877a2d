"""What a member takes home."""

from decimal import Decimal, InvalidOperation

from coop.money import CurrencyError, Money


class Basket:
    """Lines of products and quantities. ``percent``: the discount on the whole."""

    def __init__(self, percent=0):
        self.percent = percent
        self._lines = []

    def add(self, product, quantity=1):
        """Quantities may be broken: 0.35 of a kilogram, as a text or a Decimal. Raises ValueError for nothing or less."""
        if isinstance(quantity, float):
            raise TypeError(f"{quantity} of {product.name}: it must be a whole number, a Decimal or a text")
        try:
            quantity = Decimal(quantity)
        except InvalidOperation:
            raise ValueError(f"{quantity!r} is no quantity") from None
        if product.price.currency != "EUR":
            raise CurrencyError(f"{product.name} costs {product.price}; baskets are in EUR")
        if quantity <= 0:
            raise ValueError(f"{quantity} of {product.name}: it must be more than 0")
        self._lines.append((product, quantity))

    def lines(self):
        """(name, quantity, amount) of each line."""
        return [(product.name, quantity, product.price * quantity) for product, quantity in self._lines]

    def by_rate(self):
        """{tax rate: amount}, before the discount."""
        sums = {}
        for (product, _), (_, _, amount) in zip(self._lines, self.lines()):
            sums[product.rate] = sums.get(product.rate, Money(0)) + amount
        return sums

    def subtotal(self):
        return Money.total(amount for _, _, amount in self.lines())

    def discount(self):
        return self.subtotal() * (Decimal(self.percent) / 100)

    def total(self):
        return self.subtotal() - self.discount()
