"""Takes what an order needs."""

from stock.store import OutOfStock


def fulfil(stock, lines):
    """Take the (sku, count) of all lines, or nothing at all; returns what was taken."""
    taken = []
    take = stock.take
    try:
        for sku, count in lines:
            take(sku, count)
            taken.append((sku, count))
    except OutOfStock:
        for sku, count in taken:
            stock.put(sku, count)
        raise
    return taken


def can_have(stock, sku, count):
    """Whether an order for some pieces could be fulfilled."""
    return stock.left(sku) >= count
