"""What runs at night."""

from functools import partial

from stock.store import OutOfStock


def write_off(stock, skus):
    """Take a piece of each away, where there is one; returns the skus of which there was none."""
    one = partial(_missing, partial(stock.take, site="returns"), count=1)
    return [sku for sku in skus if one(sku)]


def _missing(take, sku, count):
    try:
        take(sku, count)
    except OutOfStock:
        return True
    return False


def shortage(stock, wanted):
    """The skus of which there are fewer pieces than wanted, with how many are missing."""
    there = {sku: sum(stock.left(sku, site=site) for site in ("central", "north")) for sku in wanted}
    return {sku: count - there[sku] for sku, count in wanted.items() if there[sku] < count}
