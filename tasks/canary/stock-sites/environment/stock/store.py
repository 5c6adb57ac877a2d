"""The stock of all sites."""

SITES = ("central", "north", "returns")


class OutOfStock(Exception):
    """There are fewer pieces than wanted."""


class Stock:
    def __init__(self):
        self._pieces = {}

    def put(self, sku, count, site="central"):
        """Add pieces."""
        self._pieces[site, sku] = self.left(sku, site) + count

    def take(self, sku, count, site="central"):
        """Take pieces away; all or none. Returns how many are left."""
        left = self.left(sku, site)
        if count > left:
            raise OutOfStock(f"{sku}: {count} wanted, {left} there")
        self._pieces[site, sku] = left - count
        return left - count

    def left(self, sku, site="central"):
        """How many pieces there are."""
        return self._pieces.get((site, sku), 0)
