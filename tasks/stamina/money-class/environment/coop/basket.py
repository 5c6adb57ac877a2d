"""What a member takes home."""


class Basket:
    """Lines of products and quantities. ``percent``: the discount on the whole."""

    def __init__(self, percent=0):
        self.percent = percent
        self._lines = []

    def add(self, product, quantity=1):
        """Quantities may be broken: 0.35 of a kilogram. Raises ValueError for nothing or less."""
        if quantity <= 0:
            raise ValueError(f"{quantity} of {product.name}: it must be more than 0")
        self._lines.append((product, quantity))

    def lines(self):
        """(name, quantity, amount) of each line."""
        return [(product.name, quantity, round(product.price * quantity, 2)) for product, quantity in self._lines]

    def by_rate(self):
        """{tax rate: amount}, before the discount."""
        sums = {}
        for (product, _), (_, _, amount) in zip(self._lines, self.lines()):
            sums[product.rate] = sums.get(product.rate, 0.0) + amount
        return sums

    def subtotal(self):
        return sum(amount for _, _, amount in self.lines())

    def discount(self):
        return round(self.subtotal() * self.percent / 100, 2)

    def total(self):
        return self.subtotal() - self.discount()
