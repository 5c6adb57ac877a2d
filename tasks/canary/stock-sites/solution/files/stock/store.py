"""The stock of all sites."""

SITES = ("central", "north", "returns")


class OutOfStock(Exception):
    """There are fewer pieces than wanted."""


class UnknownSite(ValueError):
    """There is no such site."""


class Stock:
    def __init__(self):
        self._pieces = {}

    def put(self, sku, count, *, site):
        """Add pieces."""
        self._pieces[site, sku] = self.left(sku, site=site) + count

    def take(self, sku, count, *, site):
        """Take pieces away; all or none. Returns how many are left."""
        left = self.left(sku, site=site)
        if count > left:
            raise OutOfStock(f"{sku}: {count} wanted, {left} there")
        self._pieces[site, sku] = left - count
        return left - count

    def left(self, sku, *, site):
        """How many pieces there are."""
        if site not in SITES:
            raise UnknownSite(f"no such site: {site}")
        return self._pieces.get((site, sku), 0)
