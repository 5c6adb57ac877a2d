"""A stock with a journal, and a stock from a journal."""

from stock.store import Stock


class AuditedStock(Stock):
    """Writes a line for each booking that was done; bookings that fail leave none."""

    def __init__(self, journal=None):
        super().__init__()
        self.journal = [] if journal is None else journal

    def put(self, sku, count, *, site):
        super().put(sku, count, site=site)
        self._note("put", sku, count, site)

    def take(self, sku, count, *, site):
        left = super().take(sku, count, site=site)
        self._note("take", sku, count, site)
        return left

    def _note(self, *words):
        self.journal.append(" ".join(str(word) for word in words))


def replay(lines):
    """The stock that a journal's lines lead to; its journal begins with them."""
    lines = list(lines)
    stock = AuditedStock()
    for line in lines:
        action, sku, count, *site = line.split()
        getattr(stock, action)(sku, int(count), site=site[0] if site else "central")
    stock.journal[:] = lines
    return stock
