"""Takes what an order needs."""

from stock.store import OutOfStock


def fulfil(stock, lines, site):
    """Take the (sku, count) of all lines, or nothing at all; returns what was taken where: (sku, count, site)."""
    taken = []
    try:
        for sku, count in lines:
            here = min(count, stock.left(sku, site=site))
            for part, where in ((here, site), (count - here, "central")):
                if part:
                    stock.take(sku, part, site=where)
                    taken.append((sku, part, where))
    except OutOfStock:
        for sku, count, where in taken:
            stock.put(sku, count, site=where)
        raise
    return taken


def can_have(stock, sku, count, site):
    """Whether an order of a site for some pieces could be fulfilled."""
    return sum(stock.left(sku, site=where) for where in {site, "central"}) >= count
